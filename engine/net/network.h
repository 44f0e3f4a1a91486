/* Who exists and who is connected.
 *
 * Neurons are numbered by gid, population after population, and divided between the threads of all ranks (partition.h).
 * A rank has the synapses onto its own cells only. Columns of cells are as long as the population, so that an id is an
 * index everywhere, but only those of the rank's own cells take memory and are valid; rank 0, which writes the files,
 * has all, and what changes in a run is valid there after rw_partition_gather. */
#ifndef RW_NET_NETWORK_H
#define RW_NET_NETWORK_H

#include "config/scenario.h"
#include "net/partition.h"
#include "net/population.h"
#include "net/projection.h"

typedef struct rw_fan_out rw_fan_out;

typedef struct rw_network {
    const rw_scenario *scenario;
    rw_partition partition;
    uint64_t n_neurons;
    rw_population *populations;
    size_t n_populations;
    rw_projection *projections;
    size_t n_projections;
    rw_fan_out *fan_outs; /* of projections whose delays differ, once they are gathered */
    size_t n_fan_outs;
    uint32_t min_delay, max_delay; /* steps, over all projections; both >= 1 */
    uint32_t *input_ports;         /* [scenario->n_inputs] of the target population; RW_NO_PORT: not a Poisson input */
} rw_network;

/* Builds this rank's part of the network: the cells, their positions, and the synapses onto the slices of its n_threads
 * >= 1 workers. The result is the same network for any number of ranks and threads; n_threads is the same on all ranks.
 * Spike and edge tables of the scenario must have been loaded. `scenario` must outlive the network.
 * Errors: RW_ERR_INPUT (a rule that cannot be met, more cells per thread than a packed target can name, more synapses
 * than memory can hold), RW_ERR_SYSTEM (memory). Collective. */
RW_MUST_CHECK rw_err rw_network_create_part(rw_network **network, const rw_scenario *scenario, const rw_comm *comm,
                                            int n_threads);

/* The same for a process that is alone. */
RW_MUST_CHECK rw_err rw_network_create(rw_network **network, const rw_scenario *scenario, int n_threads);

/* Frees the network; *network may be NULL and becomes NULL. */
void rw_network_destroy(rw_network **network);

#endif
