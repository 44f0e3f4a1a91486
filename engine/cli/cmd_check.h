/* rewire check SCENARIO: says what a scenario means and what it will cost. */
#ifndef RW_CLI_CMD_CHECK_H
#define RW_CLI_CMD_CHECK_H

#include "base/error.h"

/* Reads the words after its name, and does it. Errors: the exit code of the program. */
RW_MUST_CHECK rw_err rw_command_check(int argc, char **argv);

#endif
