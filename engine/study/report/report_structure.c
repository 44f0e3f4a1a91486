/* The figures of the connectivity of a run, from its snapshots. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "study/report/report_structure.h"

enum { BINS = 40, MATRIX = 64, FEWEST = 4, FRAMES = 24 };

typedef struct {
    rw_figures *figures;
    const rw_result_in *result;
    const rw_scenario *scenario;
    const char *span;
    size_t projection; /* the one whose distributions are shown */
} structure;

typedef struct {
    rw_result_numbers source, target, weight;
} edges;

static rw_err read_edges(const structure *it, size_t snapshot, const char *projection, edges *of) {
    const char *file = it->result->snapshots[snapshot].file;
    RW_TRY(
        rw_result_in_numbers(it->result, file, rw_path_of("/edges/%s/source_node_id", projection).text, &of->source));
    RW_TRY(
        rw_result_in_numbers(it->result, file, rw_path_of("/edges/%s/target_node_id", projection).text, &of->target));
    RW_TRY(rw_result_in_numbers(it->result, file, rw_path_of("/edges/%s/0/syn_weight", projection).text, &of->weight));
    RW_CHECK(of->source.rows == of->target.rows, RW_ERR_INPUT, "%s/%s: %s has %zu sources and %zu targets",
             it->result->path, file, projection, of->source.rows, of->target.rows);
    return RW_OK;
}

/* The structural projection with most synapses at the end; without one, the largest. */
static rw_err choose_projection(structure *it) {
    double most = -1.0;
    for (size_t p = 0; p < it->scenario->n_projections; p++) {
        edges of;
        RW_TRY(read_edges(it, it->result->n_snapshots - 1, it->scenario->projections[p].name, &of));
        double rank = (double)of.source.rows + (it->scenario->projections[p].structural ? 1e15 : 0.0);
        if (rank > most && of.source.rows > 0) {
            most = rank;
            it->projection = p;
        }
    }
    return RW_OK;
}

/* ---- histograms ---- */

/* Adds the counts of values in equal bins of [min, max] as steps; dashed for the first of two snapshots. */
static rw_err add_histogram(structure *it, rw_figure *figure, const double *values, size_t n, double min, double max,
                            const char *label, int colour, bool dashed) {
    double *x = NULL;
    RW_TRY(RW_ARENA_NEW(it->figures->arena, x, 2 * (BINS + 1)));
    double *y = x + BINS + 1;
    for (size_t b = 0; b <= BINS; b++)
        x[b] = min + (max - min) * (double)b / BINS;
    for (size_t i = 0; i < n; i++) {
        double place = (values[i] - min) / (max - min) * BINS;
        if (place >= 0.0 && place <= BINS)
            y[place < BINS ? (size_t)place : BINS - 1]++;
    }
    y[BINS] = y[BINS - 1];
    return rw_figure_trace(
        it->figures, figure,
        (rw_trace){
            .label = label, .kind = RW_MARK_STEPS, .colour = colour, .n = BINS + 1, .x = x, .y = y, .dashed = dashed});
}

static double largest_of(const double *values, size_t n, double most) {
    for (size_t i = 0; i < n; i++)
        most = fmax(most, values[i]);
    return most;
}

/* Synapses of each of `count` cells. */
static rw_err degrees(const structure *it, const rw_result_numbers *ids, uint64_t count, const double **degree) {
    double *of = NULL;
    RW_TRY(RW_ARENA_NEW(it->figures->arena, of, (size_t)count));
    for (size_t i = 0; i < ids->rows; i++)
        if (ids->values[i] >= 0.0 && ids->values[i] < (double)count)
            of[(size_t)ids->values[i]]++;
    *degree = of;
    return RW_OK;
}

