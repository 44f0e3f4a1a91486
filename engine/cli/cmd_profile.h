/* rewire profile SCENARIO: where its time goes, and how far that is from the machine's limits. */
#ifndef RW_CLI_CMD_PROFILE_H
#define RW_CLI_CMD_PROFILE_H

#include "base/error.h"

/* Runs the command with the arguments after its name. Errors: the exit code of the program. */
RW_MUST_CHECK rw_err rw_command_profile(int argc, char **argv);

#endif
