/* rewire version: which program this is and how it was built. */
#ifndef RW_CLI_CMD_VERSION_H
#define RW_CLI_CMD_VERSION_H

#include "base/error.h"

/* Runs the command with the arguments after its name. Errors: the exit code of the program. */
RW_MUST_CHECK rw_err rw_command_version(int argc, char **argv);

#endif