static rw_err degree_figure(structure *it, const edges *first, const edges *last) {
    const rw_projection_spec *spec = &it->scenario->projections[it->projection];
    const uint64_t sources = it->scenario->populations[spec->source].count;
    const uint64_t targets = it->scenario->populations[spec->target].count;
    const double *in[2], *out[2];
    const edges *of[2] = {first, last};
    rw_figure *figure = NULL;
    const char *caption = NULL;
    double most = 1.0;
    for (size_t s = 0; s < 2; s++) {
        RW_TRY(degrees(it, &of[s]->target, targets, &in[s]));
        RW_TRY(degrees(it, &of[s]->source, sources, &out[s]));
        most = largest_of(out[s], sources, largest_of(in[s], targets, most));
    }
    most = BINS * ceil((most + 1.0) / BINS);
    RW_TRY(rw_figures_text(it->figures, &caption, "Cells by their synapses of %s, %s (dashed) and %s. %s.", spec->name,
                           "at the first snapshot", "at the last", it->span));
    RW_TRY(rw_figures_add(it->figures,
                          (rw_figure){.id = "degrees",
                                      .title = "Degrees",
                                      .caption = caption,
                                      .x = {.label = "synapses per cell"},
                                      .y = {.label = "cells"},
                                      .interactive = true},
                          &figure));
    RW_TRY(add_histogram(it, figure, in[0], targets, 0.0, most, "in, first", 0, true));
    RW_TRY(add_histogram(it, figure, in[1], targets, 0.0, most, "in, last", 0, false));
    RW_TRY(add_histogram(it, figure, out[0], sources, 0.0, most, "out, first", 1, true));
    return add_histogram(it, figure, out[1], sources, 0.0, most, "out, last", 1, false);
}

static rw_err weight_figure(structure *it, const edges *first, const edges *last) {
    rw_figure *figure = NULL;
    const char *caption = NULL, *unit = NULL;
    double least = INFINITY, most = -INFINITY;
    const edges *of[2] = {first, last};
    for (size_t s = 0; s < 2; s++)
        for (size_t i = 0; i < of[s]->weight.rows; i++) {
            least = fmin(least, of[s]->weight.values[i]);
            most = fmax(most, of[s]->weight.values[i]);
        }
    const char *name = it->scenario->projections[it->projection].name;
    if (!(most > least))
        return RW_OK; /* all the same: one number, no distribution */
    RW_TRY(rw_result_in_unit(it->result, it->result->snapshots[0].file, rw_path_of("/edges/%s/0/syn_weight", name).text,
                             &unit));
    RW_TRY(rw_figures_text(it->figures, &caption, "Synapses of %s by weight. %s.", name, it->span));
    RW_TRY(rw_figures_add(it->figures,
                          (rw_figure){.id = "weights",
                                      .title = "Weights",
                                      .caption = caption,
                                      .x = {.label = "weight", .unit = unit},
                                      .y = {.label = "synapses"},
                                      .interactive = true},
                          &figure));
    RW_TRY(add_histogram(it, figure, first->weight.values, first->weight.rows, least, most, "first", 0, true));
    return add_histogram(it, figure, last->weight.values, last->weight.rows, least, most, "last", 0, false);
}

/* ---- space ---- */

typedef struct {
    rw_result_numbers axis[3];
} positions;

static rw_err read_positions(const structure *it, uint32_t population, positions *of) {
    static const char *const names[] = {"x", "y", "z"};
    for (int d = 0; d < 3; d++)
        RW_TRY(rw_result_in_numbers(
            it->result, "nodes.h5",
            rw_path_of("/nodes/%s/0/%s", it->scenario->populations[population].name, names[d]).text, &of->axis[d]));
    return RW_OK;
}

static rw_err distances(const structure *it, const edges *of, const positions *from, const positions *to,
                        const double **um) {
    const rw_scenario *scenario = it->scenario;
    double *list = NULL;
    RW_TRY(RW_ARENA_NEW(it->figures->arena, list, of->source.rows));
    for (size_t i = 0; i < of->source.rows; i++) {
        size_t s = (size_t)of->source.values[i], t = (size_t)of->target.values[i];
        double sum = 0.0;
        for (int d = 0; d < scenario->dimensions; d++) {
            if (s >= from->axis[d].rows || t >= to->axis[d].rows)
                return rw_fail(RW_ERR_INPUT, "%s: a synapse names a cell that nodes.h5 does not have",
                               it->result->path);
            double apart = fabs(from->axis[d].values[s] - to->axis[d].values[t]);
            if (scenario->periodic)
                apart = fmin(apart, scenario->size_um[d] - apart);
            sum += apart * apart;
        }
        list[i] = sqrt(sum);
    }
    *um = list;
    return RW_OK;
}

