#include "study/comparison/roc.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

/* Values of the two classes. */
typedef struct {
    double *met, *unmet;
    size_t n_met, n_unmet;
} classes;

static rw_err divide(rw_arena *arena, const double *values, const bool *met, size_t n, classes *of) {
    RW_TRY(RW_ARENA_NEW(arena, of->met, n));
    RW_TRY(RW_ARENA_NEW(arena, of->unmet, n));
    for (size_t i = 0; i < n; i++) {
        if (isnan(values[i]))
            continue;
        if (met[i])
            of->met[of->n_met++] = values[i];
        else
            of->unmet[of->n_unmet++] = values[i];
    }
    return RW_OK;
}

/* DeLong's placements: for each of `from`, the share of `other` that lie below it, or above; half of those equal. */
static void place(const double *from, size_t n, const double *other, size_t m, double sign, double *placements) {
    for (size_t i = 0; i < n; i++) {
        double wins = 0.0;
        for (size_t j = 0; j < m; j++) {
            const double ahead = sign * (from[i] - other[j]);
            wins += ahead > 0.0 ? 1.0 : ahead == 0.0 ? 0.5 : 0.0;
        }
        placements[i] = wins / (double)m;
    }
}

static rw_err estimate_area(rw_arena *arena, const classes *of, rw_roc *roc) {
    double *of_met = NULL, *of_unmet = NULL;
    RW_TRY(RW_ARENA_NEW(arena, of_met, of->n_met));
    RW_TRY(RW_ARENA_NEW(arena, of_unmet, of->n_unmet));
    place(of->met, of->n_met, of->unmet, of->n_unmet, 1.0, of_met);
    place(of->unmet, of->n_unmet, of->met, of->n_met, -1.0, of_unmet);
    roc->area = gsl_stats_mean(of_met, 1, of->n_met);
    if (of->n_met < 2 || of->n_unmet < 2)
        return RW_OK;
    const double variance = gsl_stats_variance(of_met, 1, of->n_met) / (double)of->n_met +
                            gsl_stats_variance(of_unmet, 1, of->n_unmet) / (double)of->n_unmet;
    const double half = gsl_cdf_ugaussian_Pinv(0.5 * (1.0 + RW_LEVEL)) * sqrt(variance);
    if (variance > 0.0)
        roc->interval = (rw_interval){fmax(0.0, roc->area - half), fmin(1.0, roc->area + half)};
    return RW_OK;
}

static size_t count_from(const double *ascending, size_t n, double threshold) {
    size_t below = 0;
    while (below < n && ascending[below] < threshold)
        below++;
    return n - below;
}

/* One point for each distinct value, descending. */
static rw_err list_points(rw_arena *arena, classes *of, rw_roc *roc) {
    const size_t n = of->n_met + of->n_unmet;
    rw_roc_point *points = NULL;
    double *all = NULL;
    RW_TRY(RW_ARENA_NEW(arena, points, n + 1));
    RW_TRY(RW_ARENA_NEW(arena, all, n));
    for (size_t i = 0; i < n; i++)
        all[i] = i < of->n_met ? of->met[i] : of->unmet[i - of->n_met];
    gsl_sort(all, 1, n);
    gsl_sort(of->met, 1, of->n_met);
    gsl_sort(of->unmet, 1, of->n_unmet);
    points[roc->n_points++] = (rw_roc_point){.threshold = INFINITY};
    for (size_t i = n; i-- > 0;)
        if (i + 1 == n || all[i] != all[i + 1])
            points[roc->n_points++] =
                (rw_roc_point){all[i], (double)count_from(of->met, of->n_met, all[i]) / (double)of->n_met,
                               (double)count_from(of->unmet, of->n_unmet, all[i]) / (double)of->n_unmet};
    roc->points = points;
    return RW_OK;
}

rw_err rw_roc_estimate(rw_arena *arena, const double *values, const bool *met, size_t n, rw_roc *roc) {
    classes of = {0};
    RW_TRY(divide(arena, values, met, n, &of));
    *roc = (rw_roc){.n_met = of.n_met, .n_unmet = of.n_unmet, .area = NAN, .interval = {NAN, NAN}};
    if (of.n_met == 0 || of.n_unmet == 0)
        return RW_OK;
    RW_TRY(estimate_area(arena, &of, roc));
    return list_points(arena, &of, roc);
}
