/* Outcomes of a sweep over its one parameter. */
#ifndef RW_STUDY_REPORT_REPORT_RESPONSE_H
#define RW_STUDY_REPORT_REPORT_RESPONSE_H

#include "study/report/cohort_page.h"

/* Whether a sweep varies one number over at least three ascending values and nothing else. */
bool rw_report_has_doses(const rw_cohort *cohort);

/* Adds a figure of every outcome asked for over that number, with Hill's curve where it describes the points.
 * Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_report_responses(const rw_cohort_page *page);

#endif
