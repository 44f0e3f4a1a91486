/* Single results, for comparison. */
#ifndef RW_STUDY_COMPARISON_COHORT_OF_RESULTS_H
#define RW_STUDY_COMPARISON_COHORT_OF_RESULTS_H

#include "study/comparison/cohort.h"

/* Single results, each `DIR` or `NAME=DIR`: those of one name are a group; without names, those whose scenarios differ
 * in nothing but the seed. Outcomes are those that all runs have. Errors: RW_ERR_INPUT (not comparable, and why:
 * unfinished, other versions of rewire, groups with other seeds, a seed twice), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_cohort_of_results(rw_cohort *cohort, rw_arena *arena, const char *const *words, size_t n_words,
                                          const rw_window *windows, size_t n_windows);

#endif
