#include "study/report/report_connectivity.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

/* Rows and columns, fewest of a population, and frames of the matrix. */
enum { MATRIX = 64, FEWEST = 4, FRAMES = 24 };

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
static rw_err place_population(const rw_structure_page *page, uint32_t population, size_t rows, layout *to) {
    const uint64_t count = page->scenario->populations[population].count;
    placed *order = NULL;
    rw_cell_positions of = {0};
    RW_TRY(RW_ARENA_NEW(page->figures->arena, to->row[population], (size_t)count));
    RW_TRY(RW_ARENA_NEW(page->figures->arena, order, (size_t)count));
    if (page->scenario->dimensions > 0)
        RW_TRY(rw_cell_positions_read(page, population, &of));
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

static rw_err make_layout(const rw_structure_page *page, layout *to) {
    const rw_scenario *scenario = page->scenario;
    double total = 0.0;
    RW_TRY(RW_ARENA_NEW(page->figures->arena, to->row, scenario->n_populations));
    RW_TRY(RW_ARENA_NEW(page->figures->arena, to->cells, 2 * MATRIX));
    RW_TRY(RW_ARENA_NEW(page->figures->arena, to->names, scenario->n_populations));
    RW_TRY(RW_ARENA_NEW(page->figures->arena, to->ends, scenario->n_populations));
    for (size_t p = 0; p < scenario->n_populations; p++)
        total += (double)scenario->populations[p].count;
    for (uint32_t p = 0; p < scenario->n_populations; p++) {
        double count = (double)scenario->populations[p].count;
        double rows = fmin(count, fmax(FEWEST, floor(MATRIX * count / total)));
        if (to->n + (size_t)rows > 2 * MATRIX)
            return RW_OK; /* more populations than fit into the matrix: those that do */
        RW_TRY(place_population(page, p, (size_t)rows, to));
        RW_TRY(rw_figures_text(page->figures, &to->names[p], "%s", scenario->populations[p].name));
        to->ends[p] = to->n;
        to->n_populations++;
    }
    return RW_OK;
}

static rw_err fill_frame(const rw_structure_page *page, const layout *to, size_t snapshot, double *frame) {
    for (size_t p = 0; p < page->scenario->n_projections; p++) {
        const rw_projection_spec *spec = &page->scenario->projections[p];
        const size_t *sources = to->row[spec->source], *targets = to->row[spec->target];
        rw_snapshot_edges of;
        if (sources == NULL || targets == NULL)
            continue;
        RW_TRY(rw_snapshot_edges_read(page, snapshot, spec->name, &of));
        for (size_t i = 0; i < of.source.rows; i++) {
            size_t s = (size_t)of.source.values[i], t = (size_t)of.target.values[i];
            if (s < page->scenario->populations[spec->source].count &&
                t < page->scenario->populations[spec->target].count)
                frame[sources[s] * to->n + targets[t]]++;
        }
    }
    for (size_t i = 0; i < to->n * to->n; i++) { /* per 100 pairs of cells, to three digits */
        double pairs = to->cells[i / to->n] * to->cells[i % to->n];
        frame[i] = pairs > 0.0 ? round(1e5 * frame[i] / pairs) / 1e3 : 0.0;
    }
    return RW_OK;
}

rw_err rw_report_connectivity(const rw_structure_page *page) {
    const rw_result_in *r = page->result;
    layout to = {0};
    rw_frames frames = {0};
    rw_figure *figure = NULL;
    const char *caption = NULL, **labels = NULL;
    double *values = NULL;
    char order[300] = "";
    RW_TRY(make_layout(page, &to));
    frames.n = to.n;
    frames.n_frames = r->n_snapshots < FRAMES ? r->n_snapshots : FRAMES;
    RW_TRY(RW_ARENA_NEW(page->figures->arena, labels, frames.n_frames));
    RW_TRY(RW_ARENA_NEW(page->figures->arena, values, frames.n_frames * to.n * to.n));
    double units_per_ms = 1.0;
    const rw_axis time = rw_axis_of_time(r->reached_ms, &units_per_ms);
    for (size_t f = 0; f < frames.n_frames; f++) {
        size_t snapshot = frames.n_frames > 1 ? f * (r->n_snapshots - 1) / (frames.n_frames - 1) : 0;
        RW_TRY(rw_figures_text(page->figures, &labels[f], "at %.4g %s", units_per_ms * r->snapshots[snapshot].time_ms,
                               time.unit));
        RW_TRY(fill_frame(page, &to, snapshot, values + f * to.n * to.n));
    }
    frames.values = values;
    frames.labels = labels;
    frames.n_populations = to.n_populations;
    frames.populations = to.names;
    frames.ends = to.ends;
    for (size_t p = 0, at = 0; p < page->scenario->n_populations && at < 200; p++)
        at += (size_t)snprintf(order + at, sizeof order - at, "%s%.40s", p > 0 ? ", " : "",
                               page->scenario->populations[p].name);
    RW_TRY(rw_figures_text(page->figures, &caption,
                           "Synapses per 100 pairs of cells. Cells from the top and from the left: %s%s. %s.", order,
                           page->scenario->dimensions > 0 ? ", in each by their place along x" : "", page->span));
    return rw_figures_add(page->figures,
                          (rw_figure){.id = "matrix",
                                      .title = "Connectivity, before and after",
                                      .caption = caption,
                                      .x = {.label = "targets"},
                                      .y = {.label = "sources"},
                                      .frames = frames,
                                      .interactive = frames.n_frames > 1},
                          &figure);
}
