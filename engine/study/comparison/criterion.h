/* How many runs meet a criterion. */
#ifndef RW_STUDY_COMPARISON_CRITERION_H
#define RW_STUDY_COMPARISON_CRITERION_H

#include "study/comparison/cohort.h"

/* Share of units in each group that meet a criterion `OUTCOME<VALUE` (also <=, >, >=), with Wilson's interval.
 * Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_criterion_table(const rw_cohort *cohort, const char *criterion, rw_table *table);

#endif
