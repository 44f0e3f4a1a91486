/* A scenario from a file of either form, with settings that override it. */
#ifndef RW_IO_SCENARIO_IN_H
#define RW_IO_SCENARIO_IN_H

#include "config/scenario.h"

/* Reads YAML, or, where the name ends in .json, a SONATA circuit, and the spikes that its virtual cells replay.
 * settings [n]: texts "key=value". Errors: RW_ERR_INPUT (with every diagnostic; measures that this build cannot take),
 * RW_ERR_SYSTEM. *scenario is then NULL. */
RW_MUST_CHECK rw_err rw_scenario_load(rw_scenario **scenario, const char *path, const char *const *settings, size_t n);

#endif
