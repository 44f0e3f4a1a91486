/* Outcomes of a sweep over the parameter along which its rows ascend. */
#ifndef RW_STUDY_REPORT_REPORT_RESPONSE_H
#define RW_STUDY_REPORT_REPORT_RESPONSE_H

#include "study/report/cohort_page.h"

/* Adds a figure of every outcome asked for over the abscissa of the sweep, with Hill's curve where it describes the
 * points. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_report_responses(const rw_cohort_page *page);

#endif
