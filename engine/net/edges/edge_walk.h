/* The synapses of a projection, source by source: the order of the rows. Saving them so, or listing where they are in a
 * file that has them by target, reads memory forward. */
#ifndef RW_NET_EDGE_WALK_H
#define RW_NET_EDGE_WALK_H

#include "net/projection.h"

/* A synapse of a structural projection, whose delay is that of all. */
typedef struct {
    uint32_t source, target; /* ids inside their populations */
    uint32_t serial;         /* the low half of its uid */
    float weight;            /* its own, without the factor of its target */
} rw_walked_edge;

/* How many synapses each source has onto the cells of this rank: counts [n_sources]. */
void rw_edge_counts(const rw_partition *partition, const rw_projection *projection, uint32_t *counts);

/* The synapses of sources [first, end) onto the cells of this rank, ascending by (source, target, uid): edges [sum of
 * their counts + 1], the last of which is scratch. */
void rw_edge_walk(const rw_partition *partition, const rw_projection *projection, uint32_t first, uint32_t end,
                  rw_walked_edge *edges);

/* Where the synapses onto each target begin among those onto the cells of this rank, by target: firsts [own targets +
 * 1], the last of which is their number. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_edge_firsts(const rw_partition *partition, const rw_projection *projection, uint64_t *firsts);

/* The indices of the synapses of sources [first, end) in a file that is ascending by (target, source, uid): indices
 * [sum of their counts], ascending for each source. next [own targets]: the index of the next edge of each target;
 * before the first call that of rw_edge_firsts plus the edges of the ranks before. Calls must go through the sources in
 * ascending order. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_edge_file_indices(const rw_partition *partition, const rw_projection *projection,
                                          uint64_t first, uint64_t end, uint64_t *next, uint64_t *indices);

#endif
