/* Telling what of the files that were read is not used: parts of a circuit, and spikes for which the run is too short.
 */
#ifndef RW_CLI_INPUT_WARNINGS_H
#define RW_CLI_INPUT_WARNINGS_H

#include <stdio.h>

#include "base/json.h"
#include "config/scenario.h"

/* Prints a line for each thing that is not used, each after `prefix`. */
void rw_input_warnings_print(FILE *out, const char *prefix, const rw_scenario *scenario);

/* Writes the members "warnings", a list of texts, and "spikes_after_the_end": their number for each population that has
 * some. */
void rw_input_warnings_write(rw_json *json, const rw_scenario *scenario);

#endif
