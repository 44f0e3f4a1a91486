/* A result as the start of another run: its scenario, with the connectivity of one of its snapshots. */
#ifndef RW_IO_RESULT_START_H
#define RW_IO_RESULT_START_H

#include "config/scenario.h"

/* Whether a path names a result: its directory, or circuit_config.json or simulation_config.json in it. */
bool rw_result_start_is(const char *path);

/* Reads the scenario of the result that `path` names. Its projections then begin with the synapses of the snapshot of
 * time `at` ("28 d"); NULL: of the newest one, or of the first one if `path` is a file, which names that one. All else
 * begins as in the scenario. Overrides are those of rw_scenario_read. The tables are not loaded yet. Errors:
 * RW_ERR_INPUT (no snapshot of that time, a result of a SONATA circuit), RW_ERR_SYSTEM; *scenario is then NULL. */
RW_MUST_CHECK rw_err rw_result_start_read(rw_scenario **scenario, const char *path, const char *at,
                                          const rw_override *overrides, size_t n_overrides);

#endif
