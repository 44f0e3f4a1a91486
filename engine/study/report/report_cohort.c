/* The figures of a comparison or a sweep. */
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "study/comparison/courses.h"
#include "study/measure.h"
#include "study/report/report_parts.h"

/* Share of the variance from which on Hill's curve is drawn: less is another shape. */
#define CURVE_FITS 0.9

/* Hill coefficient from which on the curve is a step between two doses. */
#define STEEPEST 10.0

enum { OUTCOMES_SHOWN = 8, GROUPS_SHOWN = 7, CURVE = 80 };

typedef struct {
    rw_figures *figures;
    const rw_cohort *cohort;
    const char *patterns, *span;
    const char **legends;     /* [n_groups] names of the groups without what they have in common */
    const char *legend_title; /* that, or "" */
} study;

/* A scenario that is named after one parameter needs only its value: "0.5 mg/kg" of "dose = 0.5 mg/kg". */
static rw_err make_legends(study *it) {
    const rw_cohort *cohort = it->cohort;
    const char *const first = cohort->groups[0], *equals = strstr(first, " = ");
    const size_t length = equals != NULL ? (size_t)(equals - first) : 0;
    bool same = length > 0;
    RW_TRY(RW_ARENA_NEW(it->figures->arena, it->legends, cohort->n_groups));
    for (size_t g = 0; g < cohort->n_groups; g++)
        same = same && strncmp(cohort->groups[g], first, length + 3) == 0 &&
               strstr(cohort->groups[g] + length + 3, " = ") == NULL;
    for (size_t g = 0; g < cohort->n_groups; g++)
        it->legends[g] = cohort->groups[g] + (same ? length + 3 : 0);
    return rw_figures_text(it->figures, &it->legend_title, "%.*s", same ? (int)length : 0, first);
}

/* What an outcome is called, and its description as a sentence. */
static rw_err outcome_words(study *it, const rw_outcome *outcome, const char **title, const char **sentence) {
    char text[512];
    rw_measure_title(outcome->name, text, sizeof text);
    RW_TRY(rw_figures_text(it->figures, title, "%s", text));
    char begin = outcome->description[0];
    return rw_figures_text(it->figures, sentence, "%c%s", begin >= 'a' && begin <= 'z' ? (char)(begin - 32) : begin,
                           outcome->description + 1);
}

/* Whether an outcome is asked for and says anything. */
static bool is_shown(const study *it, size_t outcome) {
    return rw_outcome_matches(&it->cohort->outcomes[outcome], it->patterns) &&
           !rw_outcome_is_constant(it->cohort, outcome);
}

static rw_err group_mean(const rw_cohort *cohort, size_t outcome, size_t group, double *mean, rw_interval *interval) {
    const double *values = cohort->outcomes[outcome].values + group * cohort->n_units;
    double *kept = NULL;
    size_t n = 0;
    RW_TRY(RW_ARENA_NEW(cohort->arena, kept, cohort->n_units));
    for (size_t u = 0; u < cohort->n_units; u++)
        if (!isnan(values[u]))
            kept[n++] = values[u];
    *mean = n > 0 ? gsl_stats_mean(kept, 1, n) : NAN;
    return rw_bootstrap_mean(kept, n, 1, interval);
}

/* ---- effects ---- */

/* Whether differences of an outcome have a spread to be measured by. */
static bool has_size(const rw_effect *e) {
    return isfinite(e->cohen_d) && isfinite(e->interval.low) && e->difference != 0.0;
}

