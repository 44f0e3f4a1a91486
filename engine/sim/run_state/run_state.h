/* The state of a run: every number that is needed to continue it and that does not follow from scenario and seed. */
#ifndef RW_SIM_RUN_STATE_H
#define RW_SIM_RUN_STATE_H

#include "sim/run_state/archive.h"
#include "sim/simulation.h"

/* Saves the state at the present step, or restores a saved one into a run that has not begun, with its observers. A
 * resumed run continues without another sample at that step; a branch begins with one. Errors: those of the archive;
 * RW_ERR_INPUT (the saved state is one of another network); the run is then undefined. */
RW_MUST_CHECK rw_err rw_simulation_archive(rw_simulation *sim, const rw_archive *archive);

#endif
