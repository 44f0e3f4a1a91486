/* The scenario as it takes effect, written as a scenario. */
#ifndef RW_CONFIG_RESOLVED_H
#define RW_CONFIG_RESOLVED_H

#include "config/scenario.h"

/* Writes resolved_text from the rest of the scenario: YAML with every default filled in, model parameters too. Tables
 * that came from files become comments that name their origin. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_scenario_render(rw_scenario *scenario);

#endif
