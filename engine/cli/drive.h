/* Drives a simulation to its end, from checkpoint to checkpoint. */
#ifndef RW_CLI_DRIVE_H
#define RW_CLI_DRIVE_H

#include "io/result.h"

/* Advances to the end. On the way it saves states as in the scenario, and when interrupts.h requests one. If it
 * is asked to stop, or reaches biological time pause_time (in steps; 0: never), it saves the state and returns
 * RW_ERR_STOPPED with a message for the user. Errors: those of rw_simulation_advance and rw_result_checkpoint. */
RW_MUST_CHECK rw_err rw_drive(rw_simulation *sim, rw_result *result, const char *directory, uint64_t pause_time);

#endif
