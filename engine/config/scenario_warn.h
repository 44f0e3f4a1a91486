/* Warnings about what was read into a scenario. */
#ifndef RW_CONFIG_SCENARIO_WARN_H
#define RW_CONFIG_SCENARIO_WARN_H

#include "config/scenario.h"

/* Adds a warning about the input, unless it is there already. Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_scenario_warn(rw_scenario *scenario, const char *format, ...) RW_PRINTF(2, 3);

#endif
