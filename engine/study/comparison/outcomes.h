/* Which outcomes are compared. */
#ifndef RW_STUDY_COMPARISON_OUTCOMES_H
#define RW_STUDY_COMPARISON_OUTCOMES_H

#include "study/comparison/cohort.h"

/* Whether an outcome is asked for. */
bool rw_outcome_matches(const rw_outcome *outcome, const char *patterns);

/* Whether an outcome is asked for and not the same in every group, unit by unit. */
bool rw_outcome_is_compared(const rw_cohort *cohort, size_t outcome, const char *patterns);

/* How many are. */
size_t rw_outcomes_compared(const rw_cohort *cohort, const char *patterns);

#endif
