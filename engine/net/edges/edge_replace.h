/* Replaces the synapses of a structural projection by those of a saved state. */
#ifndef RW_NET_EDGE_REPLACE_H
#define RW_NET_EDGE_REPLACE_H

#include "net/edges/edge.h"
#include "net/projection.h"

/* Replaces the synapses of a structural projection by edges [n], ascending by (source, target, uid), without
 * what plasticity keeps of them; next_serial stays.
 * Errors: RW_ERR_SYSTEM; RW_ERR_INPUT (a cell that does not exist, edges out of order). The rows are then undefined. */
RW_MUST_CHECK rw_err rw_projection_replace(const rw_partition *partition, rw_projection *projection,
                                           const rw_edge *edges, uint64_t n);

#endif
