#include "net/edge_walk.h"

#include <string.h>

/* Edges of a portion: so many fit in a cache, and so many for each row, which every portion must look at. A row is
 * fetched some rows before its turn, because each lies elsewhere. */
enum { PORTION = 1 << 17, PER_ROW = 16, AHEAD = 8, LINE = 64 };

rw_err rw_edge_walk_begin(rw_edge_walk *walk, const rw_network *network, const rw_projection *projection) {
    RW_ASSERT(projection->spec->structural);
    *walk = (rw_edge_walk){.network = network, .projection = projection};
    return RW_NEW(walk->reached, projection->rows[0].n_sources, "synapses");
}

void rw_edge_walk_end(rw_edge_walk *walk) {
    rw_free(walk->reached);
    rw_free(walk->counts);
    rw_free(walk->places);
    rw_free(walk->edges);
    *walk = (rw_edge_walk){0};
}

/* Counts the synapses onto each target of the thread: counts [n_targets]. */
static rw_err count_synapses(rw_edge_walk *walk, uint64_t n_targets) {
    const rw_rows *rows = &walk->projection->rows[walk->thread];
    rw_free(walk->counts);
    RW_TRY(RW_NEW(walk->counts, n_targets, "synapses"));
    for (uint64_t source = 0; source < rows->n_sources; source++)
        for (uint64_t place = rows->start[source]; place < rows->start[source] + rows->span[source]; place++)
            walk->counts[rows->synapses[place].word] += rw_rows_holds(rows, place);
    return RW_OK;
}

/* Takes as many targets as have about as many synapses as a portion should; places[k] becomes where those of its target
 * k begin. */
static rw_err lay_out(rw_edge_walk *walk, uint64_t n_targets, uint64_t *n) {
    uint64_t most = PER_ROW * walk->projection->rows[walk->thread].n_sources, edges = 0;
    most = most > PORTION ? most : PORTION;
    for (*n = 0; edges < most && walk->target + *n < n_targets; ++*n)
        edges += walk->counts[walk->target + *n];
    if (*n > walk->places_size) {
        rw_free(walk->places);
        walk->places_size = 0;
        RW_TRY(RW_NEW(walk->places, *n, "synapses"));
        walk->places_size = *n;
    }
    for (uint64_t k = 0, place = 0; k < *n; place += walk->counts[walk->target + k++])
        walk->places[k] = place;
    walk->n_edges = edges;
    if (edges <= walk->edges_size)
        return RW_OK;
    rw_free(walk->edges);
    walk->edges_size = 0;
    RW_TRY(RW_NEW(walk->edges, edges + edges / 8, "synapses"));
    walk->edges_size = edges + edges / 8;
    return RW_OK;
}

static void fetch_ahead(const rw_edge_walk *walk, const rw_rows *rows, uint64_t source) {
    if (source >= rows->n_sources || walk->reached[source] >= rows->span[source])
        return;
    uint64_t place = rows->start[source] + walk->reached[source];
    for (size_t k = 0; k <= PER_ROW; k += LINE / sizeof *rows->synapses)
        __builtin_prefetch(rows->synapses + place + k);
    for (size_t k = 0; k <= PER_ROW; k += LINE / sizeof *rows->serials)
        __builtin_prefetch(rows->serials + place + k);
}

/* Rows are ordered by target, then serial, and taken by source: so each target gets its edges in order. */
static void place_edges(rw_edge_walk *walk, uint64_t n) {
    const rw_projection *projection = walk->projection;
    const rw_rows *rows = &projection->rows[walk->thread];
    const uint32_t first = (uint32_t)walk->target, end = first + (uint32_t)n;
    const uint32_t offset = (uint32_t)rw_network_thread_slice(walk->network, projection->target, walk->thread).begin;
    rw_walked_edge *edges = walk->edges;
    uint64_t *places = walk->places;
    for (uint32_t source = 0; source < rows->n_sources; source++) {
        const rw_synapse *row = rows->synapses + rows->start[source];
        const uint32_t *serials = rows->serials + rows->start[source];
        const uint64_t start = rows->start[source];
        const uint32_t span = rows->span[source];
        uint32_t k = walk->reached[source];
        fetch_ahead(walk, rows, source + AHEAD);
        for (; k < span && row[k].word < end; k++)
            if (rw_rows_holds(rows, start + k))
                edges[places[row[k].word - first]++] = (rw_walked_edge){
                    .source = source, .target = offset + row[k].word, .serial = serials[k], .weight = row[k].weight};
        walk->reached[source] = k;
    }
}

/* Fetches the next portion that is not empty; none is left if it is. */
static rw_err fetch(rw_edge_walk *walk) {
    const rw_network *network = walk->network;
    walk->given = walk->n_edges = 0;
    while (walk->n_edges == 0 && walk->thread < network->n_threads) {
        rw_slice slice = rw_network_thread_slice(network, walk->projection->target, walk->thread);
        uint64_t n_targets = slice.end - slice.begin;
        if (walk->target == n_targets) {
            walk->thread++;
            walk->target = 0;
            memset(walk->reached, 0, walk->projection->rows[0].n_sources * sizeof *walk->reached);
            continue;
        }
        uint64_t n = 0;
        if (walk->target == 0)
            RW_TRY(count_synapses(walk, n_targets));
        RW_TRY(lay_out(walk, n_targets, &n));
        place_edges(walk, n);
        walk->target += n;
    }
    return RW_OK;
}

rw_err rw_edge_walk_next(rw_edge_walk *walk, uint64_t most, const rw_walked_edge **edges, uint64_t *n) {
    if (walk->given == walk->n_edges)
        RW_TRY(fetch(walk));
    uint64_t left = walk->n_edges - walk->given;
    *edges = walk->edges + walk->given;
    *n = left < most ? left : most;
    walk->given += *n;
    return RW_OK;
}
