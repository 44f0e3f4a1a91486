/* The synapses of a projection in the order of files, by target, then source, then uid: those of a slab of targets at a
 * time, so that all of them are never in memory at once. */
#ifndef RW_NET_EDGE_SLABS_H
#define RW_NET_EDGE_SLABS_H

#include "net/edges/edge.h"
#include "net/network.h"

typedef struct {
    rw_edge *edges;  /* [n] the slab, ascending by (target, source, uid) */
    uint64_t n;      /* 0: there are no more */
    uint64_t before; /* edges of this rank in the slabs before */

    /* private */
    const rw_network *network;
    const rw_projection *projection;
    rw_slice own, targets; /* of this rank, of the slab */
    uint64_t size;         /* capacity of `edges` */
    uint64_t *next;    /* [own targets + 1] where the next edge of each target goes, counted from the first of all */
    uint32_t *serials; /* [n_sources] the next implied serial; NULL where synapses carry theirs */
} rw_edge_slabs;

/* Prepares to list the synapses onto the cells of this rank, at most `size` at a time, or more if a single target has
 * more. The projection must not change until the end. Collective. Errors: RW_ERR_SYSTEM; *slabs is then empty. */
RW_MUST_CHECK rw_err rw_edge_slabs_begin(rw_edge_slabs *slabs, const rw_network *network,
                                         const rw_projection *projection, uint64_t size);

/* Goes to the next slab; the first call, to the first. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_edge_slabs_next(rw_edge_slabs *slabs);

/* Frees what the slabs hold; empty ones are fine. */
void rw_edge_slabs_end(rw_edge_slabs *slabs);

/* A good size of slabs, where nothing else requires a smaller one: a thread finds several of a slab's edges per row. */
uint64_t rw_edge_slab_size(const rw_network *network, const rw_projection *projection);

/* Receives edges [n]; `self` belongs to the receiver. */
typedef rw_err (*rw_edge_receiver)(void *self, const rw_edge *edges, uint64_t n);

/* Gives the synapses of all ranks to a receiver on rank 0, slab after slab in their order. Collective.
 * Errors: RW_ERR_SYSTEM, those of `receive`. */
RW_MUST_CHECK rw_err rw_edges_to_first(const rw_network *network, const rw_projection *projection,
                                       rw_edge_receiver receive, void *self);

#endif
