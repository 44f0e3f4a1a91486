/* What drives the growth signals of a simulation: the rate of a population, and the block of its NMDA receptors. */
#ifndef RW_SIM_SIGNAL_DRIVE_H
#define RW_SIM_SIGNAL_DRIVE_H

#include "sim/simulation.h"

/* Advances the growth signals over the interval between updates of connectivity that ends now. Collective. Errors:
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_advance_signals(rw_simulation *sim);

#endif
