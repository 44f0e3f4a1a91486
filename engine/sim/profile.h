/* What a run spends its time on: one timer per thread, which is always in some phase, and counts of what was done. */
#ifndef RW_SIM_PROFILE_H
#define RW_SIM_PROFILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "sim/observer.h"

/* `exchange` and what stands behind it are done by one thread while the others wait or have nothing to do; `wait` is
 * the time that threads wait for each other. */
#define RW_PHASES(X)                                                                                                   \
    X(UPDATE, "update")                                                                                                \
    X(SCATTER, "scatter")                                                                                              \
    X(GROWTH, "growth")                                                                                                \
    X(WAIT, "wait")                                                                                                    \
    X(EXCHANGE, "exchange")                                                                                            \
    X(COLLECT, "collect")                                                                                              \
    X(REWIRE, "rewire")                                                                                                \
    X(OBSERVE, "observe")

typedef enum {
#define RW_PHASE_ENUM(name, text) RW_PHASE_##name,
    RW_PHASES(RW_PHASE_ENUM)
#undef RW_PHASE_ENUM
        RW_PHASE_COUNT
} rw_phase;

/* "update", "scatter", ... */
const char *rw_phase_name(rw_phase phase);

/* Spikes that ranks told each other. */
typedef struct {
    uint64_t sent_bytes, received_bytes, exchanges;
} rw_traffic;

typedef struct {
    double wall_s[RW_PHASE_COUNT]; /* mean over the threads; of one thread's phases, its time */
    double least_s[RW_PHASE_COUNT], most_s[RW_PHASE_COUNT]; /* of any thread */
    uint64_t spikes, synaptic_events, created, deleted;
    uint64_t delivered_bytes; /* of synapses read to deliver these events */
    uint64_t steps;
    rw_traffic traffic; /* since the start of the run */
} rw_profile;

/* Phase times and counts since the start, or since rw_simulation_restart_profile. */
rw_profile rw_simulation_profile(const rw_simulation *sim);

/* The same over all ranks: sums of the counts, mean, least and most of the times. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_total_profile(const rw_simulation *sim, rw_profile *profile);

/* Lets times and counts begin anew at the present step, so that a warm-up can be left out. */
void rw_simulation_restart_profile(rw_simulation *sim);

/* Counted by the processor. */
typedef enum { RW_COUNTER_INSTRUCTIONS, RW_COUNTER_CYCLES, RW_COUNTER_CACHE_MISSES, RW_COUNTERS } rw_counter;

typedef struct {
    long long count[RW_COUNTERS]; /* last-level cache misses, for that one */
} rw_processor_counts;

#define RW_WHY_SIZE 160

/* Lets every thread count from now on, phase by phase. Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_simulation_keep_counters(rw_simulation *sim);

/* The counts of a phase, of all threads together; returns NULL, or why there are none. */
const char *rw_simulation_counters(const rw_simulation *sim, rw_phase phase, rw_processor_counts *counts);

/* NULL if each phase is a region of likwid-perfctr, or why not. */
const char *rw_counters_regions(void);

/* A stretch of time that a thread spent in one phase, on the clock of rw_clock_s. */
typedef struct {
    double start_s, end_s;
    uint64_t step; /* first of the block */
    rw_phase phase;
} rw_span;

/* Keeps the last n_spans >= 1 spans of every thread from now on, for rw_simulation_trace. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_keep_trace(rw_simulation *sim, size_t n_spans);

/* The spans of a thread, or of what one thread does for all (thread = n_threads), as two stretches of a ring, the older
 * one first: spans[i] has n[i]. */
void rw_simulation_trace(const rw_simulation *sim, int thread, const rw_span *spans[2], size_t n[2]);

/* Seconds on a clock that only goes forward. */
double rw_clock_s(void);

#endif
