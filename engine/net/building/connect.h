/* Builds the synapses of a projection: counts them, chooses the packing, fills the rows, orders and numbers them. */
#ifndef RW_NET_CONNECT_H
#define RW_NET_CONNECT_H

#include "comm/mail.h"
#include "net/network.h"

/* Builds the rows, packing, delays and serial numbers of a projection by its rule.
 * Errors: RW_ERR_INPUT with the projection's name and mark, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_projection_connect(rw_network *network, rw_projection *projection);

#endif
