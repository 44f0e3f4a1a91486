/* rewire branch DIR: simulates from a saved state. */
#ifndef RW_CLI_CMD_BRANCH_H
#define RW_CLI_CMD_BRANCH_H

#include "base/error.h"

/* Runs the command with the arguments after its name. Errors: the exit code of the program. */
RW_MUST_CHECK rw_err rw_command_branch(int argc, char **argv);

#endif
