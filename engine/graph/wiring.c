#include "graph/wiring.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/count.h"
#include "base/memory.h"
#include "graph/measured_values.h"
#include "net/edges/edge.h"
#include "net/selection.h"

/* A graph of at most WHOLE cells is measured from all of them, a larger one from SAMPLED drawn cells. */
enum { WHOLE = 1000, SAMPLED = 200 };

/* ---- preparing ---- */

/* Numbers the cells of the populations that the projections join: one population after the other. */
static rw_err number_cells(rw_wiring *wiring, const bool *of) {
    const rw_network *network = wiring->network;
    uint64_t n = 0;
    RW_TRY(RW_NEW(wiring->joins, network->n_populations, "graph"));
    RW_TRY(RW_NEW(wiring->first, network->n_populations, "graph"));
    for (size_t k = 0; k < network->n_projections; k++)
        if (of[k])
            wiring->joins[network->projections[k].source] = wiring->joins[network->projections[k].target] = true;
    for (size_t p = 0; p < network->n_populations; p++) {
        wiring->first[p] = n;
        n += wiring->joins[p] ? network->populations[p].count : 0;
    }
    RW_CHECK(n <= UINT32_MAX, RW_ERR_INPUT, "record.measures.graphs: a graph of %llu cells is too large; at most %u",
             (unsigned long long)n, UINT32_MAX);
    wiring->n_cells = n;
    return RW_OK;
}

/* Adds n drawn cells of a population, or all if that is what n is. */
static rw_err draw_cells(rw_wiring *wiring, size_t population, uint64_t n, uint32_t what) {
    const bool all = n == wiring->network->populations[population].count;
    const rw_selection selection = {all ? RW_SELECT_ALL : RW_SELECT_RANDOM, n, NULL};
    uint64_t *ids = NULL;
    RW_TRY(rw_selection_ids(wiring->network->scenario, (uint32_t)population, &selection,
                            rw_substream_of(wiring->network->scenario->seed, RW_SUBSTREAM_GRAPH_SAMPLE, what), &ids));
    for (uint64_t i = 0; i < n; i++)
        wiring->cells[wiring->sample.n++] = wiring->first[population] + ids[i];
    rw_free(ids);
    return RW_OK;
}

/* Draws from each population in proportion to its size. */
static rw_err draw_sample(rw_wiring *wiring, uint32_t what) {
    const uint64_t size = wiring->n_cells > WHOLE ? SAMPLED : wiring->n_cells;
    uint64_t before = 0, drawn = 0;
    RW_TRY(RW_NEW(wiring->cells, size, "graph"));
    for (size_t p = 0; p < wiring->network->n_populations; p++) {
        if (!wiring->joins[p])
            continue;
        before += wiring->network->populations[p].count;
        const uint64_t until = before * size / wiring->n_cells;
        RW_TRY(draw_cells(wiring, p, until - drawn, what));
        drawn = until;
    }
    wiring->sample.cells = wiring->cells;
    return RW_OK;
}

rw_err rw_wiring_create(rw_wiring *wiring, const rw_network *network, const bool *of, uint32_t what) {
    wiring->network = network;
    memcpy(wiring->which, network->scenario->record.measures.which, sizeof wiring->which);
    RW_TRY(number_cells(wiring, of));
    return draw_sample(wiring, what);
}

void rw_wiring_destroy(rw_wiring *wiring) {
    rw_free(wiring->joins);
    rw_free(wiring->first);
    rw_free(wiring->cells);
    rw_free(wiring->pairs);
    *wiring = (rw_wiring){0};
}

rw_err rw_wiring_declare(const rw_wiring *wiring, rw_values *values) {
    const bool *which = wiring->which, small_world = which[RW_MEASURE_SMALL_WORLD];
    const struct {
        bool is_wanted;
        rw_series series;
    } declared[] = {{which[RW_MEASURE_RECIPROCITY], RW_SERIES_RECIPROCITY},
                    {which[RW_MEASURE_CLUSTERING] || small_world, RW_SERIES_CLUSTERING},
                    {which[RW_MEASURE_MODULARITY], RW_SERIES_MODULARITY},
                    {which[RW_MEASURE_MODULARITY], RW_SERIES_COMMUNITIES},
                    {small_world, RW_SERIES_PATH_LENGTH},
                    {small_world, RW_SERIES_JOINED},
                    {small_world, RW_SERIES_CLUSTERING_RANDOM},
                    {small_world, RW_SERIES_PATH_LENGTH_RANDOM},
                    {small_world, RW_SERIES_SMALL_WORLD}};
    for (size_t i = 0; i < RW_COUNT(declared); i++)
        if (declared[i].is_wanted)
            RW_TRY(rw_values_declare(values, declared[i].series));
    return RW_OK;
}

