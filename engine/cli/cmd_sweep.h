/* rewire sweep WORD: many runs of one scenario. */
#ifndef RW_CLI_CMD_SWEEP_H
#define RW_CLI_CMD_SWEEP_H

#include "base/error.h"

/* Runs the command with the arguments after its name. Errors: the exit code of the program. */
RW_MUST_CHECK rw_err rw_command_sweep(int argc, char **argv);

#endif
