/* rewire models [NAME]: what a scenario can name. */
#ifndef RW_CLI_CMD_MODELS_H
#define RW_CLI_CMD_MODELS_H

#include "base/error.h"

/* Runs the command with the arguments after its name. Errors: the exit code of the program. */
RW_MUST_CHECK rw_err rw_command_models(int argc, char **argv);

#endif
