#include "study/report/report_recovery.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "config/number.h"

enum { MAX_COUNTS = 12 };

static size_t groups_shown(const rw_cohort *cohort) {
    return cohort->n_groups < RW_GROUPS_SHOWN ? cohort->n_groups : RW_GROUPS_SHOWN;
}

/* ---- when ---- */

/* The curve as corners of its steps: share that has met the criterion, with its band. */
static rw_err add_curve(const rw_cohort_page *page, rw_figure *figure, const rw_recovery_analysis *analysis,
                        size_t group, double units_per_ms) {
    const rw_survival *curve = &analysis->curves[group];
    double *x = NULL;
    size_t n = 0;
    RW_TRY(RW_ARENA_NEW(page->figures->arena, x, 4 * (2 * curve->n + 1)));
    double *y = x + 2 * curve->n + 1, *low = y + 2 * curve->n + 1, *high = low + 2 * curve->n + 1;
    x[n++] = 0.0;
    for (size_t k = 0; k < curve->n; k++) {
        const rw_survival_step *step = &curve->steps[k];
        const bool has_interval = !isnan(step->interval.low);
        x[n] = units_per_ms * step->time;
        y[n] = y[n - 1];
        low[n] = low[n - 1];
        high[n] = high[n - 1];
        n++;
        x[n] = x[n - 1];
        y[n] = 1.0 - step->survival;
        low[n] = has_interval ? 1.0 - step->interval.high : y[n];
        high[n] = has_interval ? 1.0 - step->interval.low : y[n];
        n++;
    }
    return rw_figure_trace(page->figures, figure,
                           (rw_trace){.label = page->legends[group],
                                      .kind = RW_MARK_LINE,
                                      .colour = rw_cohort_page_colour(page, group),
                                      .n = n,
                                      .x = x,
                                      .y = y,
                                      .low = low,
                                      .high = high});
}

static double end_of_watch(const rw_cohort *cohort, const rw_recovery_analysis *analysis) {
    double end_ms = 0.0;
    for (size_t g = 0; g < cohort->n_groups; g++)
        if (analysis->curves[g].n > 0)
            end_ms = fmax(end_ms, analysis->curves[g].steps[analysis->curves[g].n - 1].time);
    return end_ms;
}

/* A round distance between times, of which about five fit; 1, 2 or 5 times a power of ten. */
static double round_distance(double end) {
    const double power = pow(10.0, floor(log10(end / 5.0))), times = end / 5.0 / power;
    return power * (times < 1.5 ? 1.0 : times < 3.5 ? 2.0 : times < 7.5 ? 5.0 : 10.0);
}

/* How many of each scenario are at risk at some times, under the axis. */
static rw_err add_counts(const rw_cohort_page *page, const rw_recovery_analysis *analysis, double end_ms,
                         double units_per_ms, rw_figure *figure) {
    const size_t rows = groups_shown(page->cohort);
    double *x = NULL, *values = NULL;
    size_t n = 0;
    if (!(end_ms > 0.0))
        return RW_OK;
    const double distance = round_distance(units_per_ms * end_ms);
    RW_TRY(RW_ARENA_NEW(page->figures->arena, x, MAX_COUNTS));
    while (n < MAX_COUNTS && (double)n * distance <= units_per_ms * end_ms * (1.0 + 1e-9)) {
        x[n] = (double)n * distance;
        n++;
    }
    RW_TRY(RW_ARENA_NEW(page->figures->arena, values, rows * n));
    for (size_t i = 0; i < rows * n; i++)
        values[i] = (double)rw_survival_at_risk(&analysis->curves[i / n], x[i % n] / units_per_ms * (1.0 - 1e-12));
    figure->counts =
        (rw_counts){.title = "at risk", .rows = rows, .columns = n, .x = x, .values = values, .names = page->legends};
    return RW_OK;
}

/* "reaches >=0.5, mean of 1 day" */
static rw_err describe_criterion(const rw_cohort_page *page, const rw_recovery *recovery, const char **text) {
    const rw_recovery_spec *spec = recovery->spec;
    char number[RW_NUMBER_SIZE], over[64] = "", scale[300] = "";
    if (spec->lasting_ms > 0.0)
        (void)snprintf(over, sizeof over, ", mean of %.4g h,", spec->lasting_ms / 3.6e6);
    if (spec->between_windows)
        (void)snprintf(scale, sizeof scale, " (0: its mean in %.64s, 1: in %.64s)", spec->zero.name, spec->one.name);
    return rw_figures_text(page->figures, text, "%s%s %s%s %s%s%s%s", spec->series + 1, over,
                           spec->reaches.greater ? "above" : "below", spec->reaches.equal ? " or at" : "",
                           rw_number_print(number, spec->reaches.value), strcmp(recovery->unit, "1") == 0 ? "" : " ",
                           strcmp(recovery->unit, "1") == 0 ? "" : recovery->unit, scale);
}

