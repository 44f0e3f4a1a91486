/* One run from beginning to end, for the commands that simulate: `run` and `branch`. */
#ifndef RW_CLI_SESSION_H
#define RW_CLI_SESSION_H

#include "cli/request.h"
#include "io/input_files.h"

typedef struct {
    const char *command; /* "run", "branch" */
    rw_request request;
    const char *directory;        /* NULL: out/NAME of the scenario */
    const char *time_limit;       /* NULL: none */
    const char *checkpoint_every; /* of wall time; NULL: as the scenario says */
    int pretend_ranks;            /* act as one rank of so many; 0: do not */
    bool resume, quiet, as_json, profile;
    const char *branch_of;                         /* directory with the saved state to begin with; NULL: none */
    const char *branch_at;                         /* time of that state */
    uint64_t pause_step;                           /* stop there with a saved state; 0: do not */
    const rw_input_files *planned_inputs;          /* files must be as they were then; NULL: there is no plan */
    const rw_input_comparison *planned_comparison; /* for messages about them */
} rw_session;

/* Reads, builds, simulates, and leaves a result directory, whose run.json says how the run ended. The `argc` words
 * `argv` after the command are written to run.json. Errors: all codes. */
RW_MUST_CHECK rw_err rw_session_run(const rw_session *session, int argc, char **argv);

#endif
