/* The loop. A block is at most the shortest delay long: within it no cell can affect another, so each thread runs its
 * own cells through all steps of the block before anything is exchanged. Blocks end early where something else is due.
 * The team stays together from block to block until a synchronisation step, where one thread has more to do alone:
 * rewiring, samples. */
#include "sim/advance.h"

#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/subnormal.h"
#include "sim/barrier.h"
#include "sim/chunk.h"
#include "sim/collect.h"
#include "sim/elements/growth.h"
#include "sim/health.h"
#include "sim/plasticity/plastic_worker.h"
#include "sim/scatter.h"
#include "sim/signal_drive.h"
#include "sim/simulation_state.h"
#include "sim/stretch.h"

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

/* Samples closer than this are taken by one thread while the others wait: a synchronisation step would cost more. */
enum { FREQUENT_STEPS = 1000 };

static bool is_frequent(const rw_simulation *sim, const rw_observer *observer) {
    double steps = (double)observer->every_steps / (observer->by_network ? 1.0 : rw_clock_factor(&sim->clock));
    return observer->every_steps != 0 && steps < FREQUENT_STEPS;
}

static bool has_ended(const rw_simulation *sim) {
    return rw_simulation_now(sim) >= sim->scenario->n_steps;
}

/* The step of the network at which the next sample is due. */
static uint64_t next_sample(const rw_simulation *sim, const rw_registered_observer *registered) {
    return registered->observer.by_network ? registered->due : rw_clock_step_at(&sim->clock, registered->due);
}

/* The next synchronisation step, at which the team ends: the end, that of a stretch of the clock, a count of spikes, a
 * sample, a lesion, a health check, an update of connectivity. */
static uint64_t next_synchronisation(const rw_simulation *sim, uint64_t end_time) {
    const uint64_t time = rw_simulation_now(sim);
    uint64_t next_time = earlier(end_time, rw_lesions_next(sim));
    if (sim->structural != NULL)
        next_time = earlier(next_time, next_multiple(time, sim->structural->structure.spec->every_steps));
    uint64_t next = earlier(rw_clock_step_at(&sim->clock, next_time), rw_clock_end(&sim->clock));
    next = earlier(next, next_multiple(sim->step, sim->health_steps));
    next = earlier(next, rw_clock_next_count(sim));
    for (size_t i = 0; i < sim->n_observers; i++)
        if (!is_frequent(sim, &sim->observers[i].observer))
            next = earlier(next, next_sample(sim, &sim->observers[i]));
    return next;
}

/* The time that an observer counts. */
static uint64_t time_of(const rw_simulation *sim, const rw_observer *observer) {
    return observer->by_network ? sim->step : rw_simulation_now(sim);
}

/* Sets when each observer's next sample is due: those up to the present step were taken. */
static void schedule_samples(rw_simulation *sim) {
    for (size_t i = 0; i < sim->n_observers; i++) {
        rw_registered_observer *registered = &sim->observers[i];
        registered->due = next_multiple(time_of(sim, &registered->observer), registered->observer.every_steps);
    }
}

/* Lets an observer take its sample of the present step, which stands for the time at which it was due. */
static rw_err take_sample(rw_simulation *sim, rw_registered_observer *registered, bool due) {
    const rw_observer *observer = &registered->observer;
    registered->last_sample = sim->step;
    sim->sampled_time = has_ended(sim)                            ? sim->scenario->n_steps
                        : due && !registered->observer.by_network ? registered->due
                                                                  : rw_simulation_now(sim);
    rw_err err = rw_comm_agree(sim->network->partition.comm, observer->sample(observer->self, sim));
    sim->sampled_time = UINT64_MAX;
    return err;
}

/* Samples at the start, at multiples of each observer's interval, and at the end of the run; once a step. */
static rw_err sample(rw_simulation *sim) {
    const bool always = sim->step == sim->first_step || has_ended(sim);
    rw_timer_enter(&sim->timer, RW_PHASE_OBSERVE);
    for (size_t i = 0; i < sim->n_observers; i++) {
        rw_registered_observer *registered = &sim->observers[i];
        const uint64_t time = time_of(sim, &registered->observer);
        const bool due = time >= registered->due;
        if (registered->observer.sample != NULL && (due || always) && registered->last_sample != sim->step)
            RW_TRY(take_sample(sim, registered, due));
        if (due)
            registered->due = next_multiple(time, registered->observer.every_steps);
    }
    rw_timer_enter(&sim->timer, RW_NO_PHASE);
    return RW_OK;
}

