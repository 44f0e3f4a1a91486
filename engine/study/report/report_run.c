/* The figures of one run. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "config/parse.h"
#include "io/recorders.h"
#include "study/report/report_measures.h"
#include "study/report/report_run.h"
#include "study/report/report_structure.h"

enum { TURNOVER_BINS = 60 };

/* ---- series ---- */

rw_err rw_report_series(const rw_run_page *it, rw_figure *figure, const char *dataset, const char *label, int colour,
                        bool dashed) {
    rw_result_numbers series;
    RW_TRY(rw_result_in_numbers(it->result, "series.h5", dataset, &series));
    if (series.rows == 0 || series.rows != it->time.rows)
        return RW_OK;
    return rw_figure_trace(it->figures, figure,
                           (rw_trace){.label = label,
                                      .kind = RW_MARK_LINE,
                                      .colour = colour,
                                      .n = series.rows,
                                      .x = it->at,
                                      .y = series.values,
                                      .dashed = dashed});
}

rw_err rw_report_begin(const rw_run_page *it, const char *id, const char *title, rw_axis y, const char *what,
                       rw_figure **figure) {
    const char *caption = NULL;
    RW_TRY(rw_figures_text(it->figures, &caption, "%s %s.", what, it->span));
    return rw_figures_add(
        it->figures,
        (rw_figure){.id = id, .title = title, .caption = caption, .x = it->time_axis, .y = y, .interactive = true},
        figure);
}

/* The dataset GROUP/OBJECT/NAME as a line. */
static rw_err add_series(const rw_run_page *it, rw_figure *figure, const char *group, const char *object,
                         const char *name, const char *label, int colour) {
    return rw_report_series(it, figure, rw_path_of("/%s/%s/%s", group, object, name).text, label, colour, false);
}

rw_err rw_report_series_figure(const rw_run_page *it, const char *id, const char *title, rw_axis y, const char *group,
                               const char *const *objects, size_t n, const char *name, const char *what,
                               rw_figure **made) {
    rw_figure *figure = NULL;
    RW_TRY(rw_report_begin(it, id, title, y, what, &figure));
    for (size_t i = 0; i < n; i++)
        RW_TRY(add_series(it, figure, group, objects[i], name, objects[i], (int)i));
    if (figure->n_traces == 0) {
        it->figures->count--;
        figure = NULL;
    }
    if (made != NULL)
        *made = figure;
    return RW_OK;
}

/* The stages of growth signals, and what comes of them. */
static rw_err signal_figures(rw_run_page *it) {
    const rw_scenario *scenario = it->scenario;
    rw_figure *stages = NULL, *formation = NULL;
    const char *names[2] = {NULL};
    int colour = 0;
    if (scenario == NULL || scenario->n_signals == 0)
        return RW_OK;
    for (int k = 0; k < 2; k++)
        RW_TRY(rw_figures_text(it->figures, &names[k],
                               k == 0 ? "Drive u and what it leads to. %s."
                                      : "Factor on the formation of synaptic elements; 1: as without a signal. %s.",
                               it->span));
    RW_TRY(rw_figures_add(it->figures,
                          (rw_figure){.id = "signals",
                                      .title = "Growth signals",
                                      .caption = names[0],
                                      .x = it->time_axis,
                                      .y = {.label = "drive and signal", .unit = "1"},
                                      .interactive = true},
                          &stages));
    for (size_t s = 0; s < scenario->n_signals; s++) {
        const rw_signal_spec *spec = &scenario->signals[s];
        const char *label = NULL;
        RW_TRY(rw_figures_text(it->figures, &label, "%s, u", spec->name));
        RW_TRY(add_series(it, stages, "signals", spec->name, "u", label, colour++));
        for (size_t f = 0; f < spec->model->n_fields; f++) {
            if (spec->model->fields[f].role != RW_STATE)
                continue;
            RW_TRY(rw_figures_text(it->figures, &label, "%s, %s", spec->name, spec->model->fields[f].name));
            RW_TRY(add_series(it, stages, "signals", spec->name, spec->model->fields[f].name, label, colour++));
        }
    }
    RW_TRY(rw_figures_add(it->figures,
                          (rw_figure){.id = "formation",
                                      .title = "Formation of synaptic elements",
                                      .caption = names[1],
                                      .x = it->time_axis,
                                      .y = {.label = "factor", .unit = "1"},
                                      .interactive = true},
                          &formation));
    for (size_t s = 0; s < scenario->n_signals; s++)
        RW_TRY(add_series(it, formation, "signals", scenario->signals[s].name, "formation", scenario->signals[s].name,
                          (int)s));
    return RW_OK;
}

/* The level that a growth rule aims for; NaN if there is none. */
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
static rw_err name_target(rw_run_page *it, const rw_growth_spec *rule, const char **label) {
    const char *population = it->scenario->populations[rule->population].name;
    for (size_t g = 0; g < it->scenario->n_growth; g++) {
        const rw_growth_spec *other = &it->scenario->growth[g];
        if (other->population == rule->population && fabs(target_of(other) - target_of(rule)) > 0.0)
            return rw_figures_text(it->figures, label, "target of %s.%s", population, rw_element_name(rule->element));
    }
    return rw_figures_text(it->figures, label, "target of %s", population);
}

