/* Whether the numbers of a run still mean something. */
#ifndef RW_SIM_HEALTH_H
#define RW_SIM_HEALTH_H

#include "sim/simulation.h"

/* Fails where a membrane potential is no number or a population fires above the scenario's limit. Collective. Errors:
 * RW_ERR_DIVERGED, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_check_health(rw_simulation *sim);

#endif
