/* The result directory of a run: provenance, SONATA files, snapshots, event log, series. Layout: README.md, "What a run
 * leaves". */
#ifndef RW_IO_RESULT_H
#define RW_IO_RESULT_H

#include "sim/simulation.h"

typedef struct rw_result rw_result;

/* What run.json says about the origin of the run; strings are copied. */
typedef struct {
    const char *command_line;
    int n_threads;
    bool resume;         /* continue the run in the directory, if there is one */
    const rw_comm *comm; /* rank 0 writes; NULL: there is no other */
} rw_run_info;

/* With several ranks every function here is called by all of them, but what is not called collective returns the error
 * of its own rank only. */

/* Collective. Starts a result in `directory`: makes it, checks that it can be written and holds no other run, writes
 * scenario.yaml and run.json with status "running". To resume a run, checks that it is one of this scenario. Errors:
 * RW_ERR_INPUT (directory holds another run, or one that cannot be resumed), RW_ERR_SYSTEM (not writable, disk full).
 * *result is then NULL. */
RW_MUST_CHECK rw_err rw_result_create(rw_result **result, const char *directory, const rw_scenario *scenario,
                                      const rw_run_info *info);

/* What a result that was created to resume a run found. */
typedef struct {
    bool done;          /* the run had ended; nothing is left to do, and the result must only be destroyed */
    bool found;         /* it continues from a checkpoint; false: there was none, so it begins at its start */
    uint64_t step;      /* of that checkpoint */
    const char *notice; /* what the user should know; empty: nothing */
} rw_resumption;

/* What was found; all false without rw_run_info.resume. */
rw_resumption rw_result_resumption(const rw_result *result);

/* Writes nodes and registers the recorders that the scenario requires with the simulation, before its first step.
 * Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_result_attach(rw_result *result, rw_simulation *sim);

/* Collective. Closes every file, each by rename to its final name, and writes run.json last. `outcome` is what the run
 * returned: RW_OK gives status "done", RW_ERR_STOPPED "interrupted", anything else "failed" with this thread's error
 * message. What was recorded until then is kept and readable. After "done" the checkpoints are removed. Errors:
 * RW_ERR_SYSTEM.
 */
RW_MUST_CHECK rw_err rw_result_finish(rw_result *result, const rw_simulation *sim, rw_err outcome);

/* Removes what a run that could not begin has written, and frees the result. */
void rw_result_discard(rw_result **result);

/* Frees the result; *result may be NULL and becomes NULL. Without rw_result_finish, run.json still says "running". */
void rw_result_destroy(rw_result **result);

#endif
