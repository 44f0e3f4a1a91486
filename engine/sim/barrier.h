/* The barrier of the threads of a run, used twice a block.
 *
 * Threads first wait in a loop, because on cores of their
 * own they arrive almost together. Then they sleep, because on shared cores the missing thread may need their core, and
 * the system soon schedules a thread that wakes up. (OpenMP's own barrier does one or the other, as an environment
 * variable says.) */
#ifndef RW_SIM_BARRIER_H
#define RW_SIM_BARRIER_H

#include <stdatomic.h>

typedef struct {
    unsigned n; /* threads */
    atomic_uint arrived, round, sleepers, patience;
} rw_barrier;

/* Makes a barrier for n threads. */
void rw_barrier_init(rw_barrier *barrier, unsigned n);

/* Returns when all n threads have called it as often as the caller; what they wrote before is then seen by all. */
void rw_barrier_wait(rw_barrier *barrier);

#endif
