/* `rewire reference` and `rewire schema`: the scenario language for people and for editors. */
#ifndef RW_CLI_CMD_REFERENCE_H
#define RW_CLI_CMD_REFERENCE_H

#include "base/error.h"

/* rewire reference [SECTION[.KEY]]: what may stand in a scenario. */
rw_err rw_command_reference(int argc, char **argv);

/* rewire schema: the JSON Schema of scenarios. */
rw_err rw_command_schema(int argc, char **argv);

#endif
