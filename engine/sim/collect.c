/* The spikes of the network for those who listen, by (step, population, id).
 *
 * With several ranks they are told on rank 0 alone, several blocks at once, because every gathering has its price; the
 * others tell their listeners that there are none. */
#include <stdlib.h>

#include "sim/state.h"

/* Blocks after which spikes are gathered at the latest. */
enum { MOST_BLOCKS = 64 };

static uint64_t count_spikes(const rw_simulation *sim, uint32_t n) {
    const rw_network *network = sim->network;
    uint64_t total = 0;
    for (int t = 0; t < network->n_threads; t++)
        for (size_t p = 0; p < network->n_populations; p++)
            for (uint32_t k = 0; k < n; k++)
                total += sim->workers[t].spikes[p].count[k];
    return total;
}

/* Growth signals that follow a population's rate. */
static void count_for_signals(rw_simulation *sim, uint32_t n) {
    for (size_t s = 0; sim->structure != NULL && s < sim->scenario->n_signals; s++)
        for (int t = 0; t < sim->network->n_threads; t++)
            for (uint32_t k = 0; k < n; k++) {
                rw_signal *signal = &sim->structure->signals[s];
                signal->spikes += sim->workers[t].spikes[signal->spec->population].count[k];
            }
}

rw_err rw_simulation_collect(rw_simulation *sim, uint32_t n) {
    const rw_network *network = sim->network;
    uint64_t total = count_spikes(sim, n);
    sim->total_spikes += total;
    count_for_signals(sim, n);
    if (!sim->listens)
        return RW_OK;
    size_t needed = sim->n_spikes + total;
    if (needed > sim->spikes_size) {
        RW_TRY(RW_GROW(sim->spikes, sim->spikes_size, 2 * needed, "spikes"));
        sim->spikes_size = 2 * needed;
    }
    for (uint32_t k = 0; k < n; k++)
        for (uint32_t p = 0; p < network->n_populations; p++)
            for (int t = 0; t < network->n_threads; t++) {
                const rw_spike_list *list = &sim->workers[t].spikes[p];
                for (uint32_t s = 0; s < list->count[k]; s++)
                    sim->spikes[sim->n_spikes++] =
                        (rw_spike){.step = sim->step + k + 1, .population = p, .id = list->ids[k * list->capacity + s]};
            }
    sim->blocks_collected++;
    return RW_OK;
}

static int by_step_and_cell(const void *left, const void *right) {
    const rw_spike *a = left, *b = right;
    if (a->step != b->step)
        return a->step < b->step ? -1 : 1;
    if (a->population != b->population)
        return a->population < b->population ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

static rw_err tell(const rw_simulation *sim, const rw_spike *spikes, size_t n) {
    for (size_t w = 0; w < sim->n_watches; w++) {
        const rw_observer *observer = &sim->watches[w].observer;
        if (observer->spikes != NULL)
            RW_TRY(observer->spikes(observer->self, sim, spikes, n));
    }
    return RW_OK;
}

rw_err rw_simulation_tell_spikes(rw_simulation *sim, bool at_once) {
    const rw_comm *comm = sim->network->comm;
    bool several = rw_comm_size(comm) > 1;
    if (!sim->listens || sim->blocks_collected == 0 || (several && !at_once && sim->blocks_collected < MOST_BLOCKS))
        return RW_OK;
    rw_spike *all = sim->spikes;
    size_t n = sim->n_spikes;
    if (several) {
        RW_TRY(rw_comm_collect(comm, sim->spikes, sim->n_spikes, sizeof *all, &all, &n));
        if (n > 1)
            qsort(all, n, sizeof *all, by_step_and_cell);
    }
    rw_err err = rw_comm_agree(comm, tell(sim, all, n));
    if (several)
        rw_free(all);
    sim->n_spikes = 0;
    sim->blocks_collected = 0;
    return err;
}
