#include "sim/worker.h"

#include "sim/chunk.h"
#include "sim/plasticity/plastic_worker.h"
#include "sim/replay.h"
#include "sim/simulation_state.h"

static size_t padded(uint64_t n) {
    return ((size_t)n + 15) / 16 * 16;
}

/* Longest delay (steps) of the projections that use a port; 1 for a port that only inputs use. */
static uint32_t longest_delay(const rw_network *network, uint32_t population, uint32_t port) {
    uint32_t longest = 1;
    for (size_t p = 0; p < network->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        bool uses = projection->target == population && (projection->port == port || projection->graded_port == port);
        if (uses && projection->max_delay > longest)
            longest = projection->max_delay;
    }
    return longest;
}

uint64_t rw_port_steps_ahead(const rw_network *network, uint32_t population, uint32_t port) {
    uint64_t n_bins = 1;
    while (n_bins <= longest_delay(network, population, port))
        n_bins *= 2;
    return n_bins - 1;
}

static rw_err create_rings(rw_worker *worker, const rw_network *network, uint32_t p) {
    const rw_population *population = &network->populations[p];
    const rw_arrivals *arrivals = &worker->arrivals;
    RW_TRY(RW_NEW(worker->rings[p], population->n_ports, "delay rings"));
    for (uint32_t port = 0; port < population->n_ports; port++) {
        rw_ring *ring = &worker->rings[p][port];
        if (population->ports[port].by_arrival) {
            *ring = (rw_ring){.bins = arrivals->bins + rw_first_place(network, worker->thread, p, port),
                              .stride = arrivals->n_places,
                              .mask = arrivals->bin_mask};
            continue;
        }
        ring->mask = rw_port_steps_ahead(network, p, port);
        ring->stride = padded(worker->slices[p].end - worker->slices[p].begin);
        RW_TRY(RW_NEW(ring->bins, (ring->mask + 1) * ring->stride, "delay rings"));
    }
    return RW_OK;
}

static rw_err create_arrivals(rw_worker *worker, const rw_simulation *sim) {
    const rw_network *network = sim->network;
    uint64_t *most_spikes = NULL;
    RW_TRY(RW_NEW(most_spikes, network->n_populations, "worker"));
    for (size_t p = 0; p < network->n_populations; p++)
        most_spikes[p] =
            rw_replay_most_spikes(network->populations[p].spec, (rw_slice){0, network->populations[p].count});
    rw_err err = rw_arrivals_create(&worker->arrivals, network, worker->thread, sim->max_block, most_spikes);
    rw_free(most_spikes);
    return err;
}

static rw_err create_spike_list(rw_spike_list *list, uint64_t most_spikes, size_t n_gates) {
    list->capacity = most_spikes;
    RW_TRY(RW_NEW(list->ids, RW_BLOCK_STEPS * list->capacity, "spike lists"));
    return RW_NEW(list->jumps, n_gates * RW_BLOCK_STEPS * list->capacity, "spike lists");
}

rw_err rw_worker_create(rw_worker *worker, const rw_simulation *sim, int thread) {
    const rw_network *network = sim->network;
    *worker = (rw_worker){.thread = thread, .timer = rw_timer_create()};
    RW_TRY(RW_NEW(worker->slices, network->n_populations, "worker"));
    RW_TRY(RW_NEW(worker->rings, network->n_populations, "worker"));
    RW_TRY(RW_NEW(worker->spikes, network->n_populations, "worker"));
    RW_TRY(RW_NEW(worker->health_spikes, network->n_populations, "worker"));
    RW_TRY(create_arrivals(worker, sim));
    for (uint32_t p = 0; p < network->n_populations; p++) {
        worker->slices[p] = rw_partition_thread_slice(&network->partition, network->populations[p].count, thread);
        RW_TRY(create_rings(worker, network, p));
        RW_TRY(create_spike_list(&worker->spikes[p],
                                 rw_replay_most_spikes(network->populations[p].spec, worker->slices[p]),
                                 sim->plans[p].n_gates));
    }
    RW_TRY(rw_worker_create_plastic(worker, network));
    return rw_scratch_create(worker, sim);
}

void rw_worker_destroy(rw_worker *worker, const rw_network *network) {
    for (size_t p = 0; p < network->n_populations; p++) {
        if (worker->rings != NULL && worker->rings[p] != NULL) {
            for (size_t port = 0; port < network->populations[p].n_ports; port++)
                if (!network->populations[p].ports[port].by_arrival)
                    rw_free(worker->rings[p][port].bins);
            rw_free(worker->rings[p]);
        }
        if (worker->spikes != NULL) {
            rw_free(worker->spikes[p].ids);
            rw_free(worker->spikes[p].jumps);
        }
    }
    rw_arrivals_destroy(&worker->arrivals);
    rw_free(worker->slices);
    rw_free(worker->rings);
    rw_free(worker->spikes);
    rw_free(worker->health_spikes);
    rw_worker_destroy_plastic(worker, network);
    rw_scratch_destroy(worker);
    rw_timer_destroy(&worker->timer);
    *worker = (rw_worker){0};
}
