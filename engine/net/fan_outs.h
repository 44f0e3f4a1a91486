/* Which projections are gathered in fan-outs, so that their spikes are delivered by arrival. */
#ifndef RW_NET_FAN_OUTS_H
#define RW_NET_FAN_OUTS_H

#include "net/adjacency/fan_out.h"
#include "net/network.h"

/* The fan-out of a population: of projections no two of which feed the same port, so that a row need not tell them
 * apart, and a target sums them in the same order as if they were not gathered. */
struct rw_fan_out {
    uint32_t source;               /* population */
    uint32_t min_delay, max_delay; /* steps, over its projections */
    uint32_t *projections;         /* [n_projections] ascending */
    size_t n_projections;
    rw_fan_out_rows *rows;  /* [n_threads] */
    rw_fan_out_part *parts; /* [n_threads x n_projections] */
};

/* Gathers the projections whose delays differ and whose synapses stay as they are. Either all projections of a port are
 * gathered or none, because a cell sums what arrives at a port in one order. None are where places and delays do not
 * fit in a packed target. Does nothing the second time. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_fan_outs_gather(rw_network *network);

/* Frees the fan-outs, but not the adjacencies that refer to them. */
void rw_fan_outs_destroy(rw_network *network);

/* The first place of a port of a population, or, for population n_populations, the number of places of a thread. */
uint32_t rw_first_place(const rw_network *network, int thread, uint32_t population, uint32_t port);

#endif