/* ---- taking the synapses ---- */

void rw_wiring_begin(rw_wiring *wiring) {
    wiring->n = 0;
}

rw_err rw_wiring_take(rw_wiring *wiring, const rw_projection *projection, const rw_edge *edges, uint64_t n) {
    const uint64_t source = wiring->first[projection->source], target = wiring->first[projection->target];
    if (wiring->n + n > wiring->capacity) {
        uint64_t capacity = wiring->n + n + wiring->capacity / 2;
        RW_TRY(RW_GROW(wiring->pairs, wiring->capacity, capacity, "graph"));
        wiring->capacity = capacity;
    }
    for (uint64_t i = 0; i < n; i++)
        wiring->pairs[wiring->n++] =
            (rw_pair){(uint32_t)(source + edges[i].source), (uint32_t)(target + edges[i].target)};
    return RW_OK;
}

static uint64_t order_of(const rw_pair *pair) {
    return (uint64_t)pair->target << 32 | pair->source;
}

static int by_cells(const void *left, const void *right) {
    const uint64_t a = order_of(left), b = order_of(right);
    return (a > b) - (a < b);
}

/* Several synapses of a pair count once. Those of one projection come in order, those of several do not. */
static void keep_different(rw_wiring *wiring) {
    uint64_t kept = 0;
    bool sorted = true;
    for (uint64_t i = 1; i < wiring->n && sorted; i++)
        sorted = by_cells(&wiring->pairs[i - 1], &wiring->pairs[i]) <= 0;
    if (!sorted)
        qsort(wiring->pairs, wiring->n, sizeof *wiring->pairs, by_cells);
    for (uint64_t i = 0; i < wiring->n; i++)
        if (kept == 0 || by_cells(&wiring->pairs[kept - 1], &wiring->pairs[i]) != 0)
            wiring->pairs[kept++] = wiring->pairs[i];
    wiring->n = kept;
}

/* ---- the results ---- */

/* Small-world index after Humphries & Gurney 2008. */
static rw_err give_small_world(const rw_wiring *wiring, const rw_graph *graph, double clustering, rw_values *values) {
    rw_graph *random = NULL;
    double length = NAN, joined = NAN, random_clustering = NAN, random_length = NAN, random_joined = NAN;
    RW_TRY(rw_graph_path_length(graph, wiring->sample, &length, &joined));
    RW_TRY(rw_graph_create_random(&random, graph, wiring->network->scenario->seed));
    rw_err err = rw_graph_clustering(random, wiring->sample, &random_clustering);
    if (err == RW_OK)
        err = rw_graph_path_length(random, wiring->sample, &random_length, &random_joined);
    rw_graph_destroy(&random);
    rw_values_give(values, length);
    rw_values_give(values, joined);
    rw_values_give(values, random_clustering);
    rw_values_give(values, random_length);
    rw_values_give(values, random_clustering > 0.0 ? clustering / random_clustering / (length / random_length) : NAN);
    return err;
}

static rw_err give_all(const rw_wiring *wiring, const rw_graph *graph, rw_values *values) {
    const bool *which = wiring->which;
    double value = NAN, clustering = NAN, communities = NAN;
    if (which[RW_MEASURE_RECIPROCITY]) {
        RW_TRY(rw_graph_reciprocity(graph, &value));
        rw_values_give(values, value);
    }
    if (which[RW_MEASURE_CLUSTERING] || which[RW_MEASURE_SMALL_WORLD]) {
        RW_TRY(rw_graph_clustering(graph, wiring->sample, &clustering));
        rw_values_give(values, clustering);
    }
    if (which[RW_MEASURE_MODULARITY]) {
        RW_TRY(rw_graph_modularity(graph, wiring->network->scenario->seed, &value, &communities));
        rw_values_give(values, value);
        rw_values_give(values, communities);
    }
    return which[RW_MEASURE_SMALL_WORLD] ? give_small_world(wiring, graph, clustering, values) : RW_OK;
}

rw_err rw_wiring_give(rw_wiring *wiring, rw_values *values) {
    rw_graph *graph = NULL;
    keep_different(wiring);
    RW_TRY(rw_graph_create(&graph, wiring->pairs, wiring->n, wiring->n_cells));
    rw_err err = give_all(wiring, graph, values);
    rw_graph_destroy(&graph);
    return err;
}
