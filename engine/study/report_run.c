/* The figures of one run. */
#include <gsl/gsl_fft_real.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "config/scenario.h"
#include "study/report_measures.h"
#include "study/report_structure.h"

enum { DOTS = 20000, RASTER_CELLS = 200, SEGMENT = 1024 };

/* What the figures of a run share. */
typedef struct {
    rw_figures *figures;
    const rw_result_in *result;
    rw_scenario *scenario; /* NULL: its text cannot be read back (tables from files) */
    const char *time_label, *time_unit;
    const char *span; /* "seed 1, 1,200 cells" */
    rw_result_numbers time;
    const double *at;    /* [time.rows] in the time unit */
    double units_per_ms; /* of that time, per ms of the run's */
} run;

static const char *unit_of_time(double until_ms, double *ms_per_unit) {
    static const struct {
        const char *name;
        double ms;
    } units[] = {{"ms", 1.0}, {"s", 1e3}, {"min", 6e4}, {"h", 3.6e6}, {"d", 8.64e7}};
    size_t i = 0;
    while (i < 4 && until_ms >= 2.0 * units[i + 1].ms)
        i++;
    *ms_per_unit = units[i].ms;
    return units[i].name;
}

static rw_axis time_axis(const run *it) {
    return (rw_axis){.label = it->time_label, .unit = it->time_unit};
}

/* ---- series ---- */

/* Adds the dataset GROUP/OBJECT/NAME of series.h5 as a line, if it is there and changes or must be shown. */
static rw_err add_series(run *it, rw_figure *figure, const char *group, const char *object, const char *name,
                         const char *label, int colour) {
    rw_result_numbers series;
    RW_TRY(rw_result_in_numbers(it->result, "series.h5", rw_path_of("/%s/%s/%s", group, object, name).text, &series));
    if (series.rows == 0 || series.rows != it->time.rows)
        return RW_OK;
    return rw_figure_trace(
        it->figures, figure,
        (rw_trace){
            .label = label, .kind = RW_MARK_LINE, .colour = colour, .n = series.rows, .x = it->at, .y = series.values});
}

/* A figure of one dataset of every object of a group; none if nobody has it. */
static rw_err series_figure(run *it, const char *id, const char *title, rw_axis y, const char *group,
                            const char *const *objects, size_t n, const char *name, const char *what,
                            rw_figure **made) {
    rw_figure *figure = NULL;
    const char *caption = NULL;
    RW_TRY(rw_figures_text(it->figures, &caption, "%s %s.", what, it->span));
    RW_TRY(rw_figures_add(
        it->figures,
        (rw_figure){.id = id, .title = title, .caption = caption, .x = time_axis(it), .y = y, .interactive = true},
        &figure));
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

/* Datasets of a group as lines, in the order of their names. */
static rw_err add_members(run *it, rw_figure *figure, const char *group, const char *object, const char *inside,
                          int *colour) {
    const char *const *names = NULL;
    size_t n = 0;
    RW_TRY(rw_result_in_datasets(it->result, "series.h5", rw_path_of("/%s/%s/%s", group, object, inside).text, &names,
                                 &n));
    for (size_t i = 0; i < n; i++) {
        const char *label = NULL;
        RW_TRY(rw_figures_text(it->figures, &label, "%s, %s", object, names[i]));
        RW_TRY(add_series(it, figure, group, object, rw_path_of("%s/%s", inside, names[i]).text, label, (*colour)++));
    }
    return RW_OK;
}

/* The course of drugs: how much there is, and what share of the receptors it blocks. */
static rw_err drug_figures(run *it) {
    rw_figure *figure = NULL;
    const char *caption = NULL;
    int colour = 0;
    if (it->result->n_drugs == 0)
        return RW_OK;
    RW_TRY(series_figure(it, "level", "Drug at the receptor", (rw_axis){.label = "concentration", .unit = "umol/l"},
                         "drugs", it->result->drugs, it->result->n_drugs, "at_receptor",
                         "Unbound drug at the receptor, with its metabolites by their affinity. Unless it is called "
                         "biological, time is the network's; the drug's may run faster (time.drug_speed).",
                         NULL));
    RW_TRY(rw_figures_text(it->figures, &caption,
                           "Share of receptors that the drug blocks, by population, receptor and "
                           "GluN2 subunit. %s.",
                           it->span));
    RW_TRY(rw_figures_add(it->figures,
                          (rw_figure){.id = "occupancy",
                                      .title = "Receptors blocked",
                                      .caption = caption,
                                      .x = time_axis(it),
                                      .y = {.label = "share blocked", .unit = "1"},
                                      .interactive = true},
                          &figure));
    for (size_t p = 0; p < it->result->n_populations; p++)
        RW_TRY(add_members(it, figure, "populations", it->result->populations[p], "occupancy", &colour));
    if (figure->n_traces == 0)
        it->figures->count--;
    return RW_OK;
}

/* The stages of growth signals, and what comes of them. */
static rw_err signal_figures(run *it) {
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
                                      .x = time_axis(it),
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
                                      .x = time_axis(it),
                                      .y = {.label = "factor", .unit = "1"},
                                      .interactive = true},
                          &formation));
    for (size_t s = 0; s < scenario->n_signals; s++)
        RW_TRY(add_series(it, formation, "signals", scenario->signals[s].name, "formation", scenario->signals[s].name,
                          (int)s));
    return RW_OK;
}

