/* All synapses of a projection at once. */
#ifndef RW_NET_EDGE_LIST_H
#define RW_NET_EDGE_LIST_H

#include "net/edges/edge.h"
#include "net/network.h"

/* The live synapses of a projection onto the cells of this rank, ascending by (target, source, uid): edges
 * [rw_projection_count]. Those of the ranks, one after the other, are those of the network. Free with rw_free. Where
 * they are many, edge_slabs.h lists a part at a time. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_projection_edges(const rw_network *network, const rw_projection *projection, rw_edge **edges);

#endif
