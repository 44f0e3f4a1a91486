#include "study/comparison/recovery_analysis.h"

#include <math.h>

enum { PAIRS_UP_TO = 4 };

/* Times and events of all runs, group by group. */
typedef struct {
    double *times;
    bool *events;
    size_t *groups, *units;
} run_lists;

static rw_err list_runs(const rw_cohort *cohort, const rw_recovery *recovery, run_lists *lists) {
    const size_t n = cohort->n_groups * cohort->n_units;
    RW_TRY(RW_ARENA_NEW(cohort->arena, lists->times, n));
    RW_TRY(RW_ARENA_NEW(cohort->arena, lists->events, n));
    RW_TRY(RW_ARENA_NEW(cohort->arena, lists->groups, n));
    RW_TRY(RW_ARENA_NEW(cohort->arena, lists->units, n));
    for (size_t i = 0; i < n; i++) {
        lists->times[i] = recovery->runs[i].time_ms;
        lists->events[i] = recovery->runs[i].met;
        lists->groups[i] = i / cohort->n_units;
        lists->units[i] = i % cohort->n_units;
    }
    return RW_OK;
}

static rw_err estimate_curves(const rw_cohort *cohort, const run_lists *lists, const rw_survival **curves) {
    rw_survival *list = NULL;
    const size_t n = cohort->n_units;
    RW_TRY(RW_ARENA_NEW(cohort->arena, list, cohort->n_groups));
    for (size_t g = 0; g < cohort->n_groups; g++)
        RW_TRY(rw_survival_estimate(cohort->arena, lists->times + g * n, lists->events + g * n, n, &list[g]));
    *curves = list;
    return RW_OK;
}

/* ---- the log-rank tests ---- */

static rw_err test_all(const rw_cohort *cohort, const run_lists *lists, rw_recovery_contrast *contrast) {
    rw_logrank_sample sample = {.times = lists->times,
                                .events = lists->events,
                                .groups = lists->groups,
                                .n = cohort->n_groups * cohort->n_units,
                                .n_groups = cohort->n_groups};
    RW_TRY(rw_logrank_test(cohort->arena, &sample, &contrast->independent));
    sample.strata = lists->units;
    sample.n_strata = cohort->n_units;
    return rw_logrank_test(cohort->arena, &sample, &contrast->paired);
}

/* The runs of two groups alone. */
static rw_err test_pair(const rw_cohort *cohort, const run_lists *lists, rw_recovery_contrast *contrast) {
    const size_t n = cohort->n_units, from[] = {contrast->a * n, contrast->b * n};
    const rw_cohort two = {.arena = cohort->arena, .n_groups = 2, .n_units = n};
    run_lists pair = {0};
    RW_TRY(RW_ARENA_NEW(cohort->arena, pair.times, 2 * n));
    RW_TRY(RW_ARENA_NEW(cohort->arena, pair.events, 2 * n));
    RW_TRY(RW_ARENA_NEW(cohort->arena, pair.groups, 2 * n));
    RW_TRY(RW_ARENA_NEW(cohort->arena, pair.units, 2 * n));
    for (size_t i = 0; i < 2 * n; i++) {
        pair.times[i] = lists->times[from[i / n] + i % n];
        pair.events[i] = lists->events[from[i / n] + i % n];
        pair.groups[i] = i / n;
        pair.units[i] = i % n;
    }
    return test_all(&two, &pair, contrast);
}

static rw_err correct(const rw_cohort *cohort, rw_recovery_contrast *contrasts, size_t n) {
    double *p = NULL;
    RW_TRY(RW_ARENA_NEW(cohort->arena, p, 2 * n));
    for (size_t i = 0; i < n; i++)
        p[i] = contrasts[i].a == contrasts[i].b ? NAN : contrasts[i].paired.p;
    RW_TRY(rw_correct_holm(p, n, p + n));
    for (size_t i = 0; i < n; i++)
        contrasts[i].p_holm = p[n + i];
    return RW_OK;
}