/* Differences from the reference in units of the spread, with their intervals scaled alike. */
static rw_err forest_figure(study *it, const rw_effect *effects, size_t n_effects) {
    const rw_cohort *cohort = it->cohort;
    const char **names = NULL, **titles = NULL, *caption = NULL, *sentence = NULL;
    rw_figure *figure = NULL;
    double *x = NULL;
    size_t n_names = 0;
    RW_TRY(RW_ARENA_NEW(it->figures->arena, names, cohort->n_outcomes));
    RW_TRY(RW_ARENA_NEW(it->figures->arena, titles, cohort->n_outcomes));
    for (size_t i = 0; i < n_effects && n_names < 24; i++)
        if (has_size(&effects[i]) &&
            (n_names == 0 || strcmp(names[n_names - 1], cohort->outcomes[effects[i].outcome].name) != 0)) {
            const rw_outcome *outcome = &cohort->outcomes[effects[i].outcome];
            RW_TRY(outcome_words(it, outcome, &titles[n_names], &sentence));
            names[n_names++] = outcome->name;
        }
    if (n_names == 0)
        return RW_OK;
    RW_TRY(rw_figures_text(it->figures, &caption,
                           "Paired difference from %s over the root of the mean variance (Cohen's d), with 95 %% BCa "
                           "bootstrap intervals. %s.",
                           cohort->groups[0], it->span));
    RW_TRY(rw_figures_add(it->figures,
                          (rw_figure){.id = "effects",
                                      .title = "Effects",
                                      .caption = caption,
                                      .x = {.label = "standardised difference"},
                                      .y = {.label = "", .names = titles, .n_names = n_names}},
                          &figure));
    for (size_t g = 1; g < cohort->n_groups && g <= GROUPS_SHOWN; g++) {
        size_t n = 0;
        RW_TRY(RW_ARENA_NEW(it->figures->arena, x, 4 * n_names));
        double *y = x + n_names, *low = y + n_names, *high = low + n_names;
        for (size_t i = 0; i < n_effects; i++) {
            const rw_effect *e = &effects[i];
            for (size_t k = 0; k < n_names && e->b == g && has_size(e); k++)
                if (strcmp(names[k], cohort->outcomes[e->outcome].name) == 0) {
                    double scale = e->cohen_d / e->difference;
                    x[n] = e->cohen_d;
                    y[n] = (double)k + 0.5 * ((double)g / (double)cohort->n_groups - 0.5);
                    low[n] = scale * e->interval.low;
                    high[n++] = scale * e->interval.high;
                }
        }
        RW_TRY(rw_figure_trace(it->figures, figure,
                               (rw_trace){.label = it->legends[g],
                                          .kind = RW_MARK_INTERVAL,
                                          .colour = (int)g,
                                          .n = n,
                                          .x = x,
                                          .y = y,
                                          .low = low,
                                          .high = high}));
    }
    RW_TRY(RW_ARENA_NEW(it->figures->arena, x, 4));
    x[2] = -0.6;
    x[3] = (double)n_names - 0.4;
    return rw_figure_trace(
        it->figures, figure,
        (rw_trace){.label = "", .kind = RW_MARK_LINE, .colour = RW_DASHED, .n = 2, .x = x, .y = x + 2});
}

/* ---- dose-response ---- */

static double dose_of(const study *it, size_t row) {
    const rw_sweep *sweep = it->cohort->sweep;
    return sweep->points.points[row * sweep->plan->n_arms * it->cohort->n_units].numbers[0];
}

/* Means with intervals at each dose and, if it could be fitted, Hill's curve, of one arm. */
static rw_err add_response(study *it, rw_figure *figure, size_t outcome, size_t arm, size_t n_doses) {
    const rw_cohort *cohort = it->cohort;
    const size_t arms = cohort->sweep->plan->n_arms;
    double *x = NULL, *effects = NULL, *curve = NULL;
    rw_hill fit;
    const char *label = arms > 1 ? cohort->sweep->plan->arms[arm].name : "mean, 95 % interval";
    RW_TRY(RW_ARENA_NEW(it->figures->arena, x, 4 * n_doses));
    RW_TRY(RW_ARENA_NEW(it->figures->arena, effects, n_doses * cohort->n_units));
    RW_TRY(RW_ARENA_NEW(it->figures->arena, curve, 2 * CURVE));
    double *y = x + n_doses, *low = y + n_doses, *high = low + n_doses;
    for (size_t d = 0; d < n_doses; d++) {
        rw_interval interval;
        RW_TRY(group_mean(cohort, outcome, d * arms + arm, &y[d], &interval));
        x[d] = dose_of(it, d);
        low[d] = interval.low;
        high[d] = interval.high;
        for (size_t u = 0; u < cohort->n_units; u++)
            effects[u * n_doses + d] = cohort->outcomes[outcome].values[(d * arms + arm) * cohort->n_units + u];
    }
    RW_TRY(rw_hill_fit(x, n_doses, effects, cohort->n_units, 1, &fit));
    if (isfinite(fit.EC50) && fit.r_squared > CURVE_FITS && fit.h < STEEPEST) {
        for (size_t i = 0; i < CURVE; i++) {
            curve[i] = x[0] + (x[n_doses - 1] - x[0]) * (double)i / (CURVE - 1);
            curve[CURVE + i] = rw_hill_at(&fit, curve[i]);
        }
        RW_TRY(rw_figure_trace(
            it->figures, figure,
            (rw_trace){
                .label = label, .kind = RW_MARK_LINE, .colour = (int)arm, .n = CURVE, .x = curve, .y = curve + CURVE}));
    }
    return rw_figure_trace(it->figures, figure,
                           (rw_trace){.label = label,
                                      .kind = RW_MARK_INTERVAL,
                                      .colour = (int)arm,
                                      .n = n_doses,
                                      .x = x,
                                      .y = y,
                                      .low = low,
                                      .high = high});
}

