#include "sim/population_plan.h"

#include "model/registry.h"
#include "sim/simulation_state.h"

/* Marks the last of the routes that reads each port. A port without a reader would never be cleared. */
static void mark_last_readers(rw_population_plan *plan) {
    size_t n_receptors = plan->population->n_receptors;
    for (uint32_t port = 0; port < plan->population->n_ports; port++) {
        bool unread = false, *last = &unread;
        for (size_t r = 0; r < n_receptors + plan->n_port_fields; r++) {
            const rw_route *route = r < n_receptors ? &plan->receptor_routes[r] : &plan->field_routes[r - n_receptors];
            for (size_t k = 0; k < route->n; k++)
                if (route->ports[k] == port)
                    last = &route->empties[k];
        }
        *last = true;
        RW_ASSERT(!unread);
    }
}

static rw_err create_routes(rw_population_plan *plan) {
    const rw_population *population = plan->population;
    const rw_model *model = population->spec->model;
    RW_TRY(RW_NEW(plan->port_fields, model->n_fields, "routes"));
    RW_TRY(RW_NEW(plan->field_routes, model->n_fields, "routes"));
    RW_TRY(RW_NEW(plan->receptor_routes, population->n_receptors, "routes"));
    for (size_t r = 0; r < population->n_receptors; r++)
        RW_TRY(rw_route_create(&plan->receptor_routes[r], population, false, r));
    for (size_t field = 0; field < model->n_fields; field++) {
        if (model->fields[field].role != RW_PORT)
            continue;
        plan->port_fields[plan->n_port_fields] = field;
        RW_TRY(rw_route_create(&plan->field_routes[plan->n_port_fields++], population, true, field));
    }
    mark_last_readers(plan);
    return RW_OK;
}

static rw_err create_outgoing(rw_population_plan *plan, const rw_network *network) {
    for (size_t p = 0; p < network->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        if (projection->source != plan->index)
            continue;
        plan->n_projections++;
        plan->n_gates += projection->graded_port != RW_NO_PORT;
    }
    RW_TRY(RW_NEW(plan->projections, plan->n_projections, "plan"));
    RW_TRY(RW_NEW(plan->gate_of, plan->n_projections, "plan"));
    RW_TRY(RW_NEW(plan->gates, plan->n_gates, "plan"));
    size_t k = 0, g = 0;
    for (size_t p = 0; p < network->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        if (projection->source != plan->index)
            continue;
        plan->projections[k] = (uint32_t)p;
        plan->gate_of[k] = RW_NO_GATE;
        if (projection->graded_port != RW_NO_PORT) {
            plan->gate_of[k] = (uint32_t)g;
            RW_TRY(rw_gate_create(&plan->gates[g++], network, projection));
        }
        k++;
    }
    return RW_OK;
}

static rw_err create_inputs(rw_population_plan *plan, const rw_network *network) {
    const rw_scenario *scenario = network->scenario;
    for (size_t i = 0; i < scenario->n_inputs; i++)
        plan->n_inputs += scenario->inputs[i].target == plan->index;
    RW_TRY(RW_NEW(plan->inputs, plan->n_inputs, "inputs"));
    size_t k = 0;
    for (size_t i = 0; i < scenario->n_inputs; i++)
        if (scenario->inputs[i].target == plan->index) {
            const rw_input_spec *spec = &scenario->inputs[i];
            plan->n_currents += !rw_input_is_spikes(spec);
            plan->currents_vary = plan->currents_vary || spec->kind == RW_INPUT_NOISE || spec->kind == RW_INPUT_PULSE ||
                                  (spec->kind == RW_INPUT_CURRENT && spec->level.count > 1);
            RW_TRY(rw_input_create(&plan->inputs[k++], network, (uint32_t)i));
        }
    return RW_OK;
}

rw_err rw_population_plan_create(rw_population_plan *plan, const rw_network *network, uint32_t index) {
    const rw_population *population = &network->populations[index];
    *plan = (rw_population_plan){.population = population, .index = index};
    RW_TRY(create_outgoing(plan, network));
    const rw_model *model = population->spec->model;
    if (model == NULL)
        return RW_OK;
    plan->g_syn = rw_model_field(model, "g_syn");
    plan->gE_syn = rw_model_field(model, "gE_syn");
    plan->I_ext = rw_model_field(model, "I_ext");
    plan->V_m = rw_model_field(model, "V_m");
    RW_ASSERT(plan->V_m != RW_NO_FIELD);
    RW_TRY(create_routes(plan));
    RW_TRY(rw_dosing_create(&plan->dosing, network, index, RW_BLOCK_STEPS));
    RW_TRY(RW_NEW(plan->factors, population->n_receptors * RW_BLOCK_STEPS, "blockade"));
    return create_inputs(plan, network);
}

static void destroy_routes(rw_route *routes, size_t n) {
    for (size_t i = 0; routes != NULL && i < n; i++)
        rw_route_destroy(&routes[i]);
    rw_free(routes);
}

void rw_population_plan_destroy(rw_population_plan *plan) {
    if (plan->population == NULL)
        return;
    destroy_routes(plan->field_routes, plan->n_port_fields);
    rw_free(plan->port_fields);
    destroy_routes(plan->receptor_routes, plan->population->n_receptors);
    rw_free(plan->factors);
    rw_free(plan->charge);
    rw_dosing_destroy(&plan->dosing);
    for (size_t g = 0; plan->gates != NULL && g < plan->n_gates; g++)
        rw_gate_destroy(&plan->gates[g]);
    rw_free(plan->gates);
    for (size_t i = 0; plan->inputs != NULL && i < plan->n_inputs; i++)
        rw_input_destroy(&plan->inputs[i]);
    rw_free(plan->inputs);
    rw_free(plan->projections);
    rw_free(plan->gate_of);
    rw_free(plan->silent);
    *plan = (rw_population_plan){0};
}

double rw_factor_at(const rw_simulation *sim, size_t index, uint64_t time) {
    const rw_factor_spec *spec = &sim->scenario->factors[index];
    double factor = rw_schedule_at(&spec->factor, time);
    if (spec->signal == NULL)
        return factor;
    const rw_signal *signal = &sim->structural->structure.signals[spec->signal - sim->scenario->signals];
    return factor * (1.0 + spec->gain * signal->state[spec->signal->model->signal.acting]);
}

void rw_population_plan_factors(rw_population_plan *plan, const rw_simulation *sim, uint64_t step, uint32_t n) {
    const rw_scenario *scenario = sim->scenario;
    const rw_population *population = plan->population;
    for (size_t r = 0; r < population->n_receptors; r++) {
        double *factors = plan->factors + r * RW_BLOCK_STEPS;
        for (uint32_t k = 0; k < n; k++) {
            factors[k] = 1.0;
            for (size_t f = 0; f < scenario->n_factors; f++)
                if (population->receptors[r].factors[f])
                    factors[k] *= rw_factor_at(sim, f, rw_clock_time(&sim->clock, step + k));
        }
    }
    rw_dosing_fill(&plan->dosing, sim->conc_uM, plan->factors, RW_BLOCK_STEPS, n);
}
