/* Exchange of spikes between ranks, once a block. The spikes of a cell are sent to the ranks that have synapses from
 * it.
 *
 * A spike is sent as its step in the block and population (one word), its id (one word), and a word for each jump
 * of a presynaptic gate. What arrives is put in the order of ids, which is the order of ranks.
 *
 * Where the other ranks are only pretended, their cells fire at random, and they need of this rank's cells what it
 * needs of theirs: memory and work of the one rank are then those of a large run, its spikes mean nothing. */
#ifndef RW_SIM_EXCHANGE_H
#define RW_SIM_EXCHANGE_H

#include "net/network.h"
#include "sim/delivery.h"
#include "sim/observer.h"
#include "sim/profile.h"

/* Mean rate of the cells of pretended ranks. */
#define RW_PRETENDED_RATE_HZ 5.0

typedef struct rw_spike_exchange rw_spike_exchange;

/* Determines which ranks need the spikes of which cells; *exchange = NULL where there is one rank. Collective.
 * Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_spike_exchange_create(rw_spike_exchange **exchange, const rw_simulation *sim);

/* Frees it; *exchange may be NULL and becomes NULL. */
void rw_spike_exchange_destroy(rw_spike_exchange **exchange, const rw_network *network);

/* Sends what this rank's workers listed in the block of n steps and receives what its cells need. *stop becomes true on
 * all ranks if it is on one. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_spike_exchange_block(rw_spike_exchange *exchange, const rw_simulation *sim, uint32_t n,
                                             bool *stop);

/* What was exchanged since the start. */
rw_traffic rw_spike_exchange_traffic(const rw_spike_exchange *exchange);

/* What was received of a population for a step of the block. */
rw_spike_run rw_spike_exchange_run(const rw_spike_exchange *exchange, uint32_t population, uint32_t step_in_block);

/* Synapses that formed: from now on the spikes of their sources go to the ranks of their targets. */
void rw_spike_exchange_learn(rw_spike_exchange *exchange, const rw_network *network, const rw_edge_event *events,
                             size_t n);

#endif