static rw_err add_targets(rw_run_page *it, rw_figure *figure) {
    for (size_t g = 0; it->scenario != NULL && g < it->scenario->n_growth; g++) {
        const rw_growth_spec *rule = &it->scenario->growth[g];
        const char *label = NULL;
        double *ends = NULL;
        if (isnan(target_of(rule)) || is_drawn(it->scenario, g))
            continue;
        RW_TRY(RW_ARENA_NEW(it->figures->arena, ends, 4));
        ends[0] = it->at[0];
        ends[1] = it->at[it->time.rows - 1];
        ends[2] = ends[3] = target_of(rule);
        RW_TRY(name_target(it, rule, &label));
        RW_TRY(rw_figure_trace(
            it->figures, figure,
            (rw_trace){.label = label, .kind = RW_MARK_LINE, .colour = RW_DASHED, .n = 2, .x = ends, .y = ends + 2}));
    }
    return RW_OK;
}

/* Names of the projections whose synapses came or went; all weights of the others are in the table of weights. */
static rw_err changing_projections(rw_run_page *it, const char *const **names, size_t *n) {
    const char **list = NULL;
    RW_TRY(RW_ARENA_NEW(it->figures->arena, list, it->result->n_projections));
    *n = 0;
    for (size_t p = 0; p < it->result->n_projections; p++) {
        rw_result_numbers created, deleted;
        double events = 0.0;
        const char *name = it->result->projections[p];
        RW_TRY(
            rw_result_in_numbers(it->result, "series.h5", rw_path_of("/projections/%s/created", name).text, &created));
        RW_TRY(
            rw_result_in_numbers(it->result, "series.h5", rw_path_of("/projections/%s/deleted", name).text, &deleted));
        for (size_t i = 0; i < created.rows && i < deleted.rows; i++)
            events += created.values[i] + deleted.values[i];
        if (events > 0.0)
            list[(*n)++] = name;
    }
    *names = list;
    return RW_OK;
}

/* A span of whole updates of the connectivity and of some samples: between updates nothing changes, which would draw a
 * comb. */
static double turnover_span_ms(const rw_run_page *it) {
    const rw_scenario *scenario = it->scenario;
    const double update_ms = scenario != NULL ? (double)scenario->structure.every_steps * scenario->step_ms : 0.0;
    const double sample_ms = it->time.rows > 1 ? it->time.values[1] - it->time.values[0] : 0.0;
    const double span_ms = fmax(sample_ms, it->result->reached_ms / TURNOVER_BINS);
    return update_ms > 0.0 ? update_ms * ceil(span_ms / update_ms) : span_ms;
}

/* Events between samples as a rate over spans. */
static rw_err add_turnover(rw_run_page *it, rw_figure *figure, const char *projection, const char *name,
                           const char *label, int colour) {
    const double span_ms = turnover_span_ms(it);
    rw_result_numbers events;
    double *x = NULL;
    RW_TRY(rw_result_in_numbers(it->result, "series.h5", rw_path_of("/projections/%s/%s", projection, name).text,
                                &events));
    if (events.rows == 0 || events.rows != it->time.rows)
        return RW_OK;
    const size_t most = (size_t)ceil(it->result->reached_ms / span_ms);
    RW_TRY(RW_ARENA_NEW(it->figures->arena, x, 2 * most));
    double *y = x + most;
    for (size_t i = 0; i < events.rows; i++) {
        const double place = ceil(it->time.values[i] / span_ms - 1e-9) - 1.0;
        if (place >= 0.0 && place < (double)most)
            y[(size_t)place] += events.values[i];
    }
    for (size_t b = 0; b < most; b++) { /* the last span may be cut short */
        const double from_ms = span_ms * (double)b, to_ms = fmin(span_ms * (double)(b + 1), it->result->reached_ms);
        x[b] = 0.5 * (from_ms + to_ms) * it->units_per_ms;
        y[b] = 1e3 * y[b] / (to_ms - from_ms);
    }
    return rw_figure_trace(it->figures, figure,
                           (rw_trace){.label = label,
                                      .kind = RW_MARK_LINE,
                                      .colour = colour,
                                      .n = most,
                                      .x = x,
                                      .y = y,
                                      .dashed = name[0] == 'd'});
}

