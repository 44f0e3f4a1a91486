/* Reading many scenarios with one unit database, which takes longer to load than a scenario. */
#ifndef RW_CONFIG_PARSE_H
#define RW_CONFIG_PARSE_H

#include "config/scenario.h"
#include "config/units.h"

/* rw_scenario_parse with units that are there already. Errors: as there. */
RW_MUST_CHECK rw_err rw_scenario_parse_with(rw_scenario **scenario, rw_units *units, const char *name, const char *text,
                                            size_t length, const rw_override *overrides, size_t n_overrides);

#endif
