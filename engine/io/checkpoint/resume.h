/* Saving the state of a run, and continuing from one. */
#ifndef RW_IO_CHECKPOINT_RESUME_H
#define RW_IO_CHECKPOINT_RESUME_H

#include "io/result.h"

/* Looks at the run that the directory holds, which must be of the scenario with that text. Errors:
 * RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_result_inspect(rw_result *result, const char *scenario_text);

/* Restores the checkpoint that was found, if one was, into the simulation and the recorders: after rw_result_attach and
 * every observer, before the first step. Errors: RW_ERR_INPUT (damaged, or of another network), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_result_resume(rw_result *result, rw_simulation *sim);

/* Restores the state at time_ms that the result in `directory` holds into the simulation, which continues from it as a
 * run of its own. When: as above. Errors: RW_ERR_INPUT (no such state, or of another network), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_result_branch(rw_result *result, rw_simulation *sim, const char *directory, double time_ms);

/* Saves the state from which the run can be resumed; the two newest are kept. Errors: RW_ERR_SYSTEM; what was saved
 * before is then still there. */
RW_MUST_CHECK rw_err rw_result_checkpoint(rw_result *result, rw_simulation *sim);

/* Saves a state that is kept to branch from. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_result_keep_state(rw_result *result, rw_simulation *sim);

#endif
