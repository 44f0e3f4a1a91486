/* rewire run SCENARIO: simulates and leaves a result directory. */
#ifndef RW_CLI_CMD_RUN_H
#define RW_CLI_CMD_RUN_H

#include "base/error.h"

/* Runs the command with the arguments after its name. Errors: the exit code of the program. */
RW_MUST_CHECK rw_err rw_command_run(int argc, char **argv);

#endif
