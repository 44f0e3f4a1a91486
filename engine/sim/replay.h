/* Spikes of virtual cells, from their table. */
#ifndef RW_SIM_REPLAY_H
#define RW_SIM_REPLAY_H

#include "config/scenario.h"
#include "net/partition.h"

/* The index of the first spike stamped after `step`. */
uint64_t rw_replay_first(const rw_spike_table *table, uint64_t step);

/* Spikes that cells of a slice have in one step at most: a cell with dynamics has one, a virtual cell what its table
 * says. */
uint64_t rw_replay_most_spikes(const rw_population_spec *population, rw_slice slice);

#endif
