/* rewire watch: follows a run in progress. */
#ifndef RW_CLI_CMD_WATCH_H
#define RW_CLI_CMD_WATCH_H

#include "base/error.h"

/* Runs the command with the words after its name. */
RW_MUST_CHECK rw_err rw_command_watch(int argc, char **argv);

#endif
