#include "net/edges/edge_replace.h"

#include "base/memory.h"
#include "comm/team.h"
#include "net/adjacency/adjacency_setup.h"

typedef struct {
    const rw_partition *partition;
    rw_projection *projection;
    const rw_edge *edges;
    uint64_t n;
} replacement;

static rw_err check_edges(const replacement *work) {
    const rw_projection *projection = work->projection;
    uint64_t n_sources = projection->n_sources;
    uint64_t n_targets = projection->n_targets;
    for (uint64_t k = 0; k < work->n; k++) {
        const rw_edge *edge = &work->edges[k];
        bool ordered =
            k == 0 || edge->source > edge[-1].source ||
            (edge->source == edge[-1].source &&
             (edge->target > edge[-1].target || (edge->target == edge[-1].target && edge->uid > edge[-1].uid)));
        RW_CHECK(edge->source < n_sources && edge->target < n_targets && ordered, RW_ERR_INPUT,
                 "projection '%s': synapse %llu of the saved state cannot be", projection->spec->name,
                 (unsigned long long)k);
    }
    return RW_OK;
}

static bool is_onto(const rw_edge *edge, rw_slice slice) {
    return edge->target >= slice.begin && edge->target < slice.end;
}

/* Empty rows with capacity for what each source has among edges [n] onto the slice. */
static rw_err make_rows(rw_adjacency *adjacency, const rw_edge *edges, uint64_t n, rw_slice slice) {
    RW_TRY(RW_NEW(adjacency->count, adjacency->n_sources, "synapses"));
    for (uint64_t k = 0; k < n; k++)
        adjacency->count[edges[k].source] += is_onto(&edges[k], slice);
    RW_TRY(rw_adjacency_allocate(adjacency));
    RW_TRY(RW_NEW(adjacency->synapses, adjacency->pool_size, "synapses"));
    RW_TRY(RW_NEW(adjacency->states, adjacency->pool_size * adjacency->n_states, "synapses"));
    return RW_NEW(adjacency->serials, adjacency->pool_size, "synapses");
}

/* The edges of a source come by target, then uid, which is the order of its row. */
static rw_err replace_thread(void *context, int thread) {
    const replacement *work = context;
    const rw_partition *partition = work->partition;
    rw_adjacency *adjacency = &work->projection->adjacency[thread];
    rw_slice slice = rw_partition_thread_slice(partition, work->projection->n_targets, thread);
    rw_adjacency empty = {.n_sources = adjacency->n_sources,
                          .n_rows = adjacency->n_sources,
                          .n_states = adjacency->n_states,
                          .packed_end = adjacency->packed_end};
    rw_adjacency_destroy(adjacency);
    *adjacency = empty;
    RW_TRY(make_rows(adjacency, work->edges, work->n, slice));
    for (uint64_t k = 0; k < work->n; k++) {
        const rw_edge *edge = &work->edges[k];
        if (!is_onto(edge, slice))
            continue;
        uint64_t slot = adjacency->start[edge->source] + adjacency->count[edge->source]++;
        adjacency->synapses[slot] = (rw_synapse){(uint32_t)(edge->target - slice.begin), edge->weight};
        adjacency->serials[slot] = (uint32_t)edge->uid;
    }
    return rw_adjacency_finish(adjacency);
}

rw_err rw_projection_replace(const rw_partition *partition, rw_projection *projection, const rw_edge *edges,
                             uint64_t n) {
    RW_ASSERT(projection->spec->structural && projection->packing.target_bits == 32);
    replacement work = {.partition = partition, .projection = projection, .edges = edges, .n = n};
    RW_TRY(check_edges(&work));
    return rw_team_run(partition->n_threads, replace_thread, &work);
}
