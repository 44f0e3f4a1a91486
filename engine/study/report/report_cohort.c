#include "study/report/report_cohort.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "study/comparison/abscissa.h"
#include "study/comparison/effects.h"
#include "study/comparison/outcomes.h"
#include "study/measure_table.h"
#include "study/report/cohort_page.h"
#include "study/report/report_courses.h"
#include "study/report/report_effects.h"
#include "study/report/report_map.h"
#include "study/report/report_recovery.h"
#include "study/report/report_response.h"
#include "study/report/report_runs.h"
#include "study/report/report_sessions.h"

/* A scenario that is named after one parameter needs only its value: "0.5 mg/kg" of "dose = 0.5 mg/kg". */
static rw_err make_legends(rw_cohort_page *page) {
    const rw_cohort *cohort = page->cohort;
    const char *const first = cohort->groups[0], *equals = strstr(first, " = ");
    const size_t length = equals != NULL ? (size_t)(equals - first) : 0;
    bool same = length > 0;
    RW_TRY(RW_ARENA_NEW(page->figures->arena, page->legends, cohort->n_groups));
    for (size_t g = 0; g < cohort->n_groups; g++)
        same = same && strncmp(cohort->groups[g], first, length + 3) == 0 &&
               strstr(cohort->groups[g] + length + 3, " = ") == NULL;
    for (size_t g = 0; g < cohort->n_groups; g++)
        page->legends[g] = cohort->groups[g] + (same ? length + 3 : 0);
    return rw_figures_text(page->figures, &page->legend_title, "%.*s", same ? (int)length : 0, first);
}

/* Every row of a design in an arm as a dot over a parameter: the mean of its runs. */
static rw_err add_dots(const rw_cohort_page *page, rw_figure *figure, const rw_outcome *outcome, size_t parameter,
                       size_t arm) {
    const rw_cohort *cohort = page->cohort;
    const rw_sweep_plan *plan = cohort->sweep->plan;
    const size_t rows = cohort->n_groups / plan->n_arms;
    double *x = NULL;
    RW_TRY(RW_ARENA_NEW(page->figures->arena, x, 2 * rows));
    for (size_t i = 0; i < rows; i++) {
        const double *values = outcome->values + (i * plan->n_arms + arm) * cohort->n_units;
        x[i] = cohort->sweep->points.points[i * plan->n_arms * cohort->n_units].numbers[parameter];
        x[rows + i] = gsl_stats_mean(values, 1, cohort->n_units);
    }
    return rw_figure_trace(
        page->figures, figure,
        (rw_trace){
            .label = plan->arms[arm].name, .kind = RW_MARK_DOTS, .colour = (int)arm, .n = rows, .x = x, .y = x + rows});
}

static rw_err scatter_figure(const rw_cohort_page *page, const rw_outcome *outcome, size_t index, size_t number) {
    const rw_sweep_plan *plan = page->cohort->sweep->plan;
    const rw_sweep_parameter *parameter = &plan->parameters[index];
    rw_figure *figure = NULL;
    const char *id = NULL, *name = NULL, *sentence = NULL, *title = NULL, *caption = NULL;
    RW_TRY(rw_cohort_page_describe(page, outcome, &name, &sentence));
    RW_TRY(rw_figures_text(page->figures, &id, "scatter_%zu", number));
    RW_TRY(rw_figures_text(page->figures, &title, "%s, by %s", name, parameter->name));
    RW_TRY(rw_figures_text(page->figures, &caption,
                           "%s (%s). A dot for every point of the design, mean of its runs. %s.", sentence,
                           outcome->name, page->span));
    RW_TRY(rw_figures_add(
        page->figures,
        (rw_figure){.id = id,
                    .title = title,
                    .caption = caption,
                    .x = {.label = parameter->name, .unit = parameter->unit, .logarithmic = parameter->logarithmic},
                    .y = {.label = rw_measure_quantity(outcome->name), .unit = outcome->unit}},
        &figure));
    for (size_t arm = 0; arm < plan->n_arms; arm++)
        RW_TRY(add_dots(page, figure, outcome, index, arm));
    return RW_OK;
}

static rw_err scatter_figures(const rw_cohort_page *page) {
    const rw_cohort *cohort = page->cohort;
    const rw_sweep_plan *plan = cohort->sweep->plan;
    size_t shown = 0;
    for (size_t o = 0; o < cohort->n_outcomes && shown < 2 * RW_OUTCOMES_SHOWN; o++)
        for (size_t p = 0; p < plan->n_parameters && rw_outcome_is_compared(cohort, o, page->patterns); p++)
            if (plan->parameters[p].unit != NULL)
                RW_TRY(scatter_figure(page, &cohort->outcomes[o], p, shown++));
    return RW_OK;
}

/* "4 seeds per scenario, 1 to 4" */
static rw_err describe_units(rw_cohort_page *page) {
    const rw_cohort *cohort = page->cohort;
    const char *const many = cohort->n_units == 1 ? "" : "s";
    if (cohort->sweep == NULL)
        return rw_figures_text(page->figures, &page->span, "%zu %s%s per scenario", cohort->n_units, cohort->unit_name,
                               many);
    const rw_point *points = cohort->sweep->points.points;
    const char *const word = strcmp(cohort->unit_name, "seed") == 0 ? "" : "seeds ";
    return rw_figures_text(page->figures, &page->span,
                           cohort->n_units > 1 ? "%zu %s%s per scenario, %s%llu to %llu"
                                               : "%zu %s%s per scenario, %s%llu",
                           cohort->n_units, cohort->unit_name, many, word, (unsigned long long)points[0].seed,
                           (unsigned long long)points[cohort->n_units - 1].seed);
}

rw_err rw_report_cohort(rw_figures *figures, const rw_cohort *cohort, const char *patterns) {
    const rw_sweep_plan *plan = cohort->sweep != NULL ? cohort->sweep->plan : NULL;
    rw_cohort_page page = {.figures = figures, .cohort = cohort, .patterns = patterns};
    const rw_effect *effects = NULL;
    size_t n_effects = 0;
    RW_TRY(describe_units(&page));
    RW_TRY(make_legends(&page));
    const bool cube = plan != NULL && plan->design >= RW_DESIGN_LHS;
    const bool curve = rw_cohort_has_abscissa(cohort);
    page.is_ordered = curve && plan->n_arms == 1;
    if (plan != NULL && plan->recovery.series != NULL)
        RW_TRY(rw_report_recovery(&page, &plan->recovery));
    RW_TRY(rw_report_recall(&page));
    if (curve)
        RW_TRY(rw_report_responses(&page));
    if (cohort->n_groups <= RW_GROUPS_SHOWN)
        RW_TRY(rw_report_courses(&page));
    if (cohort->n_groups > 1 && cohort->n_groups <= RW_GROUPS_SHOWN + 1) {
        RW_TRY(rw_compare(cohort, &(rw_compare_options){.patterns = patterns, .seed = 1}, &effects, &n_effects));
        RW_TRY(rw_report_effects(&page, effects, n_effects));
    }
    if (plan != NULL && rw_report_has_plane(plan))
        return rw_report_maps(figures, cohort, patterns, page.span);
    if (cube || (plan != NULL && plan->n_parameters > 1 && !curve))
        return scatter_figures(&page);
    return curve ? RW_OK : rw_report_runs(&page);
}
