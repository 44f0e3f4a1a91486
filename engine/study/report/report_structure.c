#include "study/report/report_structure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "study/report/report_connectivity.h"
#include "study/report/snapshot.h"

enum { BINS = 40, MATRIX = 64, FEWEST = 4, FRAMES = 24 };

/* The structural projection with most synapses at the end; without one, the largest. */
static rw_err choose_projection(const rw_structure_page *page, size_t *projection) {
    double most = -1.0;
    for (size_t p = 0; p < page->scenario->n_projections; p++) {
        rw_snapshot_edges of;
        RW_TRY(rw_snapshot_edges_read(page, page->result->n_snapshots - 1, page->scenario->projections[p].name, &of));
        double rank = (double)of.source.rows + (page->scenario->projections[p].structural ? 1e15 : 0.0);
        if (rank > most && of.source.rows > 0) {
            most = rank;
            *projection = p;
        }
    }
    return RW_OK;
}

/* Adds the counts of values in equal bins of [min, max] as steps; dashed for the first of two snapshots. */
static rw_err add_histogram(const rw_structure_page *page, rw_figure *figure, const double *values, size_t n,
                            double min, double max, const char *label, int colour, bool dashed) {
    double *x = NULL;
    RW_TRY(RW_ARENA_NEW(page->figures->arena, x, 2 * (BINS + 1)));
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
        page->figures, figure,
        (rw_trace){
            .label = label, .kind = RW_MARK_STEPS, .colour = colour, .n = BINS + 1, .x = x, .y = y, .dashed = dashed});
}

static double largest_of(const double *values, size_t n, double most) {
    for (size_t i = 0; i < n; i++)
        most = fmax(most, values[i]);
    return most;
}

/* Synapses of each of `count` cells. */
static rw_err degrees(const rw_structure_page *page, const rw_result_numbers *ids, uint64_t count,
                      const double **degree) {
    double *of = NULL;
    RW_TRY(RW_ARENA_NEW(page->figures->arena, of, (size_t)count));
    for (size_t i = 0; i < ids->rows; i++)
        if (ids->values[i] >= 0.0 && ids->values[i] < (double)count)
            of[(size_t)ids->values[i]]++;
    *degree = of;
    return RW_OK;
}

static rw_err degree_figure(const rw_structure_page *page, size_t projection, const rw_snapshot_edges *first,
                            const rw_snapshot_edges *last) {
    const rw_projection_spec *spec = &page->scenario->projections[projection];
    const uint64_t sources = page->scenario->populations[spec->source].count;
    const uint64_t targets = page->scenario->populations[spec->target].count;
    const double *in[2], *out[2];
    const rw_snapshot_edges *of[2] = {first, last};
    rw_figure *figure = NULL;
    const char *caption = NULL;
    double most = 1.0;
    for (size_t s = 0; s < 2; s++) {
        RW_TRY(degrees(page, &of[s]->target, targets, &in[s]));
        RW_TRY(degrees(page, &of[s]->source, sources, &out[s]));
        most = largest_of(out[s], sources, largest_of(in[s], targets, most));
    }
    most = BINS * ceil((most + 1.0) / BINS);
    RW_TRY(rw_figures_text(page->figures, &caption, "Cells by their synapses of %s, %s (dashed) and %s. %s.",
                           spec->name, "at the first snapshot", "at the last", page->span));
    RW_TRY(rw_figures_add(page->figures,
                          (rw_figure){.id = "degrees",
                                      .title = "Degrees",
                                      .caption = caption,
                                      .x = {.label = "synapses per cell"},
                                      .y = {.label = "cells"},
                                      .interactive = true},
                          &figure));
    RW_TRY(add_histogram(page, figure, in[0], targets, 0.0, most, "in, first", 0, true));
    RW_TRY(add_histogram(page, figure, in[1], targets, 0.0, most, "in, last", 0, false));
    RW_TRY(add_histogram(page, figure, out[0], sources, 0.0, most, "out, first", 1, true));
    return add_histogram(page, figure, out[1], sources, 0.0, most, "out, last", 1, false);
}

