/* Checks that the numbers of a run are in a meaningful range. */
#ifndef RW_SIM_HEALTH_H
#define RW_SIM_HEALTH_H

#include "sim/simulation.h"

/* Fails if a membrane potential is not a number or a population fires above the scenario's limit. Collective. Errors:
 * RW_ERR_DIVERGED, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_check_health(rw_simulation *sim);

#endif
