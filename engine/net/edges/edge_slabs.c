#include "net/edges/edge_slabs.h"

#include "comm/team.h"
#include "net/adjacency/adjacency_search.h"
#include "net/adjacency/fan_out.h"
#include "net/edges/edge.h"
#include "net/edges/edge_walk.h"
#include "net/edges/serials.h"

/* Edges of a slab; edges for each row, at least, so that finding a slab's part of a row costs little; and slabs at most
 * where rows are by delay first, because each slab then reads all rows. */
enum { SLAB = 1 << 18, PER_ROW = 8, MOST_SLABS = 16 };

/* Whether rows are by target; otherwise they are by delay first. */
static bool ascends(const rw_projection *projection) {
    return projection->packing.target_bits == 32;
}

uint64_t rw_edge_slab_size(const rw_network *network, const rw_projection *projection) {
    uint64_t size = PER_ROW * network->populations[projection->source].count;
    uint64_t share = ascends(projection) ? 0 : rw_projection_count(&network->partition, projection) / MOST_SLABS + 1;
    size = size > SLAB ? size : SLAB;
    return size > share ? size : share;
}

/* Insertion sort of edges of one source and target, whose row may not be in the order of serials: the last one. */
static void insert_by_uid(rw_edge *edge, const rw_edge *first) {
    rw_edge moved = *edge;
    for (;
         edge > first && edge[-1].source == moved.source && edge[-1].target == moved.target && edge[-1].uid > moved.uid;
         edge--)
        *edge = edge[-1];
    *edge = moved;
}

