/* Counters of the processor, phase by phase, where the build has PAPI, and regions for likwid-perfctr, where it has
 * LIKWID (cmake -DREWIRE_PAPI=ON, -DREWIRE_LIKWID=ON). What cannot be counted is reported with the reason, never as
 * zero. */
#ifndef RW_SIM_COUNTERS_H
#define RW_SIM_COUNTERS_H

#include <stdbool.h>

#include "sim/phase.h"

/* Counted by the processor. */
typedef enum { RW_COUNTER_INSTRUCTIONS, RW_COUNTER_CYCLES, RW_COUNTER_CACHE_MISSES, RW_COUNTERS } rw_counter;

typedef struct {
    long long count[RW_COUNTERS]; /* last-level cache misses, for that one */
} rw_processor_counts;

#define RW_WHY_SIZE 160

/* Of one thread. */
typedef struct {
    bool started, counting;
    int set; /* PAPI's name for the set of counters */
    rw_processor_counts at_switch, by_phase[RW_PHASE_COUNT + 1];
    char why[RW_WHY_SIZE]; /* not counting: the reason */
} rw_counters;

/* Begins counting on the calling thread; does nothing if it has begun. */
void rw_counters_start(rw_counters *counters);

/* Adds what was counted since the last call to `ended`; the thread continues with `begun`. */
void rw_counters_switch(rw_counters *counters, rw_phase ended, rw_phase begun);

/* Frees what the library keeps; call when all threads have stopped. */
void rw_counters_stop(rw_counters *counters);

/* NULL if each phase is a region of likwid-perfctr, or why not. */
const char *rw_counters_regions(void);

#endif
