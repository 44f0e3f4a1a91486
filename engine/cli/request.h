/* What `run` and `check` have in common: which scenario, with which overrides, on how many threads. */
#ifndef RW_CLI_REQUEST_H
#define RW_CLI_REQUEST_H

#include "cli/options.h"
#include "config/scenario.h"

typedef struct {
    const char *path;
    const char *at;   /* snapshot of a result that is run from there; NULL: not given */
    rw_text_list set; /* each key=value */
    int threads;      /* 0: not given */
    /* files and directories that the scenario may read besides its own folder */
    rw_text_list allow_read;
    bool set_is_planned; /* `set` comes from a sweep, not from the command line */
} rw_request;

/* The option --allow-read of a command with a request. */
#define RW_REQUEST_ALLOW_READ(request)                                                                                 \
    {                                                                                                                  \
        "--allow-read", NULL, RW_OPTION_LIST, &(request).allow_read, "DIR",                                            \
            "let the scenario read files in DIR, too, besides its own folder"                                          \
    }

/* Allows what `allow_read` and values of `set` name to be read, because these stand on the command line. Errors:
 * RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_request_allow(const rw_request *request);

/* Reads the scenario (YAML; SONATA if the path ends in .json) with its overrides and the spike trains it names.
 * Errors: RW_ERR_INPUT, RW_ERR_SYSTEM; *scenario is then NULL. */
RW_MUST_CHECK rw_err rw_request_read(const rw_request *request, rw_scenario **scenario);

/* Cores that launcher, scheduler, taskset and container allow this process. */
int rw_request_cores(void);

/* The size of the team: --threads, else OMP_NUM_THREADS, else SLURM_CPUS_PER_TASK, else the cores this process may use.
 * Errors: RW_ERR_INPUT (a variable that is not a number, threads asked of a build without them). */
RW_MUST_CHECK rw_err rw_request_threads(const rw_request *request, int *n_threads);

#endif
