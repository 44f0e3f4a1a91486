/* Currents through the receptors of a population as they are now, for observers: nothing of the run changes. */
#ifndef RW_SIM_CURRENT_H
#define RW_SIM_CURRENT_H

#include "sim/simulation.h"

/* Mean current of population p's cells through receptor `spec` of its specification now, pA, positive inward; on
 * rank 0. Uses the buffers of the next block and leaves the run as it is. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_current(const rw_simulation *sim, uint32_t p, size_t spec, double *mean_pA);

#endif
