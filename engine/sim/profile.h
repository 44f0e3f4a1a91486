/* What a run spends its time on: one timer per thread, which is always in some phase, and counts of what was done. */
#ifndef RW_SIM_PROFILE_H
#define RW_SIM_PROFILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "sim/observer.h"
#include "sim/timer.h"

/* Traffic of spikes between ranks. */
typedef struct {
    uint64_t sent_bytes, received_bytes, exchanges;
} rw_traffic;

typedef struct {
    double wall_s[RW_PHASE_COUNT]; /* mean over the threads; of one thread's phases, its time */
    double least_s[RW_PHASE_COUNT], most_s[RW_PHASE_COUNT]; /* of any thread */
    uint64_t spikes; /* of cells that have a model, not those that are replayed */
    uint64_t synaptic_events, created, deleted;
    uint64_t delivered_bytes; /* of synapses read to deliver these events */
    uint64_t steps;
    rw_traffic traffic; /* since the start of the run */
} rw_profile;

/* Phase times and counts since the start, or since rw_simulation_restart_profile. */
rw_profile rw_simulation_profile(const rw_simulation *sim);

/* The same over all ranks: sums of the counts, mean, least and most of the times. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_total_profile(const rw_simulation *sim, rw_profile *profile);

/* Restarts times and counts at the present step, so that a warm-up can be left out. */
void rw_simulation_restart_profile(rw_simulation *sim);

/* Lets every thread count from now on, phase by phase. Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_simulation_keep_counters(rw_simulation *sim);

/* The counts of a phase, of all threads together; returns NULL, or why there are none. */
const char *rw_simulation_counters(const rw_simulation *sim, rw_phase phase, rw_processor_counts *counts);

/* Keeps the last n_spans >= 1 spans of every thread from now on, for rw_simulation_trace. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_keep_trace(rw_simulation *sim, size_t n_spans);

/* The spans of a thread, or of what one thread does for all (thread = n_threads), as two stretches of a ring, the older
 * one first: spans[i] has n[i]. */
void rw_simulation_trace(const rw_simulation *sim, int thread, const rw_span *spans[2], size_t n[2]);

#endif