/* The first slot of the sorted part of a row, which ascends by target, whose target is at least `target`. */
static uint64_t find_target(const rw_adjacency *adjacency, uint64_t source, uint32_t target) {
    uint64_t low = rw_adjacency_start(adjacency, source), high = rw_adjacency_end(adjacency, source);
    if (target == 0 || low == high)
        return low;
    if (adjacency->targets == NULL)
        return rw_adjacency_search(adjacency, source, target);
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (adjacency->targets[middle] < target)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A thread's part of a slab: those of the targets [begin, end) whose synapses lie in the rows of one worker. */
typedef struct {
    int worker;
    uint64_t first_target; /* of the worker */
    uint32_t begin, end;   /* indices in the worker's slice */
    bool ascending;        /* rows are by target */
    const rw_edge *first;
} part;

/* Stores a synapse of a row among the edges of its target; `from`: its slot. */
static void store_synapse(rw_edge_slabs *slabs, const part *mine, uint64_t source, rw_synapse synapse, uint64_t from) {
    const rw_projection *projection = slabs->projection;
    const rw_adjacency *adjacency = &projection->adjacency[mine->worker];
    uint64_t gid = slabs->network->populations[projection->source].first_gid + source;
    uint32_t target = rw_packed_target(projection->packing, synapse.packed);
    uint64_t *next = slabs->next + (mine->first_target - slabs->own.begin) + target;
    rw_edge *edge = &slabs->edges[(*next)++ - slabs->before];
    *edge = (rw_edge){
        .uid = gid << 32 | (adjacency->serials != NULL ? adjacency->serials[from] : 0),
        .source = source,
        .target = mine->first_target + target,
        .weight = rw_projection_weight(&slabs->network->partition, projection, mine->worker, synapse),
        .delay_steps = projection->min_delay + rw_packed_delay_class(projection->packing, synapse.packed),
        .slot = from,
    };
    if (adjacency->serials != NULL)
        insert_by_uid(edge, mine->first);
}

static void store_gathered_row(rw_edge_slabs *slabs, const part *mine, uint64_t source) {
    const rw_adjacency *adjacency = &slabs->projection->adjacency[mine->worker];
    uint64_t number = rw_adjacency_start(adjacency, source);
    rw_fan_out_reader row;
    rw_fan_out_reader_begin(&row, adjacency->gathered, source);
    for (rw_synapse synapse; rw_fan_out_reader_next(&row, &synapse); number++) {
        uint32_t target = rw_packed_target(slabs->projection->packing, synapse.packed);
        if (target >= mine->begin && target < mine->end)
            store_synapse(slabs, mine, source, synapse, number);
    }
}

static void store_row(rw_edge_slabs *slabs, const part *mine, uint64_t source) {
    const rw_projection *projection = slabs->projection;
    const rw_adjacency *adjacency = &projection->adjacency[mine->worker];
    uint64_t from =
        mine->ascending ? find_target(adjacency, source, mine->begin) : rw_adjacency_start(adjacency, source);
    uint64_t tail = rw_adjacency_tail(adjacency, source), end = rw_adjacency_end(adjacency, source);
    while (from < end) {
        rw_synapse synapse = rw_adjacency_synapse(adjacency, from);
        uint32_t target = rw_packed_target(projection->packing, synapse.packed);
        if (target >= mine->end && mine->ascending && from < tail) {
            from = tail;
            continue;
        }
        if (target >= mine->begin && target < mine->end && rw_adjacency_is_live(adjacency, from))
            store_synapse(slabs, mine, source, synapse, from);
        from++;
    }
}

static uint64_t limit(uint64_t value, rw_slice slice) {
    return value < slice.begin ? slice.begin : value > slice.end ? slice.end : value;
}

/* A thread's even share of the slab's targets, in the rows of any thread. */
static rw_err store_share(void *context, int thread) {
    rw_edge_slabs *slabs = context;
    const rw_projection *projection = slabs->projection;
    int n_threads = slabs->network->partition.n_threads;
    uint64_t first_of_slab = slabs->targets.begin, n = slabs->targets.end - first_of_slab, k = (uint64_t)thread;
    rw_slice share = {first_of_slab + n * k / (uint64_t)n_threads, first_of_slab + n * (k + 1) / (uint64_t)n_threads};
    if (share.begin == share.end)
        return RW_OK;
    const rw_edge *first = slabs->edges + (slabs->next[share.begin - slabs->own.begin] - slabs->before);
    for (int worker = 0; worker < n_threads; worker++) {
        rw_slice slice = rw_partition_thread_slice(&slabs->network->partition, projection->n_targets, worker);
        const part mine = {.worker = worker,
                           .first_target = slice.begin,
                           .begin = (uint32_t)(limit(share.begin, slice) - slice.begin),
                           .end = (uint32_t)(limit(share.end, slice) - slice.begin),
                           .ascending = ascends(projection),
                           .first = first};
        for (uint64_t source = 0; mine.begin < mine.end && source < projection->adjacency[worker].n_sources; source++)
            if (projection->adjacency[worker].gathered != NULL)
                store_gathered_row(slabs, &mine, source);
            else
                store_row(slabs, &mine, source);
    }
    return RW_OK;
}

/* Allocates the largest slab. */
static rw_err create_edges(rw_edge_slabs *slabs, uint64_t size) {
    uint64_t n_own = slabs->own.end - slabs->own.begin, largest = 0;
    RW_TRY(RW_NEW(slabs->next, n_own + 1, "edges"));
    RW_TRY(rw_edge_firsts(&slabs->network->partition, slabs->projection, slabs->next));
    for (uint64_t target = 0; target < n_own; target++)
        if (slabs->next[target + 1] - slabs->next[target] > largest)
            largest = slabs->next[target + 1] - slabs->next[target];
    slabs->size = size < slabs->next[n_own] ? size : slabs->next[n_own];
    slabs->size = slabs->size > largest ? slabs->size : largest;
    return RW_NEW(slabs->edges, slabs->size, "edges");
}

rw_err rw_edge_slabs_begin(rw_edge_slabs *slabs, const rw_network *network, const rw_projection *projection,
                           uint64_t size) {
    rw_slice own = rw_partition_own_slice(&network->partition, projection->n_targets);
    *slabs =
        (rw_edge_slabs){.network = network, .projection = projection, .own = own, .targets = {own.begin, own.begin}};
    rw_err err = RW_OK;
    if (!projection->numbered)
        err = rw_projection_serials(&network->partition, projection, &slabs->serials, NULL);
    if (err == RW_OK)
        err = rw_comm_agree(network->partition.comm, create_edges(slabs, size));
    if (err != RW_OK)
        rw_edge_slabs_end(slabs);
    return err;
}

rw_err rw_edge_slabs_next(rw_edge_slabs *slabs) {
    uint64_t end = slabs->targets.end - slabs->own.begin, n_own = slabs->own.end - slabs->own.begin;
    slabs->before += slabs->n;
    slabs->targets.begin = slabs->targets.end;
    while (end < n_own && slabs->next[end + 1] - slabs->before <= slabs->size)
        end++;
    slabs->targets.end = slabs->own.begin + end;
    slabs->n = slabs->next[end] - slabs->before;
    if (slabs->n == 0)
        return RW_OK;
    RW_TRY(rw_team_run(slabs->network->partition.n_threads, store_share, slabs));
    /* Rows that cannot grow imply the serial: the rank among the source's synapses, in the order of the edges. */
    for (uint64_t k = 0; slabs->serials != NULL && k < slabs->n; k++)
        slabs->edges[k].uid |= slabs->serials[slabs->edges[k].source]++;
    return RW_OK;
}

void rw_edge_slabs_end(rw_edge_slabs *slabs) {
    rw_free(slabs->edges);
    rw_free(slabs->next);
    rw_free(slabs->serials);
    *slabs = (rw_edge_slabs){0};
}

static rw_err list_own(rw_edge_slabs *slabs, rw_edge_receiver receive, void *self) {
    rw_err err;
    while ((err = rw_edge_slabs_next(slabs)) == RW_OK && slabs->n > 0)
        RW_TRY(receive(self, slabs->edges, slabs->n));
    return err;
}

/* Sends the slabs and, behind them or an error, one without edges. */
static rw_err send(rw_edge_slabs *slabs, int from) {
    rw_err err = RW_OK;
    uint64_t n;
    do {
        rw_edge *none = NULL;
        size_t n_none = 0;
        if (err == RW_OK)
            err = rw_edge_slabs_next(slabs);
        n = err == RW_OK ? slabs->n : 0;
        RW_TRY(rw_comm_to_first(slabs->network->partition.comm, from, slabs->edges, n, sizeof *none, &none, &n_none));
    } while (n > 0);
    return err;
}

/* After an error rank 0 still receives what comes, because the other ranks wait for that. */
static rw_err receive_rank(const rw_comm *comm, int from, rw_edge_receiver receive, void *self) {
    rw_err err = RW_OK;
    size_t n;
    do {
        rw_edge *edges = NULL;
        RW_TRY(rw_comm_to_first(comm, from, NULL, 0, sizeof *edges, &edges, &n));
        if (err == RW_OK && n > 0)
            err = receive(self, edges, n);
        rw_free(edges);
    } while (n > 0);
    return err;
}

static rw_err list_rank(rw_edge_slabs *slabs, int from, rw_edge_receiver receive, void *self) {
    const rw_comm *comm = slabs->network->partition.comm;
    if (rw_comm_rank(comm) == from)
        return from == 0 ? list_own(slabs, receive, self) : send(slabs, from);
    return rw_comm_rank(comm) == 0 ? receive_rank(comm, from, receive, self) : RW_OK;
}

rw_err rw_edges_to_first(const rw_network *network, const rw_projection *projection, rw_edge_receiver receive,
                         void *self) {
    const rw_comm *comm = network->partition.comm;
    rw_edge_slabs slabs;
    RW_TRY(rw_edge_slabs_begin(&slabs, network, projection, rw_edge_slab_size(network, projection)));
    rw_err err = RW_OK;
    for (int from = 0; err == RW_OK && from < rw_comm_size(comm) && !(from > 0 && rw_comm_is_pretended(comm)); from++)
        err = rw_comm_agree(comm, list_rank(&slabs, from, receive, self));
    rw_edge_slabs_end(&slabs);
    return err;
}