/* State that the threads share during run_blocks. Thread 0 writes it while the others wait. */
typedef struct {
    rw_simulation *sim;
    uint64_t synchronise_at; /* step at which the team ends */
    const volatile int *stop;
    uint64_t step;         /* of the present block */
    uint32_t n;            /* its steps; 0: the team ends */
    bool sampled;          /* a sample follows the block, so all threads must have finished the block */
    rw_error_record error; /* of an observer or the exchange */
    rw_barrier barrier;
} rw_team;

static uint32_t block_length(const rw_simulation *sim, uint64_t synchronise_at) {
    uint64_t next = earlier(synchronise_at, sim->step + sim->max_block);
    if (sim->structural != NULL)
        next = earlier(next, next_multiple(sim->step, sim->structural->structure.spec->growth_every_steps));
    for (size_t i = 0; i < sim->n_observers; i++)
        next = earlier(next, next_sample(sim, &sim->observers[i]));
    return (uint32_t)(next - sim->step);
}

static bool is_sampled(const rw_simulation *sim, uint64_t step) {
    for (size_t i = 0; i < sim->n_observers; i++)
        if (is_frequent(sim, &sim->observers[i].observer) && step >= next_sample(sim, &sim->observers[i]))
            return true;
    return false;
}

/* Whether the run is to stop. Ranks agree on this in the exchange, so that all stop at the same step. */
static bool is_stopped(const rw_simulation *sim, const volatile int *stop) {
    return sim->exchange != NULL ? sim->stopped : stop != NULL && *stop != 0;
}

static void begin_block(rw_team *team) {
    rw_simulation *sim = team->sim;
    bool stopped = team->error.err != RW_OK || is_stopped(sim, team->stop);
    team->step = sim->step;
    team->n = stopped || sim->step >= team->synchronise_at ? 0 : block_length(sim, team->synchronise_at);
    team->sampled = sim->step + team->n < team->synchronise_at && is_sampled(sim, sim->step + team->n);
    for (size_t d = 0; d < sim->scenario->n_drugs; d++)
        for (uint32_t k = 0; k < team->n; k++)
            sim->conc_uM[d * RW_BLOCK_STEPS + k] =
                rw_drug_level(&sim->drugs[d], rw_clock_time(&sim->clock, sim->step + k), &sim->segments[d]);
    for (size_t p = 0; team->n > 0 && p < sim->network->n_populations; p++)
        rw_population_plan_factors(&sim->plans[p], sim, sim->step, team->n);
}

static void end_block(rw_team *team) {
    rw_simulation *sim = team->sim;
    rw_timer_enter(&sim->timer, RW_PHASE_COLLECT);
    rw_err err = rw_simulation_collect(sim, team->n);
    sim->step += team->n;
    sim->timer.step = sim->step;
    rw_timer_enter(&sim->timer, RW_PHASE_OBSERVE);
    for (size_t i = 0; i < sim->n_observers; i++)
        if (sim->observers[i].observer.block != NULL)
            sim->observers[i].observer.block(sim->observers[i].observer.self, sim);
    if (err == RW_OK)
        err = rw_simulation_tell_spikes(sim, team->sampled || sim->stopped || sim->step >= team->synchronise_at);
    rw_timer_enter(&sim->timer, RW_NO_PHASE);
    if (err == RW_OK && team->sampled)
        err = sample(sim);
    rw_error_record_keep(&team->error, rw_comm_give_up(sim->network->partition.comm, err));
}

