/* rewire diff DIR DIR2: the first difference between two results. */
#ifndef RW_CLI_CMD_DIFF_H
#define RW_CLI_CMD_DIFF_H

#include "base/error.h"

/* Runs the command with the arguments after its name. Errors: the exit code of the program. */
RW_MUST_CHECK rw_err rw_command_diff(int argc, char **argv);

#endif
