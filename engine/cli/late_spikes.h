/* Telling of spikes that a file holds and the run is too short for. */
#ifndef RW_CLI_LATE_SPIKES_H
#define RW_CLI_LATE_SPIKES_H

#include <stdio.h>

#include "base/json.h"
#include "config/scenario.h"

/* Prints a line for each population of which spikes come after the end of the run, each after `prefix`. */
void rw_late_spikes_print(FILE *out, const char *prefix, const rw_scenario *scenario);

/* Writes the member "spikes_after_the_end": their number for each population that has some. */
void rw_late_spikes_write(rw_json *json, const rw_scenario *scenario);

#endif
