/* A scenario from a file of either form, with settings that override it. */
#ifndef RW_IO_SCENARIO_IN_H
#define RW_IO_SCENARIO_IN_H

#include "config/scenario.h"

/* Reads YAML, or, where the name ends in .json, a SONATA circuit, or a result, and the files of spikes and synapses
 * that it names. settings [n]: texts "key=value". Errors: RW_ERR_INPUT (with every diagnostic; measures that this build
 * cannot take), RW_ERR_SYSTEM. *scenario is then NULL. */
RW_MUST_CHECK rw_err rw_scenario_load(rw_scenario **scenario, const char *path, const char *const *settings, size_t n);

/* The same; where `path` names a result, its scenario with the synapses of the snapshot of time `at` ("28 d"; NULL: see
 * rw_result_start_read). Errors: as above. */
RW_MUST_CHECK rw_err rw_scenario_load_at(rw_scenario **scenario, const char *path, const char *at,
                                         const char *const *settings, size_t n);

#endif
