/* Every run of a few scenarios. */
#ifndef RW_STUDY_REPORT_REPORT_RUNS_H
#define RW_STUDY_REPORT_REPORT_RUNS_H

#include "study/report/cohort_page.h"

/* Adds a figure of every outcome asked for: the runs of each scenario as dots, with their mean. Errors: RW_ERR_SYSTEM.
 */
RW_MUST_CHECK rw_err rw_report_runs(const rw_cohort_page *page);

#endif
