/* rewire sweep run, retry */
#ifndef RW_CLI_SWEEP_RUN_H
#define RW_CLI_SWEEP_RUN_H

#include "cli/sweep_arguments.h"

/* Runs the points that have neither finished nor failed, and collects. */
RW_MUST_CHECK rw_err rw_command_sweep_run(const rw_sweep_arguments *arguments);

/* Forgets failures, then runs. */
RW_MUST_CHECK rw_err rw_command_sweep_retry(const rw_sweep_arguments *arguments);

#endif