/* A figure for each outcome over the one numeric parameter that the sweep varies. */
static rw_err response_figures(study *it) {
    const rw_cohort *cohort = it->cohort;
    const rw_plan *plan = cohort->sweep->plan;
    const rw_plan_parameter *parameter = &plan->parameters[0];
    const size_t n_doses = cohort->n_groups / plan->n_arms;
    size_t shown = 0;
    for (size_t d = 1; d < n_doses; d++)
        if (!(dose_of(it, d) > dose_of(it, d - 1)))
            return RW_OK; /* a curve needs ascending doses */
    for (size_t o = 0; o < cohort->n_outcomes && shown < OUTCOMES_SHOWN; o++) {
        const rw_outcome *outcome = &cohort->outcomes[o];
        rw_figure *figure = NULL;
        const char *id = NULL, *name = NULL, *sentence = NULL, *title = NULL, *caption = NULL;
        if (!is_shown(it, o))
            continue;
        RW_TRY(outcome_words(it, outcome, &name, &sentence));
        RW_TRY(rw_figures_text(it->figures, &id, "response_%zu", shown++));
        RW_TRY(rw_figures_text(it->figures, &title, "%s, by %s", name, parameter->name));
        RW_TRY(
            rw_figures_text(it->figures, &caption,
                            "%s (%s). Means with 95 %% BCa bootstrap intervals; line: Hill's curve by least squares, "
                            "where it explains at least 90 %% of the variance and is no step. %s.",
                            sentence, outcome->name, it->span));
        RW_TRY(rw_figures_add(it->figures,
                              (rw_figure){.id = id,
                                          .title = title,
                                          .caption = caption,
                                          .x = {.label = parameter->name, .unit = parameter->unit},
                                          .y = {.label = rw_measure_quantity(outcome->name), .unit = outcome->unit}},
                              &figure));
        for (size_t arm = 0; arm < plan->n_arms && arm < GROUPS_SHOWN; arm++)
            RW_TRY(add_response(it, figure, o, arm, n_doses));
    }
    return RW_OK;
}

/* ---- every run of a few groups ---- */

