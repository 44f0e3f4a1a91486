#include "net/edges/edge_walk.h"

#include <stdlib.h>
#include <string.h>

#include "comm/team.h"
#include "net/adjacency/row_reader.h"

void rw_edge_counts(const rw_partition *partition, const rw_projection *projection, uint32_t *counts) {
    for (uint64_t source = 0; source < projection->adjacency[0].n_sources; source++) {
        counts[source] = 0;
        for (int t = 0; t < partition->n_threads; t++)
            counts[source] += rw_adjacency_count(&projection->adjacency[t], source);
    }
}

/* Adds the row of one source and thread, whose targets begin at `offset`; returns where the next one goes. */
static rw_walked_edge *add_row(const rw_adjacency *adjacency, uint32_t source, uint32_t offset, rw_walked_edge *next) {
    rw_row_iterator walk;
    rw_row_iterator_begin(&walk, adjacency, source);
    for (uint64_t slot; rw_row_iterator_next(&walk, &slot); next++) {
        const rw_synapse *synapse = &adjacency->synapses[slot];
        *next = (rw_walked_edge){source, offset + synapse->packed, adjacency->serials[slot], synapse->weight};
    }
    return next;
}

void rw_edge_walk(const rw_partition *partition, const rw_projection *projection, uint32_t first, uint32_t end,
                  rw_walked_edge *edges) {
    RW_ASSERT(projection->spec->structural && projection->packing.target_bits == 32);
    for (uint32_t source = first; source < end; source++)
        for (int t = 0; t < partition->n_threads; t++) {
            rw_slice slice = rw_partition_thread_slice(partition, projection->n_targets, t);
            edges = add_row(&projection->adjacency[t], source, (uint32_t)slice.begin, edges);
        }
}

typedef struct {
    const rw_partition *partition;
    const rw_projection *projection;
    uint64_t first, end; /* sources */
    uint64_t *next;      /* [own targets] */
    uint64_t *indices;
} walk;

/* Counts the synapses onto each target of a thread, one element late. */
static rw_err count_targets(void *context, int thread) {
    const walk *work = context;
    const rw_adjacency *adjacency = &work->projection->adjacency[thread];
    uint64_t *counts = work->next + 1 +
                       rw_partition_thread_slice(work->partition, work->projection->n_targets, thread).begin -
                       rw_partition_own_slice(work->partition, work->projection->n_targets).begin;
    rw_row_reader row;
    rw_synapse synapse;
    for (uint64_t source = 0; source < adjacency->n_sources; source++) {
        rw_row_reader_begin(&row, adjacency, source);
        while (rw_row_reader_next(&row, &synapse))
            counts[rw_packed_target(work->projection->packing, synapse.packed)]++;
    }
    return RW_OK;
}

rw_err rw_edge_firsts(const rw_partition *partition, const rw_projection *projection, uint64_t *firsts) {
    walk work = {.partition = partition, .projection = projection, .next = firsts};
    rw_slice own = rw_partition_own_slice(partition, projection->n_targets);
    memset(firsts, 0, (own.end - own.begin + 1) * sizeof *firsts);
    RW_TRY(rw_team_run(partition->n_threads, count_targets, &work));
    for (uint64_t target = own.begin; target < own.end; target++, firsts++)
        firsts[1] += firsts[0];
    return RW_OK;
}

static int by_value(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* The indices in the file of the synapses of one source and thread, from `to` on. */
static void find_row(const walk *work, int thread, uint64_t source, uint64_t *next, uint64_t *to) {
    const rw_projection *projection = work->projection;
    const rw_adjacency *adjacency = &projection->adjacency[thread];
    uint64_t *own = to;
    rw_row_reader row;
    rw_row_reader_begin(&row, adjacency, source);
    for (rw_synapse synapse; rw_row_reader_next(&row, &synapse);)
        *own++ = next[rw_packed_target(projection->packing, synapse.packed)]++;
    if (projection->packing.target_bits < 32) /* by delay first */
        qsort(to, (size_t)(own - to), sizeof *to, by_value);
}

/* The indices of a thread's synapses; those of each source follow those of the threads before. */
static rw_err find_indices(void *context, int thread) {
    const walk *work = context;
    const rw_projection *projection = work->projection;
    uint64_t *next = work->next + rw_partition_thread_slice(work->partition, projection->n_targets, thread).begin -
                     rw_partition_own_slice(work->partition, projection->n_targets).begin;
    uint64_t *to = work->indices;
    for (uint64_t source = work->first; source < work->end; source++)
        for (int t = 0; t < work->partition->n_threads; t++) {
            if (t == thread)
                find_row(work, thread, source, next, to);
            to += rw_adjacency_count(&projection->adjacency[t], source);
        }
    return RW_OK;
}

rw_err rw_edge_file_indices(const rw_partition *partition, const rw_projection *projection, uint64_t first,
                            uint64_t end, uint64_t *next, uint64_t *indices) {
    walk work = {.partition = partition, .projection = projection, .first = first, .end = end};
    work.next = next;
    work.indices = indices;
    return rw_team_run(partition->n_threads, find_indices, &work);
}
