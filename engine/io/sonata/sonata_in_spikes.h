/* Spike trains of virtual cells. */
#ifndef RW_IO_SONATA_SONATA_IN_SPIKES_H
#define RW_IO_SONATA_SONATA_IN_SPIKES_H

#include "config/scenario.h"
#include "io/hdf5/h5_location.h"

/* Spikes of one population (NULL: the only one) of an open spikes file, up to stamp n_steps;
 * *n_late is how many come later. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_spikes_load(rw_spike_table *spikes, rw_arena *arena, const rw_h5_location *file,
                                           const char *population, uint64_t n_cells, double step_ms, uint64_t n_steps,
                                           uint64_t *n_late);

/* Loads the spike trains of every virtual population that names a file; paths are relative to the scenario's file.
 * Times are rounded to the nearest step, at least the first; several spikes of a cell may be in one step.
 * Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_load_spikes(rw_scenario *scenario);

#endif