static rw_err turnover_figure(rw_run_page *it, const char *const *names, size_t n) {
    rw_figure *figure = NULL;
    const char *caption = NULL;
    RW_TRY(rw_figures_text(it->figures, &caption,
                           "Synapses that formed (lines) and vanished (dashed) in a second of the network, over spans "
                           "of %.6g s. %s.",
                           1e-3 * turnover_span_ms(it), it->span));
    RW_TRY(rw_figures_add(it->figures,
                          (rw_figure){.id = "turnover",
                                      .title = "Synapses formed and vanished",
                                      .caption = caption,
                                      .x = it->time_axis,
                                      .y = {.label = "synapses", .unit = "1/s"},
                                      .interactive = true},
                          &figure));
    for (size_t i = 0; i < n; i++) {
        const char *label = NULL;
        RW_TRY(rw_figures_text(it->figures, &label, "%s formed", names[i]));
        RW_TRY(add_turnover(it, figure, names[i], "created", label, 2 * (int)i));
        RW_TRY(rw_figures_text(it->figures, &label, "%s vanished", names[i]));
        RW_TRY(add_turnover(it, figure, names[i], "deleted", label, 2 * (int)i + 1));
    }
    return RW_OK;
}

/* "nmda on pv, sst" */
static rw_err name_blockade(rw_run_page *it, size_t index, const char **label) {
    const rw_scenario *scenario = it->scenario;
    char text[200];
    if (scenario == NULL || index >= scenario->n_factors)
        return rw_figures_text(it->figures, label, "blockade %zu", index);
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
    return rw_figures_text(it->figures, label, "%s", text);
}

static rw_err name_blockades(rw_run_page *it, rw_figure *figure) {
    for (size_t t = 0; figure != NULL && t < figure->n_traces; t++)
        RW_TRY(name_blockade(it, (size_t)strtoul(figure->traces[t].label, NULL, 10), &figure->traces[t].label));
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

static rw_err series_figures(rw_run_page *it) {
    const rw_result_in *r = it->result;
    const char *const *changing = NULL;
    size_t n_changing = 0;
    rw_figure *calcium = NULL, *blockades = NULL;
    RW_TRY(rw_report_drugs(it));
    RW_TRY(rw_report_series_figure(
        it, "conductance", "Factors on conductances", (rw_axis){.label = "factor", .unit = "1"}, "blockade",
        r->blockades, r->n_blockades, "factor",
        "What the conductance of receptors is multiplied by: below 1 blocked, above 1 strengthened.", &blockades));
    RW_TRY(name_blockades(it, blockades));
    fit_factors(blockades);
    RW_TRY(signal_figures(it));
    RW_TRY(rw_report_series_figure(it, "rates", "Firing rates", (rw_axis){.label = "rate", .unit = "Hz"}, "populations",
                                   r->populations, r->n_populations, "rate", "Mean rate per cell between samples.",
                                   NULL));
    RW_TRY(rw_report_acute(it));
    RW_TRY(rw_report_series_figure(
        it, "calcium", "Calcium and its target", (rw_axis){.label = "calcium", .unit = "1"}, "populations",
        r->populations, r->n_populations, "calcium",
        "Mean over cells; dashed: the level at which synaptic elements neither grow nor retract.", &calcium));
    if (calcium != NULL)
        RW_TRY(add_targets(it, calcium));
    RW_TRY(changing_projections(it, &changing, &n_changing));
    if (n_changing == 0)
        return RW_OK;
    RW_TRY(rw_report_series_figure(it, "synapses", "Synapses", (rw_axis){.label = "synapses"}, "projections", changing,
                                   n_changing, "synapses", "Live synapses of the projections that rewire.", NULL));
    return turnover_figure(it, changing, n_changing);
}

/* ---- everything ---- */

static rw_err open_run(rw_run_page *it) {
    const rw_result_in *r = it->result;
    double *at = NULL;
    /* A scenario with tables from files does not read back; only the targets and the signals are then missing. */
    if (rw_scenario_parse(&it->scenario, r->path, r->scenario_text, strlen(r->scenario_text), NULL, 0) != RW_OK)
        it->scenario = NULL;
    double scale = it->scenario != NULL ? it->scenario->time_scale : 1.0;
    it->time_axis = rw_axis_of_time(r->reached_ms, scale, &it->units_per_ms);
    RW_TRY(rw_figures_text(it->figures, &it->span, "One run of %.0f cells, seed %.0f", (double)r->neurons,
                           (double)r->seed));
    RW_TRY(rw_result_in_numbers(r, "series.h5", "/time", &it->time));
    RW_TRY(RW_ARENA_NEW(it->figures->arena, at, it->time.rows));
    for (size_t i = 0; i < it->time.rows; i++)
        at[i] = it->units_per_ms * it->time.values[i];
    it->at = at;
    return RW_OK;
}

rw_err rw_report_run(rw_figures *figures, const rw_result_in *result) {
    rw_run_page it = {.figures = figures, .result = result};
    rw_err err = open_run(&it);
    if (err == RW_OK)
        err = series_figures(&it);
    if (err == RW_OK)
        err = rw_report_spikes(&it);
    if (err == RW_OK)
        err = rw_report_structure(figures, result, it.scenario, it.span);
    if (err == RW_OK)
        err = rw_report_measures(figures, result, it.span, it.time_axis, it.units_per_ms);
    if (err == RW_OK)
        err = rw_report_survival(figures, result, it.scenario, it.span);
    rw_scenario_destroy(&it.scenario);
    return err;
}