static rw_err runs_figures(study *it) {
    const rw_cohort *cohort = it->cohort;
    const size_t groups = cohort->n_groups < 12 ? cohort->n_groups : 12;
    size_t shown = 0;
    for (size_t o = 0; o < cohort->n_outcomes && shown < OUTCOMES_SHOWN; o++) {
        const rw_outcome *outcome = &cohort->outcomes[o];
        rw_figure *figure = NULL;
        const char *id = NULL, *name = NULL, *sentence = NULL, *caption = NULL;
        double *x = NULL, *dots = NULL;
        if (!is_shown(it, o))
            continue;
        RW_TRY(outcome_words(it, outcome, &name, &sentence));
        RW_TRY(rw_figures_text(it->figures, &id, "runs_%zu", shown++));
        RW_TRY(rw_figures_text(it->figures, &caption, "%s (%s). Small: every run; large: mean with 95 %% interval. %s.",
                               sentence, outcome->name, it->span));
        RW_TRY(rw_figures_add(it->figures,
                              (rw_figure){.id = id,
                                          .title = name,
                                          .caption = caption,
                                          .x = {.label = rw_measure_quantity(outcome->name), .unit = outcome->unit},
                                          .y = {.label = "", .names = cohort->groups, .n_names = groups}},
                              &figure));
        for (size_t g = 0; g < groups; g++) {
            rw_interval interval;
            RW_TRY(RW_ARENA_NEW(it->figures->arena, x, 4));
            RW_TRY(RW_ARENA_NEW(it->figures->arena, dots, cohort->n_units));
            RW_TRY(group_mean(cohort, o, g, &x[0], &interval));
            x[1] = (double)g;
            x[2] = interval.low;
            x[3] = interval.high;
            for (size_t u = 0; u < cohort->n_units; u++)
                dots[u] = (double)g + 0.22 + 0.12 * ((double)(u % 5) / 4.0 - 0.5);
            RW_TRY(rw_figure_trace(it->figures, figure,
                                   (rw_trace){.label = "",
                                              .kind = RW_MARK_DOTS,
                                              .colour = (int)(g % GROUPS_SHOWN),
                                              .n = cohort->n_units,
                                              .x = outcome->values + g * cohort->n_units,
                                              .y = dots}));
            RW_TRY(rw_figure_trace(it->figures, figure,
                                   (rw_trace){.label = "",
                                              .kind = RW_MARK_INTERVAL,
                                              .colour = (int)(g % GROUPS_SHOWN),
                                              .n = 1,
                                              .x = x,
                                              .y = x + 1,
                                              .low = x + 2,
                                              .high = x + 3}));
        }
    }
    return RW_OK;
}

/* ---- over two parameters or many ---- */

/* Every row of a design as a dot over one parameter. */
static rw_err scatter_figures(study *it) {
    const rw_cohort *cohort = it->cohort;
    const rw_plan *plan = cohort->sweep->plan;
    const size_t rows = cohort->n_groups / plan->n_arms;
    size_t shown = 0;
    for (size_t o = 0; o < cohort->n_outcomes && shown < 2 * OUTCOMES_SHOWN; o++)
        for (size_t p = 0; p < plan->n_parameters && is_shown(it, o); p++) {
            const rw_outcome *outcome = &cohort->outcomes[o];
            rw_figure *figure = NULL;
            const char *id = NULL, *name = NULL, *sentence = NULL, *title = NULL, *caption = NULL;
            if (plan->parameters[p].unit == NULL)
                continue;
            RW_TRY(outcome_words(it, outcome, &name, &sentence));
            RW_TRY(rw_figures_text(it->figures, &id, "scatter_%zu", shown++));
            RW_TRY(rw_figures_text(it->figures, &title, "%s, by %s", name, plan->parameters[p].name));
            RW_TRY(rw_figures_text(it->figures, &caption,
                                   "%s (%s). A dot for every point of the design, mean of its runs. %s.", sentence,
                                   outcome->name, it->span));
            RW_TRY(
                rw_figures_add(it->figures,
                               (rw_figure){.id = id,
                                           .title = title,
                                           .caption = caption,
                                           .x = {.label = plan->parameters[p].name,
                                                 .unit = plan->parameters[p].unit,
                                                 .logarithmic = plan->parameters[p].logarithmic},
                                           .y = {.label = rw_measure_quantity(outcome->name), .unit = outcome->unit}},
                               &figure));
            for (size_t arm = 0; arm < plan->n_arms; arm++) {
                double *x = NULL;
                RW_TRY(RW_ARENA_NEW(it->figures->arena, x, 2 * rows));
                for (size_t i = 0; i < rows; i++) {
                    const double *values = outcome->values + (i * plan->n_arms + arm) * cohort->n_units;
                    x[i] = cohort->sweep->points.points[i * plan->n_arms * cohort->n_units].numbers[p];
                    x[rows + i] = gsl_stats_mean(values, 1, cohort->n_units);
                }
                RW_TRY(rw_figure_trace(it->figures, figure,
                                       (rw_trace){.label = plan->arms[arm].name,
                                                  .kind = RW_MARK_DOTS,
                                                  .colour = (int)arm,
                                                  .n = rows,
                                                  .x = x,
                                                  .y = x + rows}));
            }
        }
    return RW_OK;
}

