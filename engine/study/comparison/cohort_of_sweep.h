/* The runs of a sweep, for comparison. */
#ifndef RW_STUDY_COMPARISON_COHORT_OF_SWEEP_H
#define RW_STUDY_COMPARISON_COHORT_OF_SWEEP_H

#include "study/comparison/cohort.h"

/* The runs of a sweep: a group for every arm and row of its design. Points that are not done are NaN.
 * Errors: RW_ERR_INPUT (nothing done yet), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_cohort_of_sweep(rw_cohort *cohort, const rw_sweep *sweep);

#endif
