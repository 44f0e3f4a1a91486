#include "study/comparison/effects.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <string.h>

#include "base/count.h"
#include "base/memory.h"
#include "study/comparison/outcomes.h"

static rw_err fill_effect(const rw_cohort *cohort, uint64_t seed, double *work, rw_effect *effect) {
    const double *values = cohort->outcomes[effect->outcome].values;
    const double *all_a = values + effect->a * cohort->n_units, *all_b = values + effect->b * cohort->n_units;
    double *a = work, *b = work + cohort->n_units, *difference = work + 2 * cohort->n_units;
    size_t n = 0;
    for (size_t u = 0; u < cohort->n_units; u++)
        if (!isnan(all_a[u]) && !isnan(all_b[u])) {
            a[n] = all_a[u];
            b[n] = all_b[u];
            difference[n++] = all_b[u] - all_a[u];
        }
    effect->n = n;
    effect->mean_a = n > 0 ? gsl_stats_mean(a, 1, n) : NAN;
    effect->mean_b = n > 0 ? gsl_stats_mean(b, 1, n) : NAN;
    effect->sd_a = n > 1 ? gsl_stats_sd(a, 1, n) : NAN;
    effect->sd_b = n > 1 ? gsl_stats_sd(b, 1, n) : NAN;
    effect->difference = n > 0 ? gsl_stats_mean(difference, 1, n) : NAN;
    effect->cohen_d = rw_cohen_d(a, b, n);
    effect->cliff_delta = rw_cliff_delta(a, b, n);
    effect->p = rw_permutation_paired(difference, n, seed);
    return rw_bootstrap_mean(difference, n, seed, &effect->interval);
}

static rw_err correct(rw_arena *arena, rw_effect *effects, size_t n) {
    double *p = NULL, *holm = NULL, *bh = NULL;
    RW_TRY(RW_ARENA_NEW(arena, p, n));
    RW_TRY(RW_ARENA_NEW(arena, holm, n));
    RW_TRY(RW_ARENA_NEW(arena, bh, n));
    for (size_t i = 0; i < n; i++)
        p[i] = effects[i].p;
    RW_TRY(rw_correct_holm(p, n, holm));
    RW_TRY(rw_correct_benjamini_hochberg(p, n, bh));
    for (size_t i = 0; i < n; i++) {
        effects[i].p_holm = holm[i];
        effects[i].p_bh = bh[i];
    }
    return RW_OK;
}

rw_err rw_compare(const rw_cohort *cohort, const rw_compare_options *options, const rw_effect **effects,
                  size_t *n_effects) {
    rw_effect *list = NULL;
    double *work = NULL;
    const size_t groups = cohort->n_groups;
    size_t pairs = options->all_pairs ? groups * (groups - 1) / 2 : groups - 1, n = 0;
    RW_CHECK(groups > 1, RW_ERR_INPUT,
             "there is one scenario only, whose runs differ in nothing but the seed; run another with the same seeds");
    RW_TRY(RW_ARENA_NEW(cohort->arena, list, pairs * cohort->n_outcomes));
    RW_TRY(RW_ARENA_NEW(cohort->arena, work, 3 * cohort->n_units));
    for (size_t o = 0; o < cohort->n_outcomes; o++) {
        if (!rw_outcome_is_compared(cohort, o, options->patterns))
            continue; /* nothing differs, and an additional test would only weaken the others */
        for (size_t a = 0; a < groups; a++)
            for (size_t b = 0; b < groups; b++) {
                if (options->all_pairs ? b <= a : a != options->reference || b == a)
                    continue;
                list[n] = (rw_effect){.outcome = o, .a = a, .b = b};
                RW_TRY(fill_effect(cohort, options->seed, work, &list[n]));
                n += list[n].n > 0; /* without a pair there is nothing to compare */
            }
    }
    *effects = list;
    *n_effects = n;
    return correct(cohort->arena, list, n);
}

/* ---- as a table ---- */

typedef struct {
    const char *name, *description;
    size_t offset; /* of a double in rw_effect */
} effect_column;

#define COLUMN(name, member, description)                                                                              \
    { name, description, offsetof(rw_effect, member) }

static const effect_column effect_columns[] = {
    COLUMN("mean_reference", mean_a, "mean of the reference"),
    COLUMN("sd_reference", sd_a, "standard deviation of the reference"),
    COLUMN("mean", mean_b, "mean of the other"),
    COLUMN("sd", sd_b, "standard deviation of the other"),
    COLUMN("difference", difference, "mean of the paired differences, other - reference"),
    COLUMN("low", interval.low, "lower end of the 95 % interval of the difference (BCa bootstrap)"),
    COLUMN("high", interval.high, "upper end of the 95 % interval of the difference (BCa bootstrap)"),
    COLUMN("cohen_d", cohen_d, "difference of means over the root of the mean variance"),
    COLUMN("cliff_delta", cliff_delta, "P(other > reference) - P(other < reference)"),
    COLUMN("p", p, "two-sided p of a paired permutation test"),
    COLUMN("p_holm", p_holm, "p after Holm's correction over the whole table"),
    COLUMN("p_bh", p_bh, "false discovery rate after Benjamini and Hochberg over the whole table"),
};

rw_err rw_effects_table(const rw_cohort *cohort, const rw_effect *effects, size_t n_effects, rw_table *table) {
    const char **outcome = NULL, **unit = NULL, **reference = NULL, **other = NULL;
    double *number = NULL;
    *table = rw_table_begin(cohort->arena, n_effects);
    RW_TRY(rw_table_add_texts(table, "outcome", "outcome measure", &outcome));
    RW_TRY(rw_table_add_texts(table, "unit", "unit of the outcome", &unit));
    RW_TRY(rw_table_add_texts(table, "reference", "scenario that the other is compared with", &reference));
    RW_TRY(rw_table_add_texts(table, "other", "scenario", &other));
    for (size_t i = 0; i < n_effects; i++) {
        outcome[i] = cohort->outcomes[effects[i].outcome].name;
        unit[i] = cohort->outcomes[effects[i].outcome].unit;
        reference[i] = cohort->groups[effects[i].a];
        other[i] = cohort->groups[effects[i].b];
    }
    RW_TRY(rw_table_add_numbers(table, "n", NULL, "pairs", &number));
    for (size_t i = 0; i < n_effects; i++)
        number[i] = (double)effects[i].n;
    for (size_t c = 0; c < RW_COUNT(effect_columns); c++) {
        const effect_column *column = &effect_columns[c];
        RW_TRY(rw_table_add_numbers(table, column->name, NULL, column->description, &number));
        for (size_t i = 0; i < n_effects; i++)
            memcpy(&number[i], (const char *)&effects[i] + column->offset, sizeof number[i]);
    }
    return RW_OK;
}
