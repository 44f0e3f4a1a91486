/* The loop. A block is at most the shortest delay long: within it no cell can affect another, so each thread runs its
 * own cells through all steps of the block before anything is exchanged. Blocks end early where something else is due.
 */
#include <string.h>
#include <time.h>

#include "sim/state.h"

static double now_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* The first multiple of `interval` after `step`; UINT64_MAX for interval 0. */
static uint64_t next_multiple(uint64_t step, uint64_t interval) {
    return interval == 0 ? UINT64_MAX : (step / interval + 1) * interval;
}

static bool is_due(uint64_t step, uint64_t interval) {
    return interval != 0 && step % interval == 0;
}

static uint64_t earlier(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

static uint32_t block_length(const rw_simulation *sim, uint64_t end) {
    uint64_t next = earlier(end, sim->step + sim->max_block);
    next = earlier(next, next_multiple(sim->step, sim->health_steps));
    if (sim->structure != NULL)
        next = earlier(next, next_multiple(sim->step, sim->structure->spec->growth_every_steps));
    for (size_t w = 0; w < sim->n_watches; w++)
        next = earlier(next, next_multiple(sim->step, sim->watches[w].observer.every_steps));
    return (uint32_t)(next - sim->step);
}

/* Runs all workers through the block: update, exchange at the barrier, scatter. */
static void run_block(rw_simulation *sim, uint32_t n) {
    int n_threads = sim->network->n_threads;
    double start = now_s(), middle = start;
    for (size_t p = 0; p < sim->network->n_populations; p++)
        rw_plan_factors(&sim->plans[p], sim->scenario, sim->step, n);
#pragma omp parallel num_threads(n_threads)
    {
#pragma omp for schedule(static, 1)
        for (int t = 0; t < n_threads; t++)
            rw_worker_update(&sim->workers[t], sim, sim->step, n);
#pragma omp master
        middle = now_s();
#pragma omp for schedule(static, 1)
        for (int t = 0; t < n_threads; t++)
            rw_worker_scatter(&sim->workers[t], sim, sim->step, n);
    }
    sim->wall_s[RW_PHASE_UPDATE] += middle - start;
    sim->wall_s[RW_PHASE_SCATTER] += now_s() - middle;
}

/* Counts the block's spikes and, if someone listens, lists them by (step, population, id). */
static rw_err collect_spikes(rw_simulation *sim, uint32_t n) {
    const rw_network *network = sim->network;
    uint64_t total = 0;
    for (int t = 0; t < network->n_threads; t++)
        for (size_t p = 0; p < network->n_populations; p++)
            for (uint32_t k = 0; k < n; k++)
                total += sim->workers[t].spikes[p].count[k];
    sim->total_spikes += total;
    sim->n_block_spikes = 0;
    if (!sim->listens)
        return RW_OK;
    if (total > sim->block_spikes_size) {
        RW_TRY(RW_GROW(sim->block_spikes, sim->block_spikes_size, 2 * total, "spikes"));
        sim->block_spikes_size = 2 * total;
    }
    for (uint32_t k = 0; k < n; k++)
        for (uint32_t p = 0; p < network->n_populations; p++)
            for (int t = 0; t < network->n_threads; t++) {
                const rw_spike_list *list = &sim->workers[t].spikes[p];
                for (uint32_t s = 0; s < list->count[k]; s++)
                    sim->block_spikes[sim->n_block_spikes++] =
                        (rw_spike){.step = sim->step + k + 1, .population = p, .id = list->ids[k * list->capacity + s]};
            }
    return RW_OK;
}

static rw_err tell_spikes(rw_simulation *sim) {
    for (size_t w = 0; w < sim->n_watches; w++) {
        const rw_observer *observer = &sim->watches[w].observer;
        if (observer->spikes != NULL)
            RW_TRY(observer->spikes(observer->self, sim, sim->block_spikes, sim->n_block_spikes));
    }
    return RW_OK;
}

static rw_err tell_edge_events(rw_simulation *sim) {
    const rw_structure *structure = sim->structure;
    for (size_t w = 0; w < sim->n_watches; w++) {
        const rw_observer *observer = &sim->watches[w].observer;
        if (observer->edge_events != NULL)
            RW_TRY(observer->edge_events(observer->self, sim, structure->events, structure->n_events));
    }
    return RW_OK;
}

/* Samples at the start, at multiples of each observer's interval, and at the end of the run; once a step. */
static rw_err sample(rw_simulation *sim) {
    double start = now_s();
    for (size_t w = 0; w < sim->n_watches; w++) {
        rw_watch *watch = &sim->watches[w];
        bool due =
            sim->step == 0 || sim->step == sim->scenario->n_steps || is_due(sim->step, watch->observer.every_steps);
        if (watch->observer.sample == NULL || !due || watch->last_sample == sim->step)
            continue;
        watch->last_sample = sim->step;
        RW_TRY(watch->observer.sample(watch->observer.self, sim));
    }
    sim->wall_s[RW_PHASE_OBSERVE] += now_s() - start;
    return RW_OK;
}

static rw_err grow_and_rewire(rw_simulation *sim) {
    rw_structure *structure = sim->structure;
    if (structure == NULL || !is_due(sim->step, structure->spec->growth_every_steps))
        return RW_OK;
    double start = now_s();
    rw_structure_grow(structure);
    double grown = now_s();
    sim->wall_s[RW_PHASE_GROWTH] += grown - start;
    if (!is_due(sim->step, structure->spec->every_steps))
        return RW_OK;
    RW_TRY(rw_structure_rewire(structure, sim->step));
    sim->wall_s[RW_PHASE_REWIRE] += now_s() - grown;
    return tell_edge_events(sim);
}

rw_err rw_simulation_advance(rw_simulation *sim, uint64_t end, const volatile int *stop) {
    RW_ASSERT(end <= sim->scenario->n_steps);
    RW_TRY(sample(sim));
    while (sim->step < end) {
        if (stop != NULL && *stop != 0)
            return rw_fail(RW_ERR_STOPPED, "stopped at %.6g ms of %.6g ms", (double)sim->step * sim->scenario->step_ms,
                           (double)sim->scenario->n_steps * sim->scenario->step_ms);
        uint32_t n = block_length(sim, end);
        run_block(sim, n);
        RW_TRY(collect_spikes(sim, n));
        sim->step += n;
        RW_TRY(tell_spikes(sim));
        RW_TRY(grow_and_rewire(sim));
        if (is_due(sim->step, sim->health_steps) || sim->step == sim->scenario->n_steps)
            RW_TRY(rw_simulation_check_health(sim));
        RW_TRY(sample(sim));
    }
    return RW_OK;
}
