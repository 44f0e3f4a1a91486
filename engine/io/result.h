/* The result directory of a run: provenance, SONATA files, snapshots, event log, series. Layout: README.md, "What a run
 * leaves". */
#ifndef RW_IO_RESULT_H
#define RW_IO_RESULT_H

#include "sim/simulation.h"

typedef struct rw_result rw_result;

/* What run.json says of how the run was made; strings are copied. */
typedef struct {
    const char *command_line;
    int n_threads;
} rw_run_info;

/* Starts a result in `directory`: makes it, checks that it can be written and holds no other run, writes scenario.yaml
 * and run.json with status "running".
 * Errors: RW_ERR_INPUT (directory holds another run), RW_ERR_SYSTEM (not writable, disk full). *result is then NULL. */
RW_MUST_CHECK rw_err rw_result_create(rw_result **result, const char *directory, const rw_scenario *scenario,
                                      const rw_run_info *info);

/* Writes nodes and hands the recorders that the scenario asks for to the simulation, before its first step.
 * Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_result_attach(rw_result *result, rw_simulation *sim);

/* Closes every file, each by rename to its final name, and writes run.json last. `outcome` is what the run returned:
 * RW_OK gives status "done", RW_ERR_STOPPED "interrupted", anything else "failed" with this thread's error message.
 * What was recorded until then is kept and readable. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_result_finish(rw_result *result, const rw_simulation *sim, rw_err outcome);

/* Frees the result; *result may be NULL and becomes NULL. Without rw_result_finish, run.json says "running" still. */
void rw_result_destroy(rw_result **result);

#endif
