#include "sim/drugs/drug_effects.h"

#include "sim/simulation_state.h"

double rw_simulation_factor(const rw_simulation *sim, size_t index) {
    return rw_factor_at(sim, index, rw_simulation_now(sim));
}

const rw_drug *rw_simulation_drug(const rw_simulation *sim, size_t drug) {
    return &sim->drugs[drug];
}

const rw_dosing *rw_simulation_dosing(const rw_simulation *sim, uint32_t population) {
    return &sim->plans[population].dosing;
}

rw_err rw_simulation_occupancy(const rw_simulation *sim, uint32_t population, size_t use, double *occupancy) {
    const rw_population_plan *plan = &sim->plans[population];
    const rw_drug_use *drug = &plan->dosing.uses[use];
    const rw_action *action = &drug->block.model->action;
    double conc_uM = rw_drug_level(&sim->drugs[drug->drug], rw_simulation_now(sim), &(rw_segment){0});
    if (action->pore != NULL)
        RW_TRY(rw_partition_gather(&sim->network->partition, sim->network->populations[population].count,
                                   plan->population->neuron.columns[plan->V_m].values, sizeof(double)));
    if (action->update != NULL)
        RW_TRY(rw_partition_gather(&sim->network->partition, sim->network->populations[population].count,
                                   drug->block.columns[action->blocked].values, sizeof(double)));
    *occupancy = rw_dosing_occupancy(&plan->dosing, plan->population, use, &sim->drugs[drug->drug], conc_uM);
    return RW_OK;
}