static rw_err distance_figure(structure *it, const edges *first, const edges *last) {
    const rw_projection_spec *spec = &it->scenario->projections[it->projection];
    positions from, to;
    const double *um[2] = {NULL, NULL};
    rw_figure *figure = NULL;
    const char *caption = NULL;
    if (it->scenario->dimensions == 0)
        return RW_OK;
    RW_TRY(read_positions(it, spec->source, &from));
    RW_TRY(read_positions(it, spec->target, &to));
    RW_TRY(distances(it, first, &from, &to, &um[0]));
    RW_TRY(distances(it, last, &from, &to, &um[1]));
    double most = largest_of(um[1], last->source.rows, largest_of(um[0], first->source.rows, 1.0));
    RW_TRY(rw_figures_text(it->figures, &caption, "Synapses of %s by the distance of their cells%s. %s.", spec->name,
                           it->scenario->periodic ? " (periodic space)" : "", it->span));
    RW_TRY(rw_figures_add(it->figures,
                          (rw_figure){.id = "distances",
                                      .title = "Distances",
                                      .caption = caption,
                                      .x = {.label = "distance", .unit = "um"},
                                      .y = {.label = "synapses"},
                                      .interactive = true},
                          &figure));
    RW_TRY(add_histogram(it, figure, um[0], first->source.rows, 0.0, most, "first", 0, true));
    return add_histogram(it, figure, um[1], last->source.rows, 0.0, most, "last", 0, false);
}

/* ---- the matrix ---- */

/* Which row of the matrix each cell falls into. */
typedef struct {
    size_t **row;  /* [n_populations][count] */
    double *cells; /* [2 MATRIX] */
    size_t n;      /* rows used */
    size_t n_populations;
    const char **names; /* [n_populations] */
    size_t *ends;       /* [n_populations] row behind the last of each */
} layout;

typedef struct {
    double at;
    size_t id;
} placed;

static int by_place(const void *a, const void *b) {
    const placed *p = a, *q = b;
    if (p->at != q->at)
        return p->at > q->at ? 1 : -1;
    return (p->id > q->id) - (p->id < q->id);
}

/* Cells of a population in the order of their x, dealt to `rows` rows. */
static rw_err place_population(const structure *it, uint32_t population, size_t rows, layout *to) {
    const uint64_t count = it->scenario->populations[population].count;
    placed *order = NULL;
    positions of = {0};
    RW_TRY(RW_ARENA_NEW(it->figures->arena, to->row[population], (size_t)count));
    RW_TRY(RW_ARENA_NEW(it->figures->arena, order, (size_t)count));
    if (it->scenario->dimensions > 0)
        RW_TRY(read_positions(it, population, &of));
    for (size_t i = 0; i < count; i++)
        order[i] = (placed){i < of.axis[0].rows ? of.axis[0].values[i] : (double)i, i};
    qsort(order, (size_t)count, sizeof *order, by_place);
    for (size_t i = 0; i < count; i++) {
        size_t row = to->n + i * rows / (size_t)count;
        to->row[population][order[i].id] = row;
        to->cells[row]++;
    }
    to->n += rows;
    return RW_OK;
}

static rw_err make_layout(const structure *it, layout *to) {
    const rw_scenario *scenario = it->scenario;
    double total = 0.0;
    RW_TRY(RW_ARENA_NEW(it->figures->arena, to->row, scenario->n_populations));
    RW_TRY(RW_ARENA_NEW(it->figures->arena, to->cells, 2 * MATRIX));
    RW_TRY(RW_ARENA_NEW(it->figures->arena, to->names, scenario->n_populations));
    RW_TRY(RW_ARENA_NEW(it->figures->arena, to->ends, scenario->n_populations));
    for (size_t p = 0; p < scenario->n_populations; p++)
        total += (double)scenario->populations[p].count;
    for (uint32_t p = 0; p < scenario->n_populations; p++) {
        double count = (double)scenario->populations[p].count;
        double rows = fmin(count, fmax(FEWEST, floor(MATRIX * count / total)));
        if (to->n + (size_t)rows > 2 * MATRIX)
            return RW_OK; /* more populations than the matrix has room for: those that fit */
        RW_TRY(place_population(it, p, (size_t)rows, to));
        RW_TRY(rw_figures_text(it->figures, &to->names[p], "%s", scenario->populations[p].name));
        to->ends[p] = to->n;
        to->n_populations++;
    }
    return RW_OK;
}

