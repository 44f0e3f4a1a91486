/* The synapses of a projection that can change, one portion after the other: what all of them would take as edges is
 * several times what they take in their rows. */
#ifndef RW_NET_EDGE_WALK_H
#define RW_NET_EDGE_WALK_H

#include "net/network.h"

/* A synapse of a structural projection, whose delay is that of all. */
typedef struct {
    uint32_t source, target; /* ids inside their populations */
    uint32_t serial;         /* the low half of its uid */
    float weight;            /* its own, without the factor of its target */
} rw_walked_edge;

typedef struct {
    const rw_network *network;
    const rw_projection *projection;
    int thread;        /* whose rows are walked */
    uint64_t target;   /* the first not reached, counted in the thread's slice */
    uint32_t *reached; /* [n_sources] places of each row behind the walk */
    uint32_t *counts;  /* [targets of the thread] their synapses */
    uint64_t *places;  /* of the targets of a portion */
    uint64_t places_size;
    rw_walked_edge *edges; /* the portion; [given, n_edges) is still to be handed out */
    uint64_t given, n_edges, edges_size;
} rw_edge_walk;

/* Starts a walk over a structural projection, which must not change meanwhile. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_edge_walk_begin(rw_edge_walk *walk, const rw_network *network, const rw_projection *projection);

/* The next edges [n], at most `most`, of those onto the cells of this rank, ascending by (target, source, uid); n = 0
 * after the last. They stay until the next call. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_edge_walk_next(rw_edge_walk *walk, uint64_t most, const rw_walked_edge **edges, uint64_t *n);

/* Frees it; a zeroed or failed one is fine. */
void rw_edge_walk_end(rw_edge_walk *walk);

#endif
