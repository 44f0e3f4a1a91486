/* The loop that advances a run. */
#ifndef RW_SIM_ADVANCE_H
#define RW_SIM_ADVANCE_H

#include "sim/simulation.h"

/* Advances to the first step at which biological time is at least `time` (in steps, <= the scenario's n_steps), or to
 * the first block boundary after *stop became nonzero. Collective. Errors: RW_ERR_DIVERGED (NaN in a state, runaway
 * firing) with population, neuron and time; RW_ERR_STOPPED; those of the observers. */
RW_MUST_CHECK rw_err rw_simulation_advance(rw_simulation *sim, uint64_t time, const volatile int *stop);

#endif