static rw_err contrast_groups(const rw_cohort *cohort, const run_lists *lists, rw_recovery_analysis *analysis) {
    const size_t n = cohort->n_groups, references = n <= PAIRS_UP_TO ? n : 1;
    rw_recovery_contrast *contrasts = NULL;
    size_t count = 0;
    if (n < 2)
        return RW_OK;
    RW_TRY(RW_ARENA_NEW(cohort->arena, contrasts, 1 + references * n));
    if (n > 2)
        RW_TRY(test_all(cohort, lists, &contrasts[count++]));
    for (size_t a = 0; a < references; a++)
        for (size_t b = a + 1; b < n; b++) {
            contrasts[count] = (rw_recovery_contrast){.a = a, .b = b};
            RW_TRY(test_pair(cohort, lists, &contrasts[count++]));
        }
    analysis->contrasts = contrasts;
    analysis->n_contrasts = count;
    return correct(cohort, contrasts, count);
}

/* ---- traits and predictor ---- */

static rw_err explain(const rw_cohort *cohort, rw_recovery_analysis *analysis) {
    const size_t n = cohort->n_units, k = cohort->sweep != NULL ? cohort->sweep->plan->n_draws : 0;
    rw_regression *fits = NULL;
    rw_coefficient *coefficients = NULL;
    double *x = NULL, *y = NULL;
    if (k == 0)
        return RW_OK;
    RW_TRY(RW_ARENA_NEW(cohort->arena, fits, cohort->n_groups));
    RW_TRY(RW_ARENA_NEW(cohort->arena, coefficients, cohort->n_groups * k));
    RW_TRY(RW_ARENA_NEW(cohort->arena, x, n * k));
    RW_TRY(RW_ARENA_NEW(cohort->arena, y, n));
    for (size_t g = 0; g < cohort->n_groups; g++) {
        for (size_t u = 0; u < n; u++) {
            y[u] = analysis->recovery.runs[g * n + u].level;
            for (size_t t = 0; t < k; t++)
                x[u * k + t] = cohort->sweep->points.points[g * n + u].drawn[t];
        }
        RW_TRY(rw_regression_fit(y, x, n, k, &fits[g], coefficients + g * k));
    }
    analysis->n_traits = k;
    analysis->fits = fits;
    analysis->coefficients = coefficients;
    return RW_OK;
}

static rw_err predict(const rw_cohort *cohort, const run_lists *lists, rw_recovery_analysis *analysis) {
    const size_t n = cohort->n_units;
    rw_roc *rocs = NULL;
    if (analysis->recovery.predictor == NULL)
        return RW_OK;
    RW_TRY(RW_ARENA_NEW(cohort->arena, rocs, cohort->n_groups));
    for (size_t g = 0; g < cohort->n_groups; g++)
        RW_TRY(
            rw_roc_estimate(cohort->arena, analysis->recovery.predictor + g * n, lists->events + g * n, n, &rocs[g]));
    analysis->rocs = rocs;
    return RW_OK;
}

rw_err rw_recovery_analyse(const rw_cohort *cohort, const rw_recovery_spec *spec, rw_recovery_analysis *analysis) {
    run_lists lists;
    *analysis = (rw_recovery_analysis){0};
    RW_TRY(rw_recovery_find(cohort, spec, &analysis->recovery));
    RW_TRY(list_runs(cohort, &analysis->recovery, &lists));
    RW_TRY(estimate_curves(cohort, &lists, &analysis->curves));
    RW_TRY(contrast_groups(cohort, &lists, analysis));
    RW_TRY(explain(cohort, analysis));
    return predict(cohort, &lists, analysis);
}

const char *rw_recovery_trait(const rw_cohort *cohort, size_t trait) {
    return cohort->sweep->plan->draws[trait].name;
}