static rw_err curve_figure(const rw_cohort_page *page, const rw_recovery_analysis *analysis, const char *criterion) {
    const rw_cohort *cohort = page->cohort;
    const rw_recovery_contrast *contrast = analysis->n_contrasts > 0 ? &analysis->contrasts[0] : NULL;
    const char *caption = NULL, *test = "";
    const double end_ms = end_of_watch(cohort, analysis);
    double units_per_ms = 1.0;
    rw_axis x = rw_axis_of_time(end_ms, &units_per_ms);
    rw_figure *figure = NULL;
    x.label = "time since the watch began";
    x.is_time = false;
    if (contrast != NULL && contrast->paired.freedom > 0)
        RW_TRY(rw_figures_text(page->figures, &test,
                               " Log-rank test over the scenarios: chi2 = %.4g, p = %.2g; within each %s: chi2 = %.4g, "
                               "p = %.2g.",
                               contrast->independent.chi2, contrast->independent.p, cohort->unit_name,
                               contrast->paired.chi2, contrast->paired.p));
    RW_TRY(rw_figures_text(page->figures, &caption,
                           "Share of the networks that have met the criterion: %s. Kaplan-Meier; bands are 95 %% "
                           "intervals (Greenwood, log-log).%s %s.",
                           criterion, test, page->span));
    RW_TRY(rw_figures_add(page->figures,
                          (rw_figure){.id = "recovery",
                                      .title = "Who has recovered by when",
                                      .caption = caption,
                                      .x = x,
                                      .y = {.label = "share recovered", .min = 0.0, .max = 1.0}},
                          &figure));
    for (size_t g = 0; g < groups_shown(cohort); g++)
        RW_TRY(add_curve(page, figure, analysis, g, units_per_ms));
    return add_counts(page, analysis, end_ms, units_per_ms, figure);
}

/* ---- why ---- */

static rw_err add_coefficients(const rw_cohort_page *page, rw_figure *figure, const rw_recovery_analysis *analysis,
                               size_t group) {
    const size_t k = analysis->n_traits, shown = groups_shown(page->cohort);
    double *x = NULL;
    RW_TRY(RW_ARENA_NEW(page->figures->arena, x, 4 * k));
    double *y = x + k, *low = y + k, *high = low + k;
    for (size_t t = 0; t < k; t++) {
        const rw_coefficient *coefficient = &analysis->coefficients[group * k + t];
        x[t] = coefficient->beta;
        y[t] = (double)t + 0.6 * (0.5 - ((double)group + 0.5) / (double)shown); /* in the legend's order, downwards */
        low[t] = coefficient->interval.low;
        high[t] = coefficient->interval.high;
    }
    return rw_figure_trace(page->figures, figure,
                           (rw_trace){.label = page->legends[group],
                                      .kind = RW_MARK_INTERVAL,
                                      .colour = rw_cohort_page_colour(page, group),
                                      .n = k,
                                      .x = x,
                                      .y = y,
                                      .low = low,
                                      .high = high});
}

/* A straight line that is no data, from one point to another. */
static rw_err add_reference(const rw_cohort_page *page, rw_figure *figure, double x0, double y0, double x1, double y1) {
    double *x = NULL;
    RW_TRY(RW_ARENA_NEW(page->figures->arena, x, 4));
    x[0] = x0;
    x[1] = x1;
    x[2] = y0;
    x[3] = y1;
    return rw_figure_trace(
        page->figures, figure,
        (rw_trace){.label = "", .kind = RW_MARK_LINE, .colour = RW_DASHED, .n = 2, .x = x, .y = x + 2});
}

