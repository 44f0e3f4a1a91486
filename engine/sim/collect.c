#include "sim/collect.h"

#include <string.h>

#include "sim/simulation_state.h"

/* Blocks after which spikes are gathered at the latest. */
enum { MOST_BLOCKS = 64 };

/* Adds spikes of a population to the growth signals that follow its rate. */
static void count_for_signals(rw_simulation *sim, size_t population, uint64_t count) {
    for (size_t s = 0; sim->structural != NULL && s < sim->scenario->n_signals; s++)
        if (sim->structural->structure.signals[s].spec->population == population)
            sim->structural->structure.signals[s].spikes += count;
}

/* Adds the block's spikes to the counts of this rank, and returns how many they are. */
static uint64_t count_spikes(rw_simulation *sim, uint32_t n) {
    const rw_network *network = sim->network;
    uint64_t total = 0;
    for (size_t p = 0; p < network->n_populations; p++) {
        uint64_t count = 0;
        for (int t = 0; t < network->partition.n_threads; t++)
            for (uint32_t k = 0; k < n; k++)
                count += sim->workers[t].spikes[p].count[k];
        sim->counted_spikes[p] += count;
        count_for_signals(sim, p, count);
        if (network->populations[p].spec->model != NULL) /* replayed spikes are no activity of the network */
            sim->total_spikes += count;
        total += count;
    }
    return total;
}

rw_err rw_simulation_count_spikes(const rw_simulation *sim, uint64_t *counts) {
    size_t n = sim->network->n_populations;
    memcpy(counts, sim->counted_spikes, n * sizeof *counts);
    return rw_comm_reduce(sim->network->partition.comm, counts, n, RW_U64, RW_SUM);
}

rw_err rw_simulation_collect(rw_simulation *sim, uint32_t n) {
    const rw_network *network = sim->network;
    uint64_t total = count_spikes(sim, n);
    if (!sim->listens)
        return RW_OK;
    if (sim->blocks_collected == 0)
        sim->collected_from = sim->step;
    size_t needed = sim->n_spikes + total;
    if (needed > sim->spikes_size) {
        RW_TRY(RW_GROW(sim->spikes, sim->spikes_size, 2 * needed, "spikes"));
        sim->spikes_size = 2 * needed;
    }
    for (uint32_t k = 0; k < n; k++)
        for (uint32_t p = 0; p < network->n_populations; p++)
            for (int t = 0; t < network->partition.n_threads; t++) {
                const rw_spike_list *list = &sim->workers[t].spikes[p];
                for (uint32_t s = 0; s < list->count[k]; s++)
                    sim->spikes[sim->n_spikes++] =
                        (rw_spike){.step = sim->step + k + 1, .population = p, .id = list->ids[k * list->capacity + s]};
            }
    sim->blocks_collected++;
    return RW_OK;
}

/* Puts spikes that came rank after rank in the order of (step, population, id). In one step and population each rank
 * has a range of ids of its own, so it is enough to keep the order of ranks while counting by step and population. */
static rw_err sort_spikes(const rw_simulation *sim, const rw_spike *spikes, size_t n, rw_spike **sorted) {
    size_t n_populations = sim->network->n_populations, *at = NULL;
    size_t n_keys = (size_t)(sim->step - sim->collected_from) * n_populations;
    *sorted = NULL;
    RW_TRY(RW_NEW(at, n_keys + 1, "spikes"));
    rw_err err = RW_NEW(*sorted, n, "spikes");
#define KEY(spike) ((size_t)((spike).step - sim->collected_from - 1) * n_populations + (spike).population)
    for (size_t i = 0; err == RW_OK && i < n; i++)
        at[KEY(spikes[i]) + 1]++;
    for (size_t key = 0; key < n_keys; key++)
        at[key + 1] += at[key];
    for (size_t i = 0; err == RW_OK && i < n; i++)
        (*sorted)[at[KEY(spikes[i])]++] = spikes[i];
#undef KEY
    rw_free(at);
    return err;
}

static rw_err tell(const rw_simulation *sim, const rw_spike *spikes, size_t n) {
    for (size_t i = 0; i < sim->n_observers; i++) {
        const rw_observer *observer = &sim->observers[i].observer;
        if (observer->spikes != NULL)
            RW_TRY(observer->spikes(observer->self, sim, spikes, n));
    }
    return RW_OK;
}

static rw_err gather_and_tell(const rw_simulation *sim) {
    const rw_comm *comm = sim->network->partition.comm;
    rw_spike *all = NULL, *sorted = NULL;
    size_t n = 0;
    RW_TRY(rw_comm_collect(comm, sim->spikes, sim->n_spikes, sizeof *all, &all, &n));
    rw_err err = n > 0 ? sort_spikes(sim, all, n, &sorted) : RW_OK;
    if (err == RW_OK)
        err = tell(sim, sorted, n);
    rw_free(all);
    rw_free(sorted);
    return rw_comm_agree(comm, err);
}

rw_err rw_simulation_tell_spikes(rw_simulation *sim, bool at_once) {
    bool several = rw_comm_size(sim->network->partition.comm) > 1;
    if (!sim->listens || sim->blocks_collected == 0 || (several && !at_once && sim->blocks_collected < MOST_BLOCKS))
        return RW_OK;
    rw_err err = several ? gather_and_tell(sim) : tell(sim, sim->spikes, sim->n_spikes);
    sim->n_spikes = 0;
    sim->blocks_collected = 0;
    return err;
}
