/* Reading scenarios. */
#ifndef RW_CONFIG_PARSE_H
#define RW_CONFIG_PARSE_H

#include "config/scenario.h"
#include "config/units.h"

/* Reads, checks and resolves a YAML scenario. Errors: RW_ERR_INPUT with up to 20 diagnostics, each with file:line:col,
 * key path, source line and caret; RW_ERR_SYSTEM when the file cannot be read. *scenario is then NULL. */
RW_MUST_CHECK rw_err rw_scenario_read(rw_scenario **scenario, const char *path, const rw_override *overrides,
                                      size_t n_overrides);

/* The same from text in memory; `name` stands for the file in messages. */
RW_MUST_CHECK rw_err rw_scenario_parse(rw_scenario **scenario, const char *name, const char *text, size_t length,
                                       const rw_override *overrides, size_t n_overrides);

/* rw_scenario_parse with units that are there already: many scenarios then share the unit database, which takes longer
 * to load than a scenario. Errors: as there. */
RW_MUST_CHECK rw_err rw_scenario_parse_with(rw_scenario **scenario, rw_units *units, const char *name, const char *text,
                                            size_t length, const rw_override *overrides, size_t n_overrides);

#endif
