/* rewire sweep point: one point, in a process of its own */
#ifndef RW_CLI_SWEEP_POINT_H
#define RW_CLI_SWEEP_POINT_H

#include "cli/sweep_arguments.h"

/* Runs one point, or its baseline, into a directory, in this process. */
RW_MUST_CHECK rw_err rw_command_sweep_point(const rw_sweep_arguments *arguments);

#endif