/* The level that growth rules of a population aim for; NaN if there is none. */
static double calcium_target(const rw_scenario *scenario, const char *population) {
    for (size_t g = 0; scenario != NULL && g < scenario->n_growth; g++) {
        const rw_growth_spec *growth = &scenario->growth[g];
        if (strcmp(scenario->populations[growth->population].name, population) != 0)
            continue;
        for (size_t s = 0; s < growth->n_settings; s++)
            if (strcmp(growth->model->fields[growth->settings[s].field].name, "epsilon") == 0)
                return growth->settings[s].value.a;
    }
    return NAN;
}

static rw_err add_targets(run *it, rw_figure *figure) {
    double last = NAN;
    for (size_t i = 0; i < it->result->n_populations; i++) {
        double target = calcium_target(it->scenario, it->result->populations[i]), *ends = NULL;
        const char *label = NULL;
        if (isnan(target) || target == last)
            continue;
        last = target;
        RW_TRY(RW_ARENA_NEW(it->figures->arena, ends, 4));
        ends[0] = it->at[0];
        ends[1] = it->at[it->time.rows - 1];
        ends[2] = ends[3] = target;
        RW_TRY(rw_figures_text(it->figures, &label, "target of %s", it->result->populations[i]));
        RW_TRY(rw_figure_trace(
            it->figures, figure,
            (rw_trace){.label = label, .kind = RW_MARK_LINE, .colour = RW_DASHED, .n = 2, .x = ends, .y = ends + 2}));
    }
    return RW_OK;
}

