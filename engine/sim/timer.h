/* The timer of one thread: always in one phase, or stopped. Entering a phase reads the clock once. */
#ifndef RW_SIM_TIMER_H
#define RW_SIM_TIMER_H

#include <stddef.h>
#include <stdint.h>

#include "sim/counters.h"
#include "sim/phase.h"

/* A stretch of time that a thread spent in one phase, on the clock of rw_clock_s. */
typedef struct {
    double start_s, end_s;
    uint64_t step; /* first of the block */
    rw_phase phase;
} rw_span;

typedef struct {
    double wall_s[RW_PHASE_COUNT + 1]; /* the last one: stopped */
    double since_s;                    /* when it entered `phase` */
    rw_phase phase;
    uint64_t step;  /* of the block, for the trace */
    rw_span *spans; /* ring of [n_spans]; NULL: no trace is kept */
    size_t n_spans;
    uint64_t n_written;    /* spans since the start; all but the last n_spans are overwritten */
    rw_counters *counters; /* of the processor; NULL: not asked for */
} rw_timer;

/* A stopped timer. */
rw_timer rw_timer_create(void);

/* Frees what the timer keeps; a zeroed timer is fine. */
void rw_timer_destroy(rw_timer *timer);

/* Adds the time since the last call to the phase that ends, and begins `phase` (RW_NO_PHASE: stops). */
void rw_timer_enter(rw_timer *timer, rw_phase phase);

/* Seconds on a clock that only goes forward. */
double rw_clock_s(void);

#endif
