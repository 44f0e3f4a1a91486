/* What a clock with a tolerance will choose, told before the run. */
#ifndef RW_SIM_CLOCK_FORECAST_H
#define RW_SIM_CLOCK_FORECAST_H

#include "config/scenario.h"

enum { RW_FORECAST_CELLS = 1000000 };

/* Steps of the network that will stand for the run. With a tolerance the run's own control chooses them, in a network
 * without synapses whose cells all fire at `rate_hz` with the counts of a Poisson process. So it knows the drugs and
 * courses that the scenario has, the time to settle and the noise of signals at rest; it does not know how a network
 * answers a dose, nor rates and noise that the network makes itself. With more than RW_FORECAST_CELLS cells, which
 * would take the time and memory of this machine, it is the lower bound of rw_clock_predict. The node tables of the
 * scenario must have been loaded. Errors: RW_ERR_SYSTEM (memory), RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_clock_forecast(const rw_scenario *scenario, double rate_hz, uint64_t *n_steps);

#endif
