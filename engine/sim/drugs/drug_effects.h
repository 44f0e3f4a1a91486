/* What drugs and factors do to the receptors of a run at its present step, for observers, plasticity and growth
 * signals. */
#ifndef RW_SIM_DRUG_EFFECTS_H
#define RW_SIM_DRUG_EFFECTS_H

#include "sim/drugs/dosing.h"
#include "sim/simulation.h"

/* The scenario's factor `index` at the present step. */
double rw_simulation_factor(const rw_simulation *sim, size_t index);

/* A drug of the scenario. */
const rw_drug *rw_simulation_drug(const rw_simulation *sim, size_t drug);

/* What drugs do to a population. */
const rw_dosing *rw_simulation_dosing(const rw_simulation *sim, uint32_t population);

/* Share of a population's receptors that a use of its dosing blocks at the present step, mean of the cells; on rank 0.
 * Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_occupancy(const rw_simulation *sim, uint32_t population, size_t use,
                                             double *occupancy);

#endif
