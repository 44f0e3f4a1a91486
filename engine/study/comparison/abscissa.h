/* The numeric parameter that the rows of a sweep ascend along, if there is one: what outcomes are drawn over. */
#ifndef RW_STUDY_COMPARISON_ABSCISSA_H
#define RW_STUDY_COMPARISON_ABSCISSA_H

#include "study/comparison/cohort.h"

/* Whether the rows of the design ascend along the first parameter, and nothing else varies but what goes with it
 * (design zip); at least three rows. */
bool rw_cohort_has_abscissa(const rw_cohort *cohort);

/* The value of that parameter in a row of the design, in its unit. */
double rw_cohort_abscissa(const rw_cohort *cohort, size_t row);

/* What the parameter is called, and its unit. */
const rw_sweep_parameter *rw_cohort_abscissa_parameter(const rw_cohort *cohort);

#endif
