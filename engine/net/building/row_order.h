/* The order of synapses in rows that have just been filled. */
#ifndef RW_NET_ROW_ORDER_H
#define RW_NET_ROW_ORDER_H

#include "net/adjacency/adjacency.h"

/* Sorts each row by packed target; a stable sort. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_adjacency_order(rw_adjacency *adjacency);

#endif
