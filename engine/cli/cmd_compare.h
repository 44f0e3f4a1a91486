/* rewire compare SWEEP|DIR...: statistics between scenarios. */
#ifndef RW_CLI_CMD_COMPARE_H
#define RW_CLI_CMD_COMPARE_H

#include "base/error.h"

/* Reads the words after its name, and does it. Errors: the exit code of the program. */
RW_MUST_CHECK rw_err rw_command_compare(int argc, char **argv);

#endif
