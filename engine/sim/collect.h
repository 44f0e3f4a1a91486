/* The spikes of the network for observers, by (step, population, id), and their counts.
 *
 * With several ranks they are reported on rank 0 alone, several blocks at once, because each gathering costs a message;
 * the other ranks report to their observers that there are none. */
#ifndef RW_SIM_COLLECT_H
#define RW_SIM_COLLECT_H

#include "sim/simulation.h"

/* Keeps the spikes of the block of n steps that ends. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_collect(rw_simulation *sim, uint32_t n);

/* Reports to the observers what was collected; with several ranks not after each block, unless `at_once`.
 * Collective. Errors: RW_ERR_SYSTEM, those of the observers. */
RW_MUST_CHECK rw_err rw_simulation_tell_spikes(rw_simulation *sim, bool at_once);

/* How often the cells of each population fired since the run was created: counts [n_populations], on all ranks.
 * Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_count_spikes(const rw_simulation *sim, uint64_t *counts);

#endif
