/* Reserves slots for new synapses and compacts rows. */
#ifndef RW_NET_ADJACENCY_COMPACT_H
#define RW_NET_ADJACENCY_COMPACT_H

#include "net/adjacency/adjacency.h"

/* Makes sure that one more synapse can be appended to a row: merges its tail, in an extent of larger capacity if
 * necessary; other rows may move. Errors: RW_ERR_SYSTEM; no synapse is then lost. */
RW_MUST_CHECK rw_err rw_adjacency_reserve(rw_adjacency *adjacency, uint64_t source);

/* Merges the unsorted tail of a row into its sorted part, and drops tombstones. */
void rw_adjacency_merge(rw_adjacency *adjacency, uint64_t source);

#endif
