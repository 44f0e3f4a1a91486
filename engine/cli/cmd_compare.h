/* rewire compare SWEEP|DIR...: statistics between scenarios. */
#ifndef RW_CLI_CMD_COMPARE_H
#define RW_CLI_CMD_COMPARE_H

#include "base/error.h"

/* Runs the command with the arguments after its name. Errors: the exit code of the program. */
RW_MUST_CHECK rw_err rw_command_compare(int argc, char **argv);

#endif
