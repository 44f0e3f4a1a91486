/* The plan of a population: what is the same for every chunk of its cells, fixed before the first step. */
#ifndef RW_SIM_POPULATION_PLAN_H
#define RW_SIM_POPULATION_PLAN_H

#include "sim/drugs/dosing.h"
#include "sim/gate.h"
#include "sim/input.h"
#include "sim/observer.h"
#include "sim/route.h"

/* The gate of a projection without one. */
#define RW_NO_GATE UINT32_MAX

typedef struct {
    const rw_population *population;
    uint32_t index;
    size_t g_syn, gE_syn, I_ext, V_m; /* neuron fields; RW_NO_FIELD where the model has none */
    size_t *port_fields;              /* [n_port_fields] the neuron's fields that are ports */
    rw_route *field_routes;           /* [n_port_fields] */
    size_t n_port_fields;
    rw_route *receptor_routes; /* [n_receptors] */
    rw_dosing dosing;
    double *factors; /* [n_receptors x RW_BLOCK_STEPS] conductance factor of each step of the block */
    double *charge;  /* [n_receptors x count] pA steps, see charge.h; NULL: no observer requests it */
    rw_gate *gates;
    size_t n_gates;
    rw_input *inputs;
    size_t n_inputs, n_currents; /* all of them; those that are no spikes */
    bool currents_vary;          /* from step to step; else only where a lesion cuts them */
    uint32_t *projections;       /* that leave the population */
    uint32_t *gate_of;           /* [n_projections] its gate, or RW_NO_GATE */
    size_t n_projections;
    bool *silent; /* [count] cells that a lesion has killed; NULL: no lesion does */
} rw_population_plan;

/* Prepares the plan of population `index`. Errors: RW_ERR_SYSTEM, RW_ERR_INPUT; the plan is then to be destroyed. */
RW_MUST_CHECK rw_err rw_population_plan_create(rw_population_plan *plan, const rw_network *network, uint32_t index);

/* Frees the plan; a zeroed plan is fine. */
void rw_population_plan_destroy(rw_population_plan *plan);

/* Fills the conductance factors of the steps [step, step + n), and the levels of drugs in its dosing, from the
 * concentrations that the simulation holds for these steps. */
void rw_population_plan_factors(rw_population_plan *plan, const rw_simulation *sim, uint64_t step, uint32_t n);

/* The scenario's factor `index` at a time, in steps, before the next update of signals. */
double rw_factor_at(const rw_simulation *sim, size_t index, uint64_t time);

#endif
