/* The order of synapses in fresh rows. */
#ifndef RW_NET_ORDER_H
#define RW_NET_ORDER_H

#include "net/network.h"

/* Sorts each row by word, synapses with equal words in the order they are in. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_adjacency_order(rw_adjacency *adjacency);

/* Numbers the synapses of a thread's fresh rows: the serial is the place among the source's synapses on all workers,
 * ascending by (target, place in the row). earlier [n_sources]: synapses on the ranks before. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_projection_number(rw_projection *projection, int thread, const uint32_t *earlier);

/* Counts the synapses of each source: *earlier [n_sources] those on the ranks before this one (rw_free it), and in
 * total [n_sources], unless that is NULL, those on all ranks. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_projection_serials(const rw_network *network, const rw_projection *projection,
                                           uint32_t **earlier, uint32_t *total);

#endif