/* Thread 0 exchanges spikes with the other ranks; the others wait. */
static void exchange(rw_team *team, int thread) {
    rw_simulation *sim = team->sim;
    rw_timer *timer = &sim->workers[thread].timer;
    if (thread == 0) {
        rw_timer_enter(timer, RW_PHASE_EXCHANGE);
        bool stop = team->stop != NULL && *team->stop != 0;
        rw_err err = rw_spike_exchange_block(sim->exchange, sim, team->n, &stop);
        rw_error_record_keep(&team->error, rw_comm_give_up(sim->network->partition.comm, err));
        sim->stopped = stop;
        rw_timer_enter(timer, RW_PHASE_WAIT);
    }
    rw_barrier_wait(&team->barrier);
}

/* One block of one thread: updates its workers' cells through all steps; when all threads have done so, delivers the
 * spikes of all to its cells. */
static void run_block(rw_team *team, int thread, int n_team) {
    rw_simulation *sim = team->sim;
    rw_structural_plasticity *structural = sim->structural;
    uint64_t step = team->step; /* thread 0 may begin the next block while others still scatter */
    uint32_t n = team->n;
    rw_timer *timer = &sim->workers[thread].timer;
    timer->step = step;
    rw_timer_enter(timer, RW_PHASE_SCATTER);
    for (int t = thread; t < sim->network->partition.n_threads; t += n_team)
        rw_arrivals_deliver(&sim->workers[t].arrivals, step, n);
    rw_timer_enter(timer, RW_PHASE_UPDATE);
    for (int t = thread; t < sim->network->partition.n_threads; t += n_team)
        rw_worker_update(&sim->workers[t], sim, step, n);
    if (sim->plastic)
        for (int t = thread; t < sim->network->partition.n_threads; t += n_team)
            rw_worker_inform_plastic(&sim->workers[t], sim, step, n);
    rw_timer_enter(timer, RW_PHASE_WAIT);
    rw_barrier_wait(&team->barrier);
    if (sim->exchange != NULL)
        exchange(team, thread);
    rw_timer_enter(timer, RW_PHASE_SCATTER);
    for (int t = thread; t < sim->network->partition.n_threads; t += n_team)
        rw_worker_scatter(&sim->workers[t], sim, step, n);
    if (structural == NULL || !is_due(step + n, structural->structure.spec->growth_every_steps))
        return;
    rw_timer_enter(timer, RW_PHASE_GROWTH);
    for (int t = thread; t < sim->network->partition.n_threads; t += n_team)
        rw_structure_grow(&structural->structure, t, rw_clock_time(&sim->clock, step + n));
}

static void run_thread(rw_team *team, int thread, int n_team) {
    uint64_t rounding = rw_flush_subnormals();
    rw_timer *timer = &team->sim->workers[thread].timer;
    rw_timer_enter(timer, RW_NO_PHASE);
    if (timer->counters != NULL)
        rw_counters_start(timer->counters);
    for (;;) {
        if (thread == 0)
            begin_block(team);
        rw_timer_enter(timer, RW_PHASE_WAIT);
        rw_barrier_wait(&team->barrier);
        if (team->n == 0)
            break;
        bool sampled = team->sampled; /* thread 0 may change it while others still scatter */
        run_block(team, thread, n_team);
        if (sampled) {
            rw_timer_enter(timer, RW_PHASE_WAIT);
            rw_barrier_wait(&team->barrier);
        }
        if (thread == 0) {
            rw_timer_enter(timer, RW_NO_PHASE);
            end_block(team); /* the others read no more of what this changes */
        }
    }
    rw_timer_enter(timer, RW_NO_PHASE);
    rw_restore_rounding(rounding);
}

/* Advances to a synchronisation step, or to where it is stopped. */
static rw_err run_blocks(rw_simulation *sim, uint64_t synchronise_at, const volatile int *stop) {
    rw_team team = {.sim = sim, .synchronise_at = synchronise_at, .stop = stop};
#ifdef _OPENMP
#pragma omp parallel num_threads(sim->network->partition.n_threads)
    {
#pragma omp single
        rw_barrier_init(&team.barrier, (unsigned)omp_get_num_threads());
        run_thread(&team, omp_get_thread_num(), omp_get_num_threads());
    }
#else
    rw_barrier_init(&team.barrier, 1);
    run_thread(&team, 0, 1);
#endif
    return rw_error_record_raise(&team.error);
}

