/* rewire check SCENARIO: prints the resolved scenario and what the run will cost. */
#ifndef RW_CLI_CMD_CHECK_H
#define RW_CLI_CMD_CHECK_H

#include "base/error.h"

/* Runs the command with the arguments after its name. Errors: the exit code of the program. */
RW_MUST_CHECK rw_err rw_command_check(int argc, char **argv);

#endif
