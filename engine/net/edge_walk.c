#include "net/edge_walk.h"

#include <string.h>

/* Edges of a portion: so many fit in a cache, and so many for each row, which every portion must look at. */
enum { PORTION = 1 << 17, PER_ROW = 16 };

rw_err rw_edge_walk_begin(rw_edge_walk *walk, const rw_network *network, const rw_projection *projection) {
    RW_ASSERT(projection->spec->structural);
    *walk = (rw_edge_walk){.network = network, .projection = projection};
    return RW_NEW(walk->reached, projection->rows[0].n_sources, "synapses");
}

void rw_edge_walk_end(rw_edge_walk *walk) {
    rw_free(walk->reached);
    rw_free(walk->places);
    rw_free(walk->edges);
    *walk = (rw_edge_walk){0};
}

/* Targets of the next portion: as many as have about so many synapses. */
static uint64_t portion_of(const rw_edge_walk *walk, uint64_t n_targets) {
    const rw_rows *rows = &walk->projection->rows[walk->thread];
    uint64_t synapses = 1, most = PER_ROW * rows->n_sources;
    for (uint64_t source = 0; source < rows->n_sources; source++)
        synapses += rows->count[source];
    most = most > PORTION ? most : PORTION;
    uint64_t portion = most >= synapses ? n_targets : most * n_targets / synapses + 1;
    return portion < n_targets - walk->target ? portion : n_targets - walk->target;
}

static rw_err reserve(rw_edge_walk *walk, uint64_t n_targets) {
    if (n_targets + 1 > walk->places_size) {
        rw_free(walk->places);
        walk->places_size = 0;
        RW_TRY(RW_NEW(walk->places, n_targets + 1, "synapses"));
        walk->places_size = n_targets + 1;
    }
    memset(walk->places, 0, (n_targets + 1) * sizeof *walk->places);
    return RW_OK;
}

/* Counts the synapses onto each of n targets: places[k] becomes where those of target k begin. */
static rw_err count_edges(rw_edge_walk *walk, uint64_t n) {
    const rw_rows *rows = &walk->projection->rows[walk->thread];
    for (uint64_t source = 0; source < rows->n_sources; source++) {
        const rw_synapse *row = rows->synapses + rows->start[source];
        for (uint32_t k = walk->reached[source]; k < rows->span[source] && row[k].word < walk->target + n; k++)
            walk->places[row[k].word - walk->target + 1] += rw_rows_holds(rows, rows->start[source] + k);
    }
    for (uint64_t target = 0; target < n; target++)
        walk->places[target + 1] += walk->places[target];
    walk->n_edges = walk->places[n];
    if (walk->n_edges <= walk->edges_size)
        return RW_OK;
    rw_free(walk->edges);
    walk->edges_size = 0;
    uint64_t room = walk->n_edges + walk->n_edges / 8;
    RW_TRY(RW_NEW(walk->edges, room, "synapses"));
    walk->edges_size = room;
    return RW_OK;
}

/* Rows are ordered by target, then serial, and taken by source: so each target gets its edges in order. */
static void place_edges(rw_edge_walk *walk, uint64_t n) {
    const rw_projection *projection = walk->projection;
    const rw_rows *rows = &projection->rows[walk->thread];
    uint64_t first_target = rw_network_thread_slice(walk->network, projection->target, walk->thread).begin;
    for (uint64_t source = 0; source < rows->n_sources; source++) {
        const rw_synapse *row = rows->synapses + rows->start[source];
        const uint32_t *serials = rows->serials + rows->start[source];
        uint32_t k = walk->reached[source];
        for (; k < rows->span[source] && row[k].word < walk->target + n; k++) {
            if (!rw_rows_holds(rows, rows->start[source] + k))
                continue;
            walk->edges[walk->places[row[k].word - walk->target]++] =
                (rw_walked_edge){.source = (uint32_t)source,
                                 .target = (uint32_t)first_target + row[k].word,
                                 .serial = serials[k],
                                 .weight = row[k].weight};
        }
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
        uint64_t n = portion_of(walk, n_targets);
        RW_TRY(reserve(walk, n));
        RW_TRY(count_edges(walk, n));
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
