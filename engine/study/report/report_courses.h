/* Series over time, mean of the runs of each scenario. */
#ifndef RW_STUDY_REPORT_REPORT_COURSES_H
#define RW_STUDY_REPORT_REPORT_COURSES_H

#include "study/report/cohort_page.h"

/* Adds a figure of every series that is followed. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_report_courses(rw_cohort_page *page);

#endif
