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

/* Whether a spikes file is a table of text (it ends in .csv): columns timestamps (ms), node_ids and, if it holds
 * several populations, population. */
bool rw_sonata_spikes_in_text(const char *path);

/* Loads the spike trains of every virtual population that names a file; paths are relative to the scenario's file.
 * A spike is at the end of the step that its time lies in; several spikes of a cell may be in one step.
 * Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_load_spikes(rw_scenario *scenario);

#endif
