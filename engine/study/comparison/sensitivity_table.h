/* Which parameters of a sweep its outcomes depend on. */
#ifndef RW_STUDY_COMPARISON_SENSITIVITY_TABLE_H
#define RW_STUDY_COMPARISON_SENSITIVITY_TABLE_H

#include "study/comparison/cohort.h"

/* Sensitivity indices (Saltelli designs) or rank correlations (other designs with numeric parameters), a row for each
 * outcome, arm and parameter. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sensitivity_table(const rw_cohort *cohort, const char *patterns, uint64_t seed,
                                          rw_table *table);

#endif
