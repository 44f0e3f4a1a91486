/* rewire branch DIR: simulates from a saved state. */
#ifndef RW_CLI_CMD_BRANCH_H
#define RW_CLI_CMD_BRANCH_H

#include "base/error.h"

/* Reads the words after its name, and does it. Errors: the exit code of the program. */
RW_MUST_CHECK rw_err rw_command_branch(int argc, char **argv);

#endif
