/* Figures of sessions in which patterns are presented: recall against what it would be by chance. */
#ifndef RW_STUDY_REPORT_REPORT_SESSIONS_H
#define RW_STUDY_REPORT_REPORT_SESSIONS_H

#include "study/report/cohort_page.h"
#include "study/report/run_page.h"

/* Adds the figure of a run: the recall of each session in which the network completes a pattern, over time. Errors:
 * RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_report_sessions(rw_run_page *page);

/* Adds figures of a sweep or a comparison: recall and chance of every scenario, for each session and window. Errors:
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_report_recall(const rw_cohort_page *page);

#endif