static rw_err fill_frame(const structure *it, const layout *to, size_t snapshot, double *frame) {
    for (size_t p = 0; p < it->scenario->n_projections; p++) {
        const rw_projection_spec *spec = &it->scenario->projections[p];
        const size_t *sources = to->row[spec->source], *targets = to->row[spec->target];
        edges of;
        if (sources == NULL || targets == NULL)
            continue;
        RW_TRY(read_edges(it, snapshot, spec->name, &of));
        for (size_t i = 0; i < of.source.rows; i++) {
            size_t s = (size_t)of.source.values[i], t = (size_t)of.target.values[i];
            if (s < it->scenario->populations[spec->source].count && t < it->scenario->populations[spec->target].count)
                frame[sources[s] * to->n + targets[t]]++;
        }
    }
    for (size_t i = 0; i < to->n * to->n; i++) { /* per 100 pairs of cells, to three digits */
        double pairs = to->cells[i / to->n] * to->cells[i % to->n];
        frame[i] = pairs > 0.0 ? round(1e5 * frame[i] / pairs) / 1e3 : 0.0;
    }
    return RW_OK;
}

static rw_err matrix_figure(structure *it) {
    const rw_result_in *r = it->result;
    layout to = {0};
    rw_frames frames = {0};
    rw_figure *figure = NULL;
    const char *caption = NULL, **labels = NULL;
    double *values = NULL;
    char order[300] = "";
    RW_TRY(make_layout(it, &to));
    frames.n = to.n;
    frames.n_frames = r->n_snapshots < FRAMES ? r->n_snapshots : FRAMES;
    RW_TRY(RW_ARENA_NEW(it->figures->arena, labels, frames.n_frames));
    RW_TRY(RW_ARENA_NEW(it->figures->arena, values, frames.n_frames * to.n * to.n));
    double units_per_ms = 1.0;
    const rw_axis time = rw_axis_of_time(r->reached_ms, it->scenario->time_scale, &units_per_ms);
    for (size_t f = 0; f < frames.n_frames; f++) {
        size_t snapshot = frames.n_frames > 1 ? f * (r->n_snapshots - 1) / (frames.n_frames - 1) : 0;
        RW_TRY(rw_figures_text(it->figures, &labels[f], "at %.4g %s", units_per_ms * r->snapshots[snapshot].time_ms,
                               time.unit));
        RW_TRY(fill_frame(it, &to, snapshot, values + f * to.n * to.n));
    }
    frames.values = values;
    frames.labels = labels;
    frames.n_populations = to.n_populations;
    frames.populations = to.names;
    frames.ends = to.ends;
    for (size_t p = 0, at = 0; p < it->scenario->n_populations && at < 200; p++)
        at += (size_t)snprintf(order + at, sizeof order - at, "%s%.40s", p > 0 ? ", " : "",
                               it->scenario->populations[p].name);
    RW_TRY(rw_figures_text(it->figures, &caption,
                           "Synapses per 100 pairs of cells. Cells from the top and from the left: %s%s. %s.", order,
                           it->scenario->dimensions > 0 ? ", in each by their place along x" : "", it->span));
    return rw_figures_add(it->figures,
                          (rw_figure){.id = "matrix",
                                      .title = "Connectivity, before and after",
                                      .caption = caption,
                                      .x = {.label = "targets"},
                                      .y = {.label = "sources"},
                                      .frames = frames,
                                      .interactive = frames.n_frames > 1},
                          &figure);
}

rw_err rw_report_structure(rw_figures *figures, const rw_result_in *result, const rw_scenario *scenario,
                           const char *span) {
    structure it = {.figures = figures, .result = result, .scenario = scenario, .span = span};
    edges first, last;
    if (scenario == NULL || result->n_snapshots == 0 || scenario->n_projections == 0)
        return RW_OK;
    RW_TRY(choose_projection(&it));
    const char *name = scenario->projections[it.projection].name;
    RW_TRY(read_edges(&it, 0, name, &first));
    RW_TRY(read_edges(&it, result->n_snapshots - 1, name, &last));
    RW_TRY(degree_figure(&it, &first, &last));
    RW_TRY(weight_figure(&it, &first, &last));
    RW_TRY(distance_figure(&it, &first, &last));
    return matrix_figure(&it);
}