/* ---- time courses ---- */

static rw_err add_course(study *it, rw_figure *figure, size_t group, const char *dataset) {
    rw_mean_course course;
    double *seconds = NULL;
    RW_TRY(rw_courses_mean(it->cohort, group, dataset, &course));
    if (course.rows == 0)
        return RW_OK;
    RW_TRY(RW_ARENA_NEW(it->figures->arena, seconds, course.rows));
    for (size_t i = 0; i < course.rows; i++)
        seconds[i] = 1e-3 * course.time_ms[i];
    return rw_figure_trace(it->figures, figure,
                           (rw_trace){.label = it->legends[group],
                                      .kind = RW_MARK_LINE,
                                      .colour = (int)group,
                                      .n = course.rows,
                                      .x = seconds,
                                      .y = course.mean,
                                      .low = it->cohort->n_units > 1 ? course.low : NULL,
                                      .high = it->cohort->n_units > 1 ? course.high : NULL});
}

static rw_err course_figures(study *it) {
    const rw_followed *followed = NULL;
    const char *caption = NULL;
    size_t n = 0;
    RW_TRY(rw_courses_list(it->cohort, &followed, &n));
    RW_TRY(rw_figures_text(it->figures, &caption, "%s%s. %s.",
                           it->cohort->n_units > 1 ? "Mean over runs with its 95 % interval (Student's t)"
                                                   : "One run of each scenario",
                           it->legend_title[0] != '\0' ? rw_path_of(", by %s", it->legend_title).text : "", it->span));
    for (size_t f = 0; f < n && f < 2 * OUTCOMES_SHOWN; f++) {
        rw_figure *figure = NULL;
        const char *id = NULL;
        RW_TRY(rw_figures_text(it->figures, &id, "course_%zu", f));
        RW_TRY(rw_figures_add(it->figures,
                              (rw_figure){.id = id,
                                          .title = followed[f].title,
                                          .caption = caption,
                                          .x = {.label = "time", .unit = "s"},
                                          .y = {.label = followed[f].label, .unit = followed[f].unit},
                                          .interactive = true},
                              &figure));
        for (size_t g = 0; g < it->cohort->n_groups && g < GROUPS_SHOWN; g++)
            RW_TRY(add_course(it, figure, g, followed[f].dataset));
        if (figure->n_traces == 0)
            it->figures->count--;
    }
    return RW_OK;
}

/* ---- everything ---- */

rw_err rw_report_cohort(rw_figures *figures, const rw_cohort *cohort, const char *patterns) {
    const rw_plan *plan = cohort->sweep != NULL ? cohort->sweep->plan : NULL;
    study it = {.figures = figures, .cohort = cohort, .patterns = patterns};
    const rw_effect *effects = NULL;
    size_t n_effects = 0;
    RW_TRY(rw_figures_text(figures, &it.span, "%zu %s%s per scenario", cohort->n_units, cohort->unit_name,
                           cohort->n_units == 1 ? "" : "s"));
    RW_TRY(make_legends(&it));
    const bool cube = plan != NULL && plan->design >= RW_DESIGN_LHS;
    const bool curve = plan != NULL && !cube && plan->n_parameters == 1 && plan->parameters[0].unit != NULL &&
                       cohort->n_groups / plan->n_arms > 2;
    if (curve)
        RW_TRY(response_figures(&it));
    if (cohort->n_groups <= GROUPS_SHOWN)
        RW_TRY(course_figures(&it));
    if (cohort->n_groups > 1 && cohort->n_groups <= GROUPS_SHOWN + 1) {
        RW_TRY(rw_compare(cohort, &(rw_compare_options){.patterns = patterns, .seed = 1}, &effects, &n_effects));
        RW_TRY(forest_figure(&it, effects, n_effects));
    }
    if (plan != NULL && rw_report_has_plane(plan))
        return rw_report_maps(figures, cohort, patterns, it.span);
    if (cube || (plan != NULL && plan->n_parameters > 1))
        return scatter_figures(&it);
    return curve ? RW_OK : runs_figures(&it);
}
