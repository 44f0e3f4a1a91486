#include "study/report/report_response.h"

#include <math.h>

#include "base/memory.h"
#include "study/comparison/abscissa.h"
#include "study/comparison/dose_response.h"
#include "study/comparison/outcomes.h"
#include "study/measure_table.h"
#include "study/report/report_choice.h"

enum { CURVE = 80 };

/* Means with their intervals. */
static rw_err add_means(const rw_cohort_page *page, rw_figure *figure, size_t outcome, size_t arm, const char *label) {
    const rw_cohort *cohort = page->cohort;
    const size_t arms = cohort->sweep->plan->n_arms, n = cohort->n_groups / arms;
    double *x = NULL;
    RW_TRY(RW_ARENA_NEW(page->figures->arena, x, 4 * n));
    double *y = x + n, *low = y + n, *high = low + n;
    for (size_t d = 0; d < n; d++) {
        rw_interval interval;
        RW_TRY(rw_cohort_group_mean(cohort, outcome, d * arms + arm, &y[d], &interval));
        x[d] = rw_cohort_abscissa(cohort, d);
        low[d] = interval.low;
        high[d] = interval.high;
    }
    return rw_figure_trace(page->figures, figure,
                           (rw_trace){.label = label,
                                      .kind = RW_MARK_INTERVAL,
                                      .colour = (int)arm,
                                      .n = n,
                                      .x = x,
                                      .y = y,
                                      .low = low,
                                      .high = high});
}

/* Hill's curve with its band. */
static rw_err add_curve(const rw_cohort_page *page, rw_figure *figure, const rw_doses *doses,
                        const rw_dose_curve *curve, size_t arm, const char *label) {
    double *x = NULL;
    const double first = doses->values[0], last = doses->values[doses->n - 1];
    RW_TRY(RW_ARENA_NEW(page->figures->arena, x, 4 * CURVE));
    double *y = x + CURVE, *low = y + CURVE, *high = low + CURVE;
    for (size_t i = 0; i < CURVE; i++) {
        x[i] = first + (last - first) * (double)i / (CURVE - 1);
        y[i] = rw_hill_at(&curve->hill, x[i]);
        rw_interval band = rw_hill_band(curve->again, curve->hill.resamples, x[i]);
        low[i] = band.low;
        high[i] = band.high;
    }
    return rw_figure_trace(page->figures, figure,
                           (rw_trace){.label = label,
                                      .kind = RW_MARK_LINE,
                                      .colour = (int)arm,
                                      .n = CURVE,
                                      .x = x,
                                      .y = y,
                                      .low = page->cohort->n_units > 1 ? low : NULL,
                                      .high = page->cohort->n_units > 1 ? high : NULL});
}

/* "Line: Hill's curve with its band, EC50 0.5 [0.4, 0.6] mg/kg, h 1.1.", or why there is none. */
static rw_err describe_curve(const rw_cohort_page *page, const rw_doses *doses, const rw_dose_curve *curve,
                             const char *arm, const char *before, const char **text) {
    const rw_hill *hill = &curve->hill;
    const char *const unit = page->cohort->sweep->plan->parameters[0].unit;
    const char *const of = arm[0] != '\0' ? " of " : "";
    if (curve->problem != NULL)
        return rw_figures_text(page->figures, text,
                               "%s Without a line%s%s, because Hill's curve is not what the points show: %s.", before,
                               of, arm, curve->problem);
    return rw_figures_text(page->figures, text,
                           "%s Line%s%s: Hill's curve with its 95 %% band, EC50 %.3g [%.3g, %.3g] %s%s, h %.3g.",
                           before, of, arm, hill->EC50, hill->of_EC50.low, hill->of_EC50.high, unit,
                           hill->EC50 > doses->values[doses->n - 1] ? " (extrapolated beyond the doses)" : "", hill->h);
}

/* The curve of an arm, if it describes the points; the description is appended to *text. */
static rw_err add_response(const rw_cohort_page *page, rw_figure *figure, const rw_doses *doses, size_t outcome,
                           size_t arm, const char **text) {
    const rw_sweep_plan *plan = page->cohort->sweep->plan;
    const char *label = plan->n_arms > 1 ? plan->arms[arm].name : "mean, 95 % interval";
    rw_dose_curve curve;
    if (doses->n > 0) {
        RW_TRY(rw_dose_curve_fit(page->cohort, doses, outcome, arm, 1, &curve));
        RW_TRY(describe_curve(page, doses, &curve, plan->arms[arm].name, *text, text));
        if (curve.problem == NULL)
            RW_TRY(add_curve(page, figure, doses, &curve, arm, label));
    }
    return add_means(page, figure, outcome, arm, label);
}

/* Doses for a curve; none if there are too few, or negative ones. */
static rw_err find_doses(const rw_cohort_page *page, rw_doses *doses) {
    const rw_sweep_plan *plan = page->cohort->sweep->plan;
    *doses = (rw_doses){0};
    if (page->cohort->n_groups / plan->n_arms < 4 || rw_cohort_abscissa(page->cohort, 0) < 0.0)
        return RW_OK;
    return rw_doses_find(page->cohort, plan->parameters[0].name, doses);
}

static rw_err response_figure(const rw_cohort_page *page, const rw_doses *doses, size_t outcome, size_t number) {
    const rw_cohort *cohort = page->cohort;
    const rw_sweep_plan *plan = cohort->sweep->plan;
    const rw_outcome *of = &cohort->outcomes[outcome];
    rw_figure *figure = NULL;
    const char *id = NULL, *name = NULL, *sentence = NULL, *title = NULL, *text = "";
    RW_TRY(rw_cohort_page_describe(page, of, &name, &sentence));
    RW_TRY(rw_figures_text(page->figures, &id, "response_%zu", number));
    RW_TRY(rw_figures_text(page->figures, &title, "%s, by %s", name, plan->parameters[0].name));
    RW_TRY(rw_figures_add(page->figures,
                          (rw_figure){.id = id,
                                      .title = title,
                                      .x = {.label = plan->parameters[0].name, .unit = plan->parameters[0].unit},
                                      .y = {.label = rw_measure_quantity(of->name), .unit = of->unit}},
                          &figure));
    for (size_t arm = 0; arm < plan->n_arms && arm < RW_GROUPS_SHOWN; arm++)
        RW_TRY(add_response(page, figure, doses, outcome, arm, &text));
    return rw_figures_text(page->figures, &figure->caption, "%s (%s). Means with 95 %% BCa bootstrap intervals.%s %s.",
                           sentence, of->name, text, page->span);
}

rw_err rw_report_responses(const rw_cohort_page *page) {
    rw_doses doses;
    size_t shown = 0;
    RW_TRY(find_doses(page, &doses));
    for (size_t o = 0; o < page->cohort->n_outcomes && shown < RW_OUTCOMES_SHOWN; o++)
        if (rw_outcome_is_compared(page->cohort, o, page->patterns))
            RW_TRY(rw_measure_is_choice(page->cohort->outcomes[o].name) ? rw_report_choice(page, o, shown++)
                                                                        : response_figure(page, &doses, o, shown++));
    return RW_OK;
}
