/* The order of synapses in fresh rows. */
#ifndef RW_NET_ORDER_H
#define RW_NET_ORDER_H

#include "net/network.h"

/* Sorts each row by word, synapses with equal words in the order they are in. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_rows_order(rw_rows *rows);

/* Numbers the synapses of a thread's fresh rows: the serial is the rank among the source's synapses on all threads,
 * ascending by (target, place in the row). Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_projection_number(rw_projection *projection, int thread);

#endif