static rw_err weight_figure(const rw_structure_page *page, size_t projection, const rw_snapshot_edges *first,
                            const rw_snapshot_edges *last) {
    rw_figure *figure = NULL;
    const char *caption = NULL, *unit = NULL;
    double least = INFINITY, most = -INFINITY;
    const rw_snapshot_edges *of[2] = {first, last};
    for (size_t s = 0; s < 2; s++)
        for (size_t i = 0; i < of[s]->weight.rows; i++) {
            least = fmin(least, of[s]->weight.values[i]);
            most = fmax(most, of[s]->weight.values[i]);
        }
    const char *name = page->scenario->projections[projection].name;
    if (!(most > least))
        return RW_OK; /* all the same: one number, no distribution */
    RW_TRY(rw_result_in_unit(page->result, page->result->snapshots[0].file,
                             rw_path_of("/edges/%s/0/syn_weight", name).text, &unit));
    RW_TRY(rw_figures_text(page->figures, &caption, "Synapses of %s by weight. %s.", name, page->span));
    RW_TRY(rw_figures_add(page->figures,
                          (rw_figure){.id = "weights",
                                      .title = "Weights",
                                      .caption = caption,
                                      .x = {.label = "weight", .unit = unit},
                                      .y = {.label = "synapses"},
                                      .interactive = true},
                          &figure));
    RW_TRY(add_histogram(page, figure, first->weight.values, first->weight.rows, least, most, "first", 0, true));
    return add_histogram(page, figure, last->weight.values, last->weight.rows, least, most, "last", 0, false);
}

static rw_err distances(const rw_structure_page *page, const rw_snapshot_edges *of, const rw_cell_positions *from,
                        const rw_cell_positions *to, const double **um) {
    const rw_scenario *scenario = page->scenario;
    double *list = NULL;
    RW_TRY(RW_ARENA_NEW(page->figures->arena, list, of->source.rows));
    for (size_t i = 0; i < of->source.rows; i++) {
        size_t s = (size_t)of->source.values[i], t = (size_t)of->target.values[i];
        double sum = 0.0;
        for (int d = 0; d < scenario->dimensions; d++) {
            if (s >= from->axis[d].rows || t >= to->axis[d].rows)
                return rw_fail(RW_ERR_INPUT, "%s: a synapse names a cell that nodes.h5 does not have",
                               page->result->path);
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

static rw_err distance_figure(const rw_structure_page *page, size_t projection, const rw_snapshot_edges *first,
                              const rw_snapshot_edges *last) {
    const rw_projection_spec *spec = &page->scenario->projections[projection];
    rw_cell_positions from, to;
    const double *um[2] = {NULL, NULL};
    rw_figure *figure = NULL;
    const char *caption = NULL;
    if (page->scenario->dimensions == 0)
        return RW_OK;
    RW_TRY(rw_cell_positions_read(page, spec->source, &from));
    RW_TRY(rw_cell_positions_read(page, spec->target, &to));
    RW_TRY(distances(page, first, &from, &to, &um[0]));
    RW_TRY(distances(page, last, &from, &to, &um[1]));
    double most = largest_of(um[1], last->source.rows, largest_of(um[0], first->source.rows, 1.0));
    RW_TRY(rw_figures_text(page->figures, &caption, "Synapses of %s by the distance of their cells%s. %s.", spec->name,
                           page->scenario->periodic ? " (periodic space)" : "", page->span));
    RW_TRY(rw_figures_add(page->figures,
                          (rw_figure){.id = "distances",
                                      .title = "Distances",
                                      .caption = caption,
                                      .x = {.label = "distance", .unit = "um"},
                                      .y = {.label = "synapses"},
                                      .interactive = true},
                          &figure));
    RW_TRY(add_histogram(page, figure, um[0], first->source.rows, 0.0, most, "first", 0, true));
    return add_histogram(page, figure, um[1], last->source.rows, 0.0, most, "last", 0, false);
}

rw_err rw_report_structure(rw_figures *figures, const rw_result_in *result, const rw_scenario *scenario,
                           const char *span) {
    const rw_structure_page page = {.figures = figures, .result = result, .scenario = scenario, .span = span};
    rw_snapshot_edges first, last;
    size_t projection = 0;
    if (scenario == NULL || result->n_snapshots == 0 || scenario->n_projections == 0)
        return RW_OK;
    RW_TRY(choose_projection(&page, &projection));
    const char *name = scenario->projections[projection].name;
    RW_TRY(rw_snapshot_edges_read(&page, 0, name, &first));
    RW_TRY(rw_snapshot_edges_read(&page, result->n_snapshots - 1, name, &last));
    RW_TRY(degree_figure(&page, projection, &first, &last));
    RW_TRY(weight_figure(&page, projection, &first, &last));
    RW_TRY(distance_figure(&page, projection, &first, &last));
    return rw_report_connectivity(&page);
}
