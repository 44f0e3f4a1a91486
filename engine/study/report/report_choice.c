#include "study/report/report_choice.h"

#include <math.h>

#include "base/memory.h"
#include "study/comparison/abscissa.h"
#include "study/comparison/choices.h"
#include "study/measure_table.h"

enum { CURVE = 80 };

/* Shares of the runs with a choice, with Wilson's intervals. */
static rw_err add_shares(const rw_cohort_page *page, rw_figure *figure, size_t outcome, size_t arm, const char *label) {
    const rw_cohort *cohort = page->cohort;
    const size_t arms = cohort->sweep->plan->n_arms, n = cohort->n_groups / arms;
    double *x = NULL;
    RW_TRY(RW_ARENA_NEW(page->figures->arena, x, 4 * n));
    double *y = x + n, *low = y + n, *high = low + n;
    for (size_t d = 0; d < n; d++) {
        const double *values = cohort->outcomes[outcome].values + (d * arms + arm) * cohort->n_units;
        size_t chosen = 0, made = 0;
        for (size_t u = 0; u < cohort->n_units; u++) {
            made += isnan(values[u]) ? 0 : 1;
            chosen += values[u] > 0.5;
        }
        const rw_interval interval = rw_wilson(chosen, made);
        x[d] = rw_cohort_abscissa(cohort, d);
        y[d] = made > 0 ? (double)chosen / (double)made : NAN;
        low[d] = made > 0 ? interval.low : NAN;
        high[d] = made > 0 ? interval.high : NAN;
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

static rw_err add_curve(const rw_cohort_page *page, rw_figure *figure, const rw_psychometric *fit, size_t arm,
                        const char *label) {
    const rw_cohort *cohort = page->cohort;
    const size_t last = cohort->n_groups / cohort->sweep->plan->n_arms - 1;
    const double from = rw_cohort_abscissa(cohort, 0), to = rw_cohort_abscissa(cohort, last);
    double *x = NULL;
    RW_TRY(RW_ARENA_NEW(page->figures->arena, x, 4 * CURVE));
    double *y = x + CURVE, *low = y + CURVE, *high = low + CURVE;
    for (size_t i = 0; i < CURVE; i++) {
        x[i] = from + (to - from) * (double)i / (CURVE - 1);
        y[i] = rw_psychometric_at(fit, x[i]);
        const rw_interval band = rw_psychometric_band(fit, x[i]);
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
                                      .low = low,
                                      .high = high});
}

/* The curve of an arm, if there is one; what it is, or why there is none, is appended to *text. */
static rw_err add_arm(const rw_cohort_page *page, rw_figure *figure, size_t outcome, size_t arm, const char **text) {
    const rw_sweep_plan *plan = page->cohort->sweep->plan;
    const char *const unit = rw_cohort_abscissa_parameter(page->cohort)->unit;
    const char *const name = plan->arms[arm].name, *const of = name[0] != '\0' ? " of " : "";
    const char *label = plan->n_arms > 1 ? name : "share, 95 % interval (Wilson)";
    rw_psychometric fit;
    RW_TRY(rw_choice_fit(page->cohort, outcome, arm, &fit));
    if (fit.problem != NULL) {
        RW_TRY(rw_figures_text(page->figures, text, "%s No line%s%s: %s.", *text, of, name, fit.problem));
        return add_shares(page, figure, outcome, arm, label);
    }
    RW_TRY(rw_figures_text(page->figures, text,
                           "%s Line%s%s: logistic curve by maximum likelihood with its 95 %% band (Wald), even at %.3g "
                           "[%.3g, %.3g] %s, log odds rise by %.3g [%.3g, %.3g] for each %s.",
                           *text, of, name, fit.even, fit.of_even.low, fit.of_even.high, unit, fit.slope,
                           fit.of_slope.low, fit.of_slope.high, unit[0] != '\0' ? unit : "unit"));
    RW_TRY(add_curve(page, figure, &fit, arm, label));
    return add_shares(page, figure, outcome, arm, label);
}

rw_err rw_report_choice(const rw_cohort_page *page, size_t outcome, size_t number) {
    const rw_cohort *cohort = page->cohort;
    const rw_sweep_parameter *parameter = rw_cohort_abscissa_parameter(cohort);
    const rw_outcome *of = &cohort->outcomes[outcome];
    const char *id = NULL, *name = NULL, *sentence = NULL, *title = NULL, *text = "";
    rw_figure *figure = NULL;
    RW_TRY(rw_cohort_page_describe(page, of, &name, &sentence));
    RW_TRY(rw_figures_text(page->figures, &id, "response_%zu", number));
    RW_TRY(rw_figures_text(page->figures, &title, "%s, by %s", name, parameter->name));
    RW_TRY(rw_figures_add(page->figures,
                          (rw_figure){.id = id,
                                      .title = title,
                                      .x = {.label = parameter->name, .unit = parameter->unit},
                                      .y = {.label = "share of runs", .min = 0.0, .max = 1.0}},
                          &figure));
    for (size_t arm = 0; arm < cohort->sweep->plan->n_arms && arm < RW_GROUPS_SHOWN; arm++)
        RW_TRY(add_arm(page, figure, outcome, arm, &text));
    return rw_figures_text(page->figures, &figure->caption,
                           "%s (%s). Dots: shares of the runs with 95 %% intervals (Wilson).%s %s.", sentence, of->name,
                           text, page->span);
}
