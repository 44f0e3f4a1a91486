/* What differs between scenarios, pair by pair. */
#ifndef RW_STUDY_COMPARISON_EFFECTS_H
#define RW_STUDY_COMPARISON_EFFECTS_H

#include "study/comparison/cohort.h"
#include "study/comparison/statistics.h"

/* What differs between two groups in one outcome. Differences are b - a, over the n units that both have. */
typedef struct {
    size_t outcome, a, b, n;
    double mean_a, sd_a, mean_b, sd_b, difference;
    rw_interval interval;
    double cohen_d, cliff_delta, p, p_holm, p_bh;
} rw_effect;

typedef struct {
    const char *patterns; /* of outcomes, with * and ?, separated by commas; NULL: all */
    size_t reference;     /* group that the others are compared with */
    bool all_pairs;
    uint64_t seed; /* of resampling */
} rw_compare_options;

/* Compares groups in pairs; outcomes that are the same in every group, unit by unit, are left out, and corrections are
 * over all of the effects. None may be left.
 * In the cohort's arena. Errors: RW_ERR_INPUT (a single group), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_compare(const rw_cohort *cohort, const rw_compare_options *options, const rw_effect **effects,
                                size_t *n_effects);

/* The effects as a table. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_effects_table(const rw_cohort *cohort, const rw_effect *effects, size_t n_effects,
                                      rw_table *table);

#endif
