/* rewire report DIR...: one page of a run, a sweep or several results. */
#ifndef RW_CLI_CMD_REPORT_H
#define RW_CLI_CMD_REPORT_H

#include "base/error.h"

/* Runs the command with the arguments after its name. Errors: the exit code of the program. */
RW_MUST_CHECK rw_err rw_command_report(int argc, char **argv);

#endif
