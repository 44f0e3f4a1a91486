#include "study/report/report_run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "config/parse.h"
#include "config/sections/growth_section.h"
#include "study/report/report_clock.h"
#include "study/report/report_drugs.h"
#include "study/report/report_measures.h"
#include "study/report/report_sessions.h"
#include "study/report/report_signals.h"
#include "study/report/report_spikes.h"
#include "study/report/report_structure.h"
#include "study/report/report_survival.h"
#include "study/report/report_turnover.h"
#include "study/report/run_page.h"

/* The target level of a growth rule; NaN if there is none. */
static double target_of(const rw_growth_spec *growth) {
    for (size_t s = 0; s < growth->n_settings; s++)
        if (strcmp(growth->model->fields[growth->settings[s].field].name, "epsilon") == 0)
            return growth->settings[s].value.a;
    return NAN;
}

static bool is_drawn(const rw_scenario *scenario, size_t rule) {
    for (size_t g = 0; g < rule; g++)
        if (target_of(&scenario->growth[g]) == target_of(&scenario->growth[rule]))
            return true;
    return false;
}

/* "exc" where all elements of a population have one target, else "exc.axon". */
static rw_err name_target(rw_run_page *page, const rw_growth_spec *rule, const char **label) {
    const char *population = page->scenario->populations[rule->population].name;
    for (size_t g = 0; g < page->scenario->n_growth; g++) {
        const rw_growth_spec *other = &page->scenario->growth[g];
        if (other->population == rule->population && fabs(target_of(other) - target_of(rule)) > 0.0)
            return rw_figures_text(page->figures, label, "target of %s.%s", population,
                                   rw_element_names[rule->element]);
    }
    return rw_figures_text(page->figures, label, "target of %s", population);
}

static rw_err add_targets(rw_run_page *page, rw_figure *figure) {
    for (size_t g = 0; page->scenario != NULL && g < page->scenario->n_growth; g++) {
        const rw_growth_spec *rule = &page->scenario->growth[g];
        const char *label = NULL;
        double *ends = NULL;
        if (isnan(target_of(rule)) || is_drawn(page->scenario, g))
            continue;
        RW_TRY(RW_ARENA_NEW(page->figures->arena, ends, 4));
        ends[0] = page->at[0];
        ends[1] = page->at[page->time.rows - 1];
        ends[2] = ends[3] = target_of(rule);
        RW_TRY(name_target(page, rule, &label));
        RW_TRY(rw_figure_trace(
            page->figures, figure,
            (rw_trace){.label = label, .kind = RW_MARK_LINE, .colour = RW_DASHED, .n = 2, .x = ends, .y = ends + 2}));
    }
    return RW_OK;
}

/* "nmda on pv, sst" */
static rw_err name_blockade(rw_run_page *page, size_t index, const char **label) {
    const rw_scenario *scenario = page->scenario;
    char text[200];
    if (scenario == NULL || index >= scenario->n_factors)
        return rw_figures_text(page->figures, label, "blockade %zu", index);
    const rw_factor_spec *spec = &scenario->factors[index];
    const bool *on_population = spec->on.on_population, *on_projection = spec->on.on_projection;
    size_t at = (size_t)snprintf(text, sizeof text, "%.40s on", spec->receptor->name);
    const char *gap = " ";
    for (size_t p = 0; p < scenario->n_populations && at < 120; p++, gap = on_population[p - 1] ? ", " : gap)
        if (on_population[p])
            at += (size_t)snprintf(text + at, sizeof text - at, "%s%.40s", gap, scenario->populations[p].name);
    for (size_t p = 0; p < scenario->n_projections && at < 120; p++)
        if (on_projection[p]) {
            at += (size_t)snprintf(text + at, sizeof text - at, "%s%.40s", gap, scenario->projections[p].name);
            gap = ", ";
        }
    return rw_figures_text(page->figures, label, "%s", text);
}

static rw_err name_blockades(rw_run_page *page, rw_figure *figure) {
    for (size_t t = 0; figure != NULL && t < figure->n_traces; t++)
        RW_TRY(name_blockade(page, (size_t)strtoul(figure->traces[t].label, NULL, 10), &figure->traces[t].label));
    return RW_OK;
}

/* From nothing to what is there, also where a signal strengthens receptors. */
static void fit_factors(rw_figure *figure) {
    double most = 1.0;
    for (size_t t = 0; figure != NULL && t < figure->n_traces; t++)
        for (size_t i = 0; i < figure->traces[t].n; i++)
            most = fmax(most, figure->traces[t].y[i]);
    if (figure != NULL)
        figure->y.max = 1.05 * most;
}

static rw_err series_figures(rw_run_page *page) {
    const rw_result_in *r = page->result;
    rw_figure *calcium = NULL, *blockades = NULL;
    RW_TRY(rw_report_drugs(page));
    RW_TRY(rw_run_page_series_figure(
        page, "conductance", RW_SERIES_FACTOR, NULL, r->blockades, r->n_blockades,
        "What the conductance of receptors is multiplied by: below 1 blocked, above 1 strengthened.", &blockades));
    RW_TRY(name_blockades(page, blockades));
    fit_factors(blockades);
    RW_TRY(rw_report_signals(page));
    RW_TRY(rw_report_sessions(page));
    RW_TRY(rw_run_page_series_figure(page, "rates", RW_SERIES_RATE, NULL, r->populations, r->n_populations,
                                     "Mean rate per cell between samples.", NULL));
    RW_TRY(rw_report_acute(page));
    RW_TRY(rw_run_page_series_figure(
        page, "calcium", RW_SERIES_CALCIUM, "Calcium and its target", r->populations, r->n_populations,
        "Mean over cells; dashed: the level at which synaptic elements neither grow nor retract.", &calcium));
    if (calcium != NULL)
        RW_TRY(add_targets(page, calcium));
    RW_TRY(rw_report_turnover(page));
    return rw_report_clock(page);
}

static rw_err open_run(rw_run_page *page) {
    const rw_result_in *r = page->result;
    double *at = NULL;
    /* A scenario with tables from files does not read back; only the targets and the signals are then missing. */
    rw_err err = rw_scenario_parse(&page->scenario, r->path, r->scenario_text, strlen(r->scenario_text), NULL, 0);
    if (err == RW_ERR_SYSTEM)
        return err;
    page->time_axis = rw_axis_of_time(r->reached_ms, &page->units_per_ms);
    RW_TRY(rw_figures_text(page->figures, &page->span, "One run of %.0f cells, seed %.0f", (double)r->neurons,
                           (double)r->seed));
    RW_TRY(rw_result_in_numbers(r, "series.h5", rw_series_path(RW_SERIES_TIME, "").text, &page->time));
    RW_TRY(RW_ARENA_NEW(page->figures->arena, at, page->time.rows));
    for (size_t i = 0; i < page->time.rows; i++)
        at[i] = page->units_per_ms * page->time.values[i];
    page->at = at;
    return RW_OK;
}

rw_err rw_report_run(rw_figures *figures, const rw_result_in *result) {
    rw_run_page page = {.figures = figures, .result = result};
    rw_err err = open_run(&page);
    if (err == RW_OK)
        err = series_figures(&page);
    if (err == RW_OK)
        err = rw_report_spikes(&page);
    if (err == RW_OK)
        err = rw_report_structure(figures, result, page.scenario, page.span);
    if (err == RW_OK)
        err = rw_report_measures(figures, result, page.span, page.time_axis, page.units_per_ms);
    if (err == RW_OK)
        err = rw_report_survival(figures, result, page.scenario, page.span);
    rw_scenario_destroy(&page.scenario);
    return err;
}