static rw_err trait_figure(const rw_cohort_page *page, const rw_recovery_analysis *analysis) {
    const char **names = NULL, *caption = NULL;
    char fits[512] = "";
    size_t at = 0, fitted = 0;
    rw_figure *figure = NULL;
    RW_TRY(RW_ARENA_NEW(page->figures->arena, names, analysis->n_traits));
    for (size_t t = 0; t < analysis->n_traits; t++)
        names[t] = rw_recovery_trait(page->cohort, t);
    for (size_t g = 0; g < groups_shown(page->cohort) && at < sizeof fits; g++) {
        if (analysis->fits[g].problem != NULL)
            continue;
        at += (size_t)snprintf(fits + at, sizeof fits - at, "%s%.64s %.2f", fitted++ > 0 ? ", " : "", page->legends[g],
                               analysis->fits[g].r_squared);
    }
    if (fitted == 0)
        return RW_OK;
    RW_TRY(
        rw_figures_text(page->figures, &caption,
                        "By how many standard deviations the level (mean of what is watched) changes with one "
                        "standard deviation of a trait, the others held; 95 %% intervals (Student's t). Share of the "
                        "variance that all traits explain: %s. %s.",
                        fits, page->span));
    RW_TRY(rw_figures_add(page->figures,
                          (rw_figure){.id = "traits",
                                      .title = "Traits that explain recovery",
                                      .caption = caption,
                                      .x = {.label = "standardised regression coefficient"},
                                      .y = {.label = "", .names = names, .n_names = analysis->n_traits}},
                          &figure));
    for (size_t g = 0; g < groups_shown(page->cohort); g++)
        if (analysis->fits[g].problem == NULL)
            RW_TRY(add_coefficients(page, figure, analysis, g));
    return add_reference(page, figure, 0.0, -0.6, 0.0, (double)analysis->n_traits - 0.4);
}

/* ---- who, before it is seen ---- */

static rw_err add_roc(const rw_cohort_page *page, rw_figure *figure, const rw_roc *roc, size_t group) {
    const char *label = NULL;
    double *x = NULL;
    RW_TRY(RW_ARENA_NEW(page->figures->arena, x, 2 * roc->n_points));
    for (size_t k = 0; k < roc->n_points; k++) {
        x[k] = roc->points[k].false_positives;
        x[roc->n_points + k] = roc->points[k].true_positives;
    }
    if (isnan(roc->interval.low))
        RW_TRY(rw_figures_text(page->figures, &label, "%s: area %.2f", page->legends[group], roc->area));
    else
        RW_TRY(rw_figures_text(page->figures, &label, "%s: area %.2f [%.2f, %.2f]", page->legends[group], roc->area,
                               roc->interval.low, roc->interval.high));
    return rw_figure_trace(page->figures, figure,
                           (rw_trace){.label = label,
                                      .kind = RW_MARK_LINE,
                                      .colour = rw_cohort_page_colour(page, group),
                                      .n = roc->n_points,
                                      .x = x,
                                      .y = x + roc->n_points});
}

static rw_err roc_figure(const rw_cohort_page *page, const rw_recovery_analysis *analysis) {
    const char *caption = NULL;
    char counts[512] = "";
    size_t at = 0, shown = 0;
    rw_figure *figure = NULL;
    for (size_t g = 0; g < groups_shown(page->cohort) && at < sizeof counts; g++) {
        const rw_roc *roc = &analysis->rocs[g];
        shown += roc->n_points > 0;
        at += (size_t)snprintf(counts + at, sizeof counts - at, "%s%.64s %zu and %zu", g > 0 ? ", " : "",
                               page->legends[g], roc->n_met, roc->n_unmet);
    }
    if (shown == 0)
        return RW_OK;
    RW_TRY(
        rw_figures_text(page->figures, &caption,
                        "Does %s tell which networks will meet the criterion afterwards? Each point is a threshold; "
                        "on the dashed line it tells nothing (area 0.5), below it smaller values recover. 95 %% "
                        "intervals after DeLong. Networks that meet it later, and that do not: %s; those that met it "
                        "before are left out. %s.",
                        analysis->recovery.spec->predictor, counts, page->span));
    RW_TRY(rw_figures_add(
        page->figures,
        (rw_figure){.id = "prediction",
                    .title = "Early response as a predictor of recovery",
                    .caption = caption,
                    .x = {.label = "share of those that do not recover, wrongly predicted", .min = 0.0, .max = 1.0},
                    .y = {.label = "share of those that recover, predicted", .min = 0.0, .max = 1.0}},
        &figure));
    for (size_t g = 0; g < groups_shown(page->cohort); g++)
        if (analysis->rocs[g].n_points > 0)
            RW_TRY(add_roc(page, figure, &analysis->rocs[g], g));
    return add_reference(page, figure, 0.0, 0.0, 1.0, 1.0);
}

rw_err rw_report_recovery(const rw_cohort_page *page, const rw_recovery_spec *spec) {
    rw_recovery_analysis analysis;
    const char *criterion = NULL;
    RW_TRY(rw_recovery_analyse(page->cohort, spec, &analysis));
    RW_TRY(describe_criterion(page, &analysis.recovery, &criterion));
    RW_TRY(curve_figure(page, &analysis, criterion));
    if (analysis.n_traits > 0)
        RW_TRY(trait_figure(page, &analysis));
    return analysis.rocs != NULL ? roc_figure(page, &analysis) : RW_OK;
}
