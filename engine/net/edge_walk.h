/* The synapses of a projection that can change, source by source: the order in which rows have them, so that saving
 * them walks memory forward. */
#ifndef RW_NET_EDGE_WALK_H
#define RW_NET_EDGE_WALK_H

#include "net/network.h"

/* A synapse of a structural projection, whose delay is that of all. */
typedef struct {
    uint32_t source, target; /* ids inside their populations */
    uint32_t serial;         /* the low half of its uid */
    float weight;            /* its own, without the factor of its target */
} rw_walked_edge;

/* How many synapses each source has onto the cells of this rank: counts [n_sources]. */
void rw_edge_counts(const rw_network *network, const rw_projection *projection, uint32_t *counts);

/* The synapses of sources [first, end) onto the cells of this rank, ascending by (source, target, uid): edges [sum of
 * their counts + 1], the last of which is used up. */
void rw_edge_walk(const rw_network *network, const rw_projection *projection, uint32_t first, uint32_t end,
                  rw_walked_edge *edges);

#endif
