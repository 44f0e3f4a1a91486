/* The figures of a comparison or a sweep. */
#ifndef RW_STUDY_REPORT_REPORT_COHORT_H
#define RW_STUDY_REPORT_REPORT_COHORT_H

#include "study/comparison/cohort.h"
#include "study/report/figure.h"

/* Adds the figures of a sweep or of compared results: time courses with bands, effects, dose-response, values of every
 * run, maps over two parameters. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_report_cohort(rw_figures *figures, const rw_cohort *cohort, const char *patterns);

#endif