/* Names of the projections whose synapses came or went; all weights of the others are in the table of weights. */
static rw_err changing_projections(run *it, const char *const **names, size_t *n) {
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

static rw_err turnover_figure(run *it, const char *const *names, size_t n) {
    rw_figure *figure = NULL;
    const char *caption = NULL;
    RW_TRY(rw_figures_text(it->figures, &caption,
                           "Synapses that formed (lines) and vanished (dashed) between samples. %s.", it->span));
    RW_TRY(rw_figures_add(it->figures,
                          (rw_figure){.id = "turnover",
                                      .title = "Synapses formed and vanished",
                                      .caption = caption,
                                      .x = time_axis(it),
                                      .y = {.label = "synapses per sample"},
                                      .interactive = true},
                          &figure));
    for (size_t i = 0; i < n; i++) {
        const char *label = NULL;
        RW_TRY(rw_figures_text(it->figures, &label, "%s formed", names[i]));
        RW_TRY(add_series(it, figure, "projections", names[i], "created", label, 2 * (int)i));
        RW_TRY(rw_figures_text(it->figures, &label, "%s vanished", names[i]));
        RW_TRY(add_series(it, figure, "projections", names[i], "deleted", label, 2 * (int)i + 1));
        figure->traces[figure->n_traces - 1].dashed = true;
    }
    return RW_OK;
}

/* "nmda on pv, sst" */
static rw_err name_blockade(run *it, size_t index, const char **label) {
    const rw_scenario *scenario = it->scenario;
    char text[200];
    if (scenario == NULL || index >= scenario->n_blockades)
        return rw_figures_text(it->figures, label, "blockade %zu", index);
    const rw_blockade_spec *spec = &scenario->blockades[index];
    size_t at = (size_t)snprintf(text, sizeof text, "%.40s on", spec->receptor->name);
    const char *gap = " ";
    for (size_t p = 0; p < scenario->n_populations && at < 120; p++, gap = spec->on_population[p - 1] ? ", " : gap)
        if (spec->on_population[p])
            at += (size_t)snprintf(text + at, sizeof text - at, "%s%.40s", gap, scenario->populations[p].name);
    for (size_t p = 0; p < scenario->n_projections && at < 120; p++)
        if (spec->on_projection[p]) {
            at += (size_t)snprintf(text + at, sizeof text - at, "%s%.40s", gap, scenario->projections[p].name);
            gap = ", ";
        }
    return rw_figures_text(it->figures, label, "%s", text);
}

static rw_err name_blockades(run *it, rw_figure *figure) {
    for (size_t t = 0; figure != NULL && t < figure->n_traces; t++)
        RW_TRY(name_blockade(it, (size_t)strtoul(figure->traces[t].label, NULL, 10), &figure->traces[t].label));
    return RW_OK;
}

static rw_err series_figures(run *it) {
    const rw_result_in *r = it->result;
    const char *const *changing = NULL;
    size_t n_changing = 0;
    rw_figure *calcium = NULL, *blockades = NULL;
    RW_TRY(drug_figures(it));
    RW_TRY(series_figure(it, "conductance", "What blockades leave of the conductance",
                         (rw_axis){.label = "factor", .unit = "1", .max = 1.05}, "blockade", r->blockades,
                         r->n_blockades, "factor", "What is left of the conductance of each receptor; 1 is no block.",
                         &blockades));
    RW_TRY(name_blockades(it, blockades));
    RW_TRY(signal_figures(it));
    RW_TRY(series_figure(it, "rates", "Firing rates", (rw_axis){.label = "rate", .unit = "Hz"}, "populations",
                         r->populations, r->n_populations, "rate", "Mean rate per cell between samples.", NULL));
    RW_TRY(series_figure(it, "calcium", "Calcium and its target", (rw_axis){.label = "calcium", .unit = "1"},
                         "populations", r->populations, r->n_populations, "calcium",
                         "Mean over cells; dashed: the level at which synaptic elements neither grow nor retract.",
                         &calcium));
    if (calcium != NULL)
        RW_TRY(add_targets(it, calcium));
    RW_TRY(changing_projections(it, &changing, &n_changing));
    if (n_changing == 0)
        return RW_OK;
    RW_TRY(series_figure(it, "synapses", "Synapses", (rw_axis){.label = "synapses"}, "projections", changing,
                         n_changing, "synapses", "Live synapses of the projections that rewire.", NULL));
    return turnover_figure(it, changing, n_changing);
}

/* ---- spikes ---- */

typedef struct {
    rw_result_numbers ms, id;
} spikes;

static rw_err read_spikes(const run *it, const char *population, spikes *of) {
    RW_TRY(
        rw_result_in_numbers(it->result, "spikes.h5", rw_path_of("/spikes/%s/timestamps", population).text, &of->ms));
    RW_TRY(rw_result_in_numbers(it->result, "spikes.h5", rw_path_of("/spikes/%s/node_ids", population).text, &of->id));
    if (of->ms.rows != of->id.rows)
        of->ms.rows = of->id.rows = 0;
    return RW_OK;
}

/* Dots of the first cells of a population over the last seconds, each on its own line above `base`. */
static rw_err raster_trace(run *it, rw_figure *figure, size_t population, double from_ms, double cells, double base) {
    spikes of;
    double *x = NULL;
    size_t n = 0;
    RW_TRY(read_spikes(it, it->result->populations[population], &of));
    RW_TRY(RW_ARENA_NEW(it->figures->arena, x, 2 * of.ms.rows));
    double *y = x + of.ms.rows;
    for (size_t i = 0; i < of.ms.rows && n < DOTS; i++)
        if (of.ms.values[i] > from_ms && of.id.values[i] < cells) {
            x[n] = 1e-3 * of.ms.values[i];
            y[n++] = base + of.id.values[i];
        }
    return n == 0 ? RW_OK
                  : rw_figure_trace(it->figures, figure,
                                    (rw_trace){.label = it->result->populations[population],
                                               .kind = RW_MARK_DOTS,
                                               .colour = (int)population,
                                               .n = n,
                                               .x = x,
                                               .y = y});
}

static rw_err cells_of(const run *it, const char *population, double *cells) {
    rw_result_numbers ids;
    RW_TRY(rw_result_in_numbers(it->result, "nodes.h5", rw_path_of("/nodes/%s/node_id", population).text, &ids));
    *cells = (double)ids.rows;
    return RW_OK;
}

static rw_err raster_figure(run *it) {
    const rw_result_in *r = it->result;
    double total = 0.0, base = 0.0;
    double seconds = 1.0, from_ms = fmax(0.0, r->reached_ms - 1e3 * seconds);
    rw_figure *figure = NULL;
    const char *caption = NULL;
    for (size_t p = 0; p < r->n_populations; p++) {
        double cells = 0.0;
        RW_TRY(cells_of(it, r->populations[p], &cells));
        total += cells;
    }
    RW_TRY(rw_figures_text(it->figures, &caption,
                           "Spikes of the last second of some %d cells, of each population in its share. %s.",
                           RASTER_CELLS, it->span));
    RW_TRY(rw_figures_add(it->figures,
                          (rw_figure){.id = "raster",
                                      .title = "Spikes",
                                      .caption = caption,
                                      .x = {.label = "time", .unit = "s"},
                                      .y = {.label = "cell"},
                                      .interactive = true},
                          &figure));
    for (size_t p = 0; p < r->n_populations; p++) {
        double cells = 0.0;
        RW_TRY(cells_of(it, r->populations[p], &cells));
        double some = total > RASTER_CELLS ? fmin(cells, fmax(10.0, ceil(RASTER_CELLS * cells / total))) : cells;
        RW_TRY(raster_trace(it, figure, p, from_ms, some, base));
        base += some;
    }
    if (figure->n_traces == 0)
        it->figures->count--;
    return RW_OK;
}

/* Power of the population's rate (bins of 1 ms) after Welch: segments that overlap by half, under Hann's window. */
static rw_err spectrum_trace(run *it, rw_figure *figure, size_t population) {
    spikes of;
    double *rate = NULL, *power = NULL, *hz = NULL, cells = 1.0;
    const double until_ms = it->result->reached_ms;
    const size_t bins = until_ms < 1e8 ? (size_t)until_ms : 0;
    size_t segments = 0;
    RW_TRY(read_spikes(it, it->result->populations[population], &of));
    RW_TRY(cells_of(it, it->result->populations[population], &cells));
    if (of.ms.rows == 0 || bins < SEGMENT || cells < 1.0)
        return RW_OK;
    RW_TRY(RW_NEW(rate, bins, "spectrum"));
    for (size_t i = 0; i < of.ms.rows; i++) {
        size_t bin = (size_t)of.ms.values[i];
        if (bin < bins)
            rate[bin] += 1e3 / cells;
    }
    rw_err err = RW_ARENA_NEW(it->figures->arena, power, SEGMENT / 2);
    if (err == RW_OK)
        err = RW_ARENA_NEW(it->figures->arena, hz, SEGMENT / 2);
    for (size_t from = 0; err == RW_OK && from + SEGMENT <= bins; from += SEGMENT / 2, segments++) {
        double part[SEGMENT], mean = 0.0;
        for (size_t i = 0; i < SEGMENT; i++)
            mean += rate[from + i] / SEGMENT;
        for (size_t i = 0; i < SEGMENT; i++)
            part[i] = (rate[from + i] - mean) * 0.5 * (1.0 - cos(2.0 * M_PI * (double)i / SEGMENT));
        (void)gsl_fft_real_radix2_transform(part, 1, SEGMENT); /* fails only for other lengths */
        for (size_t k = 1; k < SEGMENT / 2; k++)               /* one-sided density; the window's mean square is 3/8 */
            power[k - 1] += 2.0 * (part[k] * part[k] + part[SEGMENT - k] * part[SEGMENT - k]) / (1e3 * SEGMENT * 0.375);
    }
    for (size_t k = 1; err == RW_OK && k < SEGMENT / 2; k++) {
        hz[k - 1] = 1e3 * (double)k / SEGMENT;
        power[k - 1] /= (double)segments;
    }
    rw_free(rate);
    RW_TRY(err);
    return rw_figure_trace(it->figures, figure,
                           (rw_trace){.label = it->result->populations[population],
                                      .kind = RW_MARK_LINE,
                                      .colour = (int)population,
                                      .n = SEGMENT / 2 - 1,
                                      .x = hz,
                                      .y = power});
}

static rw_err spectrum_figure(run *it) {
    rw_figure *figure = NULL;
    const char *caption = NULL;
    RW_TRY(rw_figures_text(it->figures, &caption,
                           "Power of the population rate (Welch, 1 ms bins, segments of 1.024 s). %s.", it->span));
    RW_TRY(rw_figures_add(it->figures,
                          (rw_figure){.id = "spectrum",
                                      .title = "Spectrum of the population rate",
                                      .caption = caption,
                                      .x = {.label = "frequency", .unit = "Hz", .logarithmic = true},
                                      .y = {.label = "power", .unit = "Hz\u00b2/Hz", .logarithmic = true},
                                      .interactive = true},
                          &figure));
    for (size_t p = 0; p < it->result->n_populations; p++)
        RW_TRY(spectrum_trace(it, figure, p));
    if (figure->n_traces == 0)
        it->figures->count--;
    return RW_OK;
}

/* ---- everything ---- */

static rw_err open_run(run *it) {
    const rw_result_in *r = it->result;
    double *at = NULL, ms_per_unit = 1.0;
    /* A scenario with tables from files does not read back; only the targets and the signals are then missing. */
    if (rw_scenario_parse(&it->scenario, r->path, r->scenario_text, strlen(r->scenario_text), NULL, 0) != RW_OK)
        it->scenario = NULL;
    double scale = it->scenario != NULL ? it->scenario->time_scale : 1.0;
    it->time_label = scale != 1.0 ? "biological time" : "time";
    it->time_unit = unit_of_time(scale * r->reached_ms, &ms_per_unit);
    it->units_per_ms = scale / ms_per_unit;
    RW_TRY(rw_figures_text(it->figures, &it->span, "One run of %.0f cells, seed %.0f", (double)r->neurons,
                           (double)r->seed));
    RW_TRY(rw_result_in_numbers(r, "series.h5", "/time", &it->time));
    RW_TRY(RW_ARENA_NEW(it->figures->arena, at, it->time.rows));
    for (size_t i = 0; i < it->time.rows; i++)
        at[i] = scale * it->time.values[i] / ms_per_unit;
    it->at = at;
    return RW_OK;
}

rw_err rw_report_run(rw_figures *figures, const rw_result_in *result) {
    run it = {.figures = figures, .result = result};
    rw_err err = open_run(&it);
    if (err == RW_OK)
        err = series_figures(&it);
    if (err == RW_OK)
        err = raster_figure(&it);
    if (err == RW_OK)
        err = spectrum_figure(&it);
    if (err == RW_OK)
        err = rw_report_structure(figures, result, it.scenario, it.span);
    if (err == RW_OK)
        err = rw_report_measures(figures, result, it.span, time_axis(&it), it.units_per_ms);
    rw_scenario_destroy(&it.scenario);
    return err;
}
