/* Adds synapses to an adjacency and deletes them. */
#ifndef RW_NET_ADJACENCY_CHANGE_H
#define RW_NET_ADJACENCY_CHANGE_H

#include "net/adjacency/adjacency.h"

/* Adds a synapse with states [n_states] (NULL if there are none); its serial is greater than that of any synapse its
 * source had. Errors: RW_ERR_SYSTEM; the adjacency is then unchanged. */
RW_MUST_CHECK rw_err rw_adjacency_insert(rw_adjacency *adjacency, uint64_t source, rw_synapse synapse, uint32_t serial,
                                         const float *states);

/* Deletes the synapse in a slot of the source's row. Others stay where they are. */
void rw_adjacency_delete(rw_adjacency *adjacency, uint64_t source, uint64_t slot);

/* Deletes the marked synapses [count of the row] of a row that cannot change otherwise; the others move together. */
void rw_adjacency_delete_marked(rw_adjacency *adjacency, uint64_t source, const bool *marked);

#endif
