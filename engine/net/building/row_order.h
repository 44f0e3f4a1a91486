/* The order of synapses in rows that have just been filled. */
#ifndef RW_NET_ROW_ORDER_H
#define RW_NET_ROW_ORDER_H

#include "net/adjacency/adjacency.h"

/* Sorts each row by packed target; a stable sort. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_adjacency_order(rw_adjacency *adjacency);

/* Packs the targets anew: they hold delays in steps, by `from`, and get delay classes, counted from min_delay, by `to`.
 * Then sorts each row as rw_adjacency_order does; `ascending`: its targets ascend, so that delays alone decide.
 * n_classes: delay classes. Errors: RW_ERR_SYSTEM; the rows are then to be destroyed. */
RW_MUST_CHECK rw_err rw_adjacency_order_late(rw_adjacency *adjacency, rw_packing from, rw_packing to,
                                             uint32_t min_delay, uint32_t n_classes, bool ascending);

#endif