static rw_err tell_edge_events(rw_simulation *sim, const rw_edge_event *events, size_t n) {
    for (size_t i = 0; i < sim->n_observers; i++) {
        const rw_observer *observer = &sim->observers[i].observer;
        if (observer->edge_events != NULL)
            RW_TRY(observer->edge_events(observer->self, sim, events, n));
    }
    return RW_OK;
}

static rw_err lesion(rw_simulation *sim) {
    const rw_lesions *lesions = &sim->lesions;
    RW_TRY(rw_lesions_make(sim));
    if (lesions->events.n == 0)
        return RW_OK;
    return rw_comm_agree(sim->network->partition.comm, tell_edge_events(sim, lesions->events.items, lesions->events.n));
}

static rw_err rewire(rw_simulation *sim) {
    rw_structural_plasticity *structural = sim->structural;
    if (structural == NULL || !is_due(rw_simulation_now(sim), structural->structure.spec->every_steps))
        return RW_OK;
    const rw_edge_event_log *events = &structural->events;
    rw_timer_enter(&sim->timer, RW_PHASE_REWIRE);
    rw_err err = rw_simulation_advance_signals(sim);
    if (err == RW_OK)
        err = rw_update_connectivity(structural, rw_simulation_now(sim));
    if (err == RW_OK && sim->scenario->clock.slow)
        rw_clock_observe_synapses(sim);
    if (err == RW_OK && sim->exchange != NULL)
        rw_spike_exchange_learn(sim->exchange, sim->network, events->items, events->n);
    if (err == RW_OK) {
        rw_timer_enter(&sim->timer, RW_PHASE_OBSERVE);
        err = rw_comm_agree(sim->network->partition.comm, tell_edge_events(sim, events->items, events->n));
    }
    rw_timer_enter(&sim->timer, RW_NO_PHASE);
    return err;
}

/* Spikes are gathered if an observer of any rank wants them. */
static rw_err agree_to_listen(rw_simulation *sim) {
    uint32_t listens = sim->listens;
    RW_TRY(rw_comm_reduce(sim->network->partition.comm, &listens, 1, RW_U32, RW_MAX));
    sim->listens = listens != 0;
    return RW_OK;
}

rw_err rw_simulation_advance(rw_simulation *sim, uint64_t end, const volatile int *stop) {
    RW_ASSERT(end <= sim->scenario->n_steps);
    RW_TRY(agree_to_listen(sim));
    sim->stopped = false;
    schedule_samples(sim);
    RW_TRY(sample(sim));
    while (rw_simulation_now(sim) < end) {
        if (is_stopped(sim, stop))
            return rw_comm_agree(sim->network->partition.comm,
                                 rw_fail(RW_ERR_STOPPED, "stopped at %.6g ms of %.6g ms",
                                         (double)rw_simulation_now(sim) * sim->scenario->step_ms,
                                         (double)sim->scenario->n_steps * sim->scenario->step_ms));
        if (sim->step == rw_clock_end(&sim->clock))
            rw_simulation_begin_stretch(sim);
        uint64_t synchronise_at = next_synchronisation(sim, end);
        RW_TRY(run_blocks(sim, synchronise_at, stop));
        RW_TRY(rw_comm_agree(sim->network->partition.comm, rw_simulation_plastic_error(sim)));
        if (sim->step < synchronise_at)
            continue; /* stopped on the way */
        RW_TRY(lesion(sim));
        const bool interval_ends =
            sim->scenario->clock.slow && is_due(rw_simulation_now(sim), sim->scenario->clock.interval_steps);
        if (sim->step == rw_clock_next_count(sim) || (interval_ends && rw_clock_count_ends(sim)))
            RW_TRY(rw_clock_count(sim));
        if (interval_ends)
            RW_TRY(rw_clock_observe_rates(sim));
        RW_TRY(rewire(sim));
        if (is_due(sim->step, sim->health_steps) || has_ended(sim))
            RW_TRY(rw_simulation_check_health(sim));
        if (is_due(sim->step, sim->health_steps))
            RW_TRY(rw_simulation_follow_blocks(sim));
        RW_TRY(sample(sim));
    }
    return RW_OK;
}
