/* Comparing scenarios: groups of runs that share their seeds (and virtual subjects), measured alike. */
#ifndef RW_STUDY_COMPARISON_COMPARE_H
#define RW_STUDY_COMPARISON_COMPARE_H

#include "io/table.h"
#include "study/comparison/statistics.h"
#include "study/sweep/sweep.h"

/* An outcome measure of every run. */
typedef struct {
    const char *name, *unit, *description;
    const double *values; /* [n_groups x n_units]; NaN: not there */
    bool is_plain_series; /* compared only where it is asked for, because every test more weakens the others */
} rw_outcome;

/* Runs in groups (scenarios) and units (what is the same across groups: a seed, or a subject with a seed). */
typedef struct {
    rw_arena *arena;               /* owns everything below */
    const char *title, *unit_name; /* of a unit: "seed", "subject" */
    const char *const *groups;
    size_t n_groups, n_units, n_outcomes;
    const rw_outcome *outcomes;
    const char *left_out;           /* outcomes that only some of the runs have, by name; NULL: none */
    const char *const *directories; /* [n_groups x n_units] of the runs; NULL: not done */
    const rw_sweep *sweep;          /* NULL: of single results */
    size_t n_missing;               /* points of the sweep that are not done */
} rw_cohort;

/* The runs of a sweep: a group for every arm and row of its design. Points that are not done are NaN.
 * Errors: RW_ERR_INPUT (nothing done yet), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_cohort_of_sweep(rw_cohort *cohort, const rw_sweep *sweep);

/* Single results, each `DIR` or `NAME=DIR`: those of one name are a group; without names, those whose scenarios differ
 * in nothing but the seed. Outcomes are those that all runs have. Errors: RW_ERR_INPUT (not comparable, and why:
 * unfinished, other versions of rewire, groups with other seeds, a seed twice), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_cohort_of_results(rw_cohort *cohort, rw_arena *arena, const char *const *words, size_t n_words,
                                          const rw_window *windows, size_t n_windows);

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
 * over all of the effects. In the cohort's arena. Errors: RW_ERR_INPUT (no outcome matches), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_compare(const rw_cohort *cohort, const rw_compare_options *options, const rw_effect **effects,
                                size_t *n_effects);

/* Whether an outcome is asked for. */
bool rw_outcome_matches(const rw_outcome *outcome, const char *patterns);

/* Whether an outcome is asked for and not the same in every group, unit by unit. */
bool rw_outcome_is_told(const rw_cohort *cohort, size_t outcome, const char *patterns);

/* How many are. */
size_t rw_outcomes_told(const rw_cohort *cohort, const char *patterns);

/* The effects as a table. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_effects_table(const rw_cohort *cohort, const rw_effect *effects, size_t n_effects,
                                      rw_table *table);

/* Sensitivity indices (Saltelli designs) or rank correlations (other designs with numeric parameters), a row for each
 * outcome, arm and parameter. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sensitivity_table(const rw_cohort *cohort, const rw_compare_options *options, rw_table *table);

/* Share of units in each group that meet a criterion `OUTCOME<VALUE` (also <=, >, >=), with Wilson's interval.
 * Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_criterion_table(const rw_cohort *cohort, const char *criterion, rw_table *table);

#endif
