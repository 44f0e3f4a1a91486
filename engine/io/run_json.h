/* run.json: how a run went, how it was made, and what it left. The only file with times, names of machines, and
 * threads. */
#ifndef RW_IO_RUN_JSON_H
#define RW_IO_RUN_JSON_H

#include <time.h>

#include "io/directory.h"
#include "sim/profile.h"
#include "sim/simulation.h"

typedef struct {
    const rw_scenario *scenario;
    const rw_simulation *sim; /* NULL: there is no simulation yet */
    rw_profile profile;       /* of all ranks */
    const char *status;       /* running, done, interrupted, failed */
    const char *message;      /* NULL: none */
    const char *command_line;
    int n_threads, n_ranks;
    time_t start, end; /* end 0: not yet */
    double wall_s;
    const uint64_t *resumed_step; /* NULL: it began at its start */
    const char *branched_from;    /* NULL: no branch */
    uint64_t n_checkpoints;
    double checkpoint_s;
} rw_run_manifest;

/* Writes run.json with the record and all files committed so far. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_run_json_write(rw_directory *directory, const rw_run_manifest *record);

#endif
