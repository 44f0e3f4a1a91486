/* Sets up rows that can change: allocates them, and makes them ready once they have their first synapses. */
#ifndef RW_NET_ADJACENCY_SETUP_H
#define RW_NET_ADJACENCY_SETUP_H

#include "net/adjacency/adjacency.h"

/* Allocates extents for rows that can change, with some spare capacity, for the lengths in `count`; sets start, slots
 * and pool_size. The rows are then empty, and as many synapses as `count` said can be stored from the start of each.
 * Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_adjacency_allocate(rw_adjacency *adjacency);

/* Makes rows ready to change whose synapses have been stored from the start of each: sets `slots`, makes the
 * tombstones' bits, builds the reverse adjacency. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_adjacency_finish(rw_adjacency *adjacency);

#endif
