/* Charge through receptors, summed over every step for each cell, for observers that request it. Results do not change,
 * and a run without such an observer pays one comparison a receptor and chunk.
 *
 * The charge of a step is what the numerical scheme makes of it: the mean conductance over the step, times the driving
 * force at its start. Receptors add to a common conductance, so what is summed is the current up to and with a
 * receptor; its own part is a difference, taken when an observer asks. */
#ifndef RW_SIM_CHARGE_H
#define RW_SIM_CHARGE_H

#include "sim/population_plan.h"
#include "sim/run_state/archive.h"

/* Begins to keep the charge through receptors. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_charge_keep(rw_simulation *sim);

/* Adds that of a step through receptor instance r of the cells [first, first + n); `io` is the sum of the receptors
 * until now. */
void rw_charge_add(const rw_population_plan *plan, size_t r, uint64_t first, const rw_receptor_io *io, size_t n);

/* Saves or restores it under `group`; a branch may be the first to keep it. Errors: those of the archive. */
RW_MUST_CHECK rw_err rw_charge_archive(const rw_simulation *sim, const rw_archive *archive, uint32_t p,
                                       const char *group);

/* Charge that has passed through receptor `spec` of population p since it is kept, mean of the cells, pC, positive
 * inward; on rank 0. An observer must have requested it. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_charge(const rw_simulation *sim, uint32_t p, size_t spec, double *mean_pC);

#endif
