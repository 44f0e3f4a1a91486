/* Ports: projections and inputs that act on a cell in the same way share one. */
#ifndef RW_NET_PORTS_H
#define RW_NET_PORTS_H

#include "net/network.h"

/* Creates one instance of each receptor of each population, one more for each other set of blockades that projections
 * name, and the ports of projections and inputs. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_ports_create(rw_network *network);

#endif
