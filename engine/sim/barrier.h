/* Where the threads of a run meet twice a block.
 *
 * They wait a moment in a loop, because on cores of their own they arrive almost together, and then sleep, because on
 * shared cores the one they wait for may need their core, and one that wakes from sleep is let in soon. (OpenMP's own
 * barrier does one or the other, as an environment variable says.) */
#ifndef RW_SIM_BARRIER_H
#define RW_SIM_BARRIER_H

#include <stdatomic.h>

typedef struct {
    unsigned n; /* threads that meet */
    atomic_uint arrived, round, sleepers, patience;
} rw_barrier;

/* Makes a barrier for n threads. */
void rw_barrier_init(rw_barrier *barrier, unsigned n);

/* Returns when all n threads have called it as often as the caller; what they wrote before is then seen by all. */
void rw_barrier_wait(rw_barrier *barrier);

#endif
