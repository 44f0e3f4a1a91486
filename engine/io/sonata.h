/* Reading circuits and spike trains that others published in SONATA. */
#ifndef RW_IO_SONATA_H
#define RW_IO_SONATA_H

#include "config/scenario.h"

/* Reads a SONATA configuration (config.json, or a simulation configuration that names its network) with its nodes,
 * types, edges and spikes into a scenario. Overrides: run.tstop, run.dt, run.random_seed. Errors: RW_ERR_INPUT (what is
 * wrong in which file, dataset and row; a model that is not known), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_read(rw_scenario **scenario, const char *path, const rw_override *overrides,
                                    size_t n_overrides);

/* Loads the spike trains of every virtual population that names a file; paths are relative to the scenario's file.
 * Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_load_spikes(rw_scenario *scenario);

#endif
