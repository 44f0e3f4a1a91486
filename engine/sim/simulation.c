#include "sim/simulation.h"

#include <math.h>

#include "comm/team.h"
#include "net/fan_outs.h"
#include "sim/charge.h"
#include "sim/plasticity/plastic_worker.h"
#include "sim/simulation_state.h"

/* Steps between two health checks: 100 ms. */
static uint64_t health_interval(double step_ms) {
    double steps = round(100.0 / step_ms);
    return steps >= 1.0 ? (uint64_t)steps : 1;
}

static rw_err create_worker(void *context, int thread) {
    rw_simulation *sim = context;
    return rw_worker_create(&sim->workers[thread], sim, thread);
}

static rw_err create_workers(rw_simulation *sim) {
    RW_TRY(RW_NEW(sim->workers, (size_t)sim->network->partition.n_threads, "workers"));
    return rw_team_run(sim->network->partition.n_threads, create_worker, sim);
}

static rw_err create_plans(rw_simulation *sim) {
    RW_TRY(RW_NEW(sim->plans, sim->network->n_populations, "simulation"));
    for (uint32_t p = 0; p < sim->network->n_populations; p++) {
        RW_TRY(rw_population_plan_create(&sim->plans[p], sim->network, p));
        for (size_t i = 0; i < sim->plans[p].n_inputs; i++)
            sim->plans[p].inputs[i].clock = &sim->clock;
    }
    return RW_OK;
}

static rw_err create_drugs(rw_simulation *sim) {
    size_t n = sim->scenario->n_drugs;
    RW_TRY(RW_NEW(sim->drugs, n, "drugs"));
    RW_TRY(RW_NEW(sim->segments, n, "drugs"));
    RW_TRY(RW_NEW(sim->conc_uM, n * RW_BLOCK_STEPS, "drugs"));
    for (size_t d = 0; d < n; d++)
        RW_TRY(rw_drug_create(&sim->drugs[d], sim->scenario, d));
    return RW_OK;
}

/* Creates the parts of a simulation that knows its network. Collective. */
static rw_err create_parts(rw_simulation *sim) {
    rw_network *network = sim->network;
    const rw_comm *comm = network->partition.comm;
    RW_TRY(RW_NEW(sim->counted_spikes, network->n_populations, "simulation"));
    RW_TRY(rw_comm_agree(comm, rw_clock_create(&sim->clock, sim->scenario)));
    RW_TRY(rw_comm_agree(comm, create_drugs(sim)));
    RW_TRY(rw_comm_agree(comm, create_plans(sim)));
    RW_TRY(rw_structural_plasticity_create(&sim->structural, network));
    if (sim->structural != NULL)
        sim->structural->plastic_rows = rw_simulation_plastic_rows(sim);
    RW_TRY(rw_comm_agree(comm, rw_lesions_create(sim)));
    RW_TRY(rw_comm_agree(comm, create_workers(sim)));
    RW_TRY(rw_comm_agree(comm, rw_clock_observation_create(sim)));
    return rw_spike_exchange_create(&sim->exchange, sim);
}

rw_err rw_simulation_create(rw_simulation **sim_out, rw_network *network) {
    rw_simulation *sim = NULL;
    *sim_out = NULL;
    RW_TRY(RW_NEW(sim, 1, "simulation"));
    sim->timer = rw_timer_create();
    sim->network = network;
    sim->scenario = network->scenario;
    sim->sampled_time = UINT64_MAX;
    sim->max_block = network->min_delay < RW_BLOCK_STEPS ? network->min_delay : RW_BLOCK_STEPS;
    sim->health_steps = health_interval(sim->scenario->step_ms);
    for (size_t p = 0; p < network->n_projections; p++)
        sim->plastic = sim->plastic || network->projections[p].plasticity.any;
    rw_err err = rw_comm_agree(network->partition.comm, rw_fan_outs_gather(network));
    if (err == RW_OK)
        err = create_parts(sim);
    if (err != RW_OK)
        rw_simulation_destroy(&sim);
    *sim_out = sim;
    return err;
}

void rw_simulation_destroy(rw_simulation **sim_in) {
    rw_simulation *sim = *sim_in;
    if (sim == NULL)
        return;
    for (int t = 0; sim->workers != NULL && t < sim->network->partition.n_threads; t++)
        rw_worker_destroy(&sim->workers[t], sim->network);
    for (size_t p = 0; sim->plans != NULL && p < sim->network->n_populations; p++)
        rw_population_plan_destroy(&sim->plans[p]);
    rw_structural_plasticity_destroy(&sim->structural);
    rw_lesions_destroy(&sim->lesions);
    rw_spike_exchange_destroy(&sim->exchange, sim->network);
    rw_timer_destroy(&sim->timer);
    rw_free(sim->workers);
    rw_free(sim->plans);
    rw_free(sim->drugs);
    rw_free(sim->segments);
    rw_free(sim->conc_uM);
    rw_free(sim->observers);
    rw_free(sim->spikes);
    rw_free(sim->counted_spikes);
    rw_clock_observation_destroy(&sim->observation);
    rw_free(sim);
    *sim_in = NULL;
}

rw_err rw_simulation_observe(rw_simulation *sim, rw_observer observer) {
    RW_TRY(RW_GROW(sim->observers, sim->n_observers, sim->n_observers + 1, "observers"));
    sim->observers[sim->n_observers++] =
        (rw_registered_observer){.observer = observer, .last_sample = UINT64_MAX, .due = UINT64_MAX};
    sim->listens = sim->listens || observer.spikes != NULL;
    return observer.charge ? rw_charge_keep(sim) : RW_OK;
}

void rw_simulation_redraw_input(rw_simulation *sim, uint32_t index) {
    rw_population_plan *plan = &sim->plans[sim->scenario->inputs[index].target];
    for (size_t i = 0; i < plan->n_inputs; i++)
        if (plan->inputs[i].index == index)
            rw_input_forget(&plan->inputs[i]);
}

uint64_t rw_simulation_step(const rw_simulation *sim) {
    return sim->step;
}

uint64_t rw_simulation_time(const rw_simulation *sim) {
    return sim->sampled_time != UINT64_MAX ? sim->sampled_time : rw_simulation_now(sim);
}

uint64_t rw_simulation_time_at(const rw_simulation *sim, uint64_t step) {
    return rw_clock_time(&sim->clock, step);
}

uint64_t rw_simulation_first_time(const rw_simulation *sim) {
    return sim->first_time;
}

rw_clock_errors rw_simulation_clock_errors(const rw_simulation *sim) {
    return sim->observation.now;
}

double rw_simulation_clock_factor(const rw_simulation *sim) {
    return rw_clock_factor(&sim->clock);
}

uint64_t rw_simulation_first_step(const rw_simulation *sim) {
    return sim->first_step;
}

const rw_network *rw_simulation_network(const rw_simulation *sim) {
    return sim->network;
}

bool rw_simulation_is_structural(const rw_simulation *sim) {
    return sim->structural != NULL;
}

const rw_signal *rw_simulation_growth_signal(const rw_simulation *sim, size_t signal) {
    return &sim->structural->structure.signals[signal];
}

const double *rw_simulation_calcium(const rw_simulation *sim, uint32_t population) {
    return sim->structural != NULL ? sim->structural->structure.cells[population].calcium : NULL;
}

const double *rw_simulation_elements(const rw_simulation *sim, uint32_t population, rw_element element) {
    return sim->structural != NULL ? sim->structural->structure.cells[population].elements[element].z : NULL;
}

const uint32_t *rw_simulation_connected(const rw_simulation *sim, uint32_t population, rw_element element) {
    return sim->structural != NULL ? sim->structural->structure.cells[population].elements[element].connected : NULL;
}

rw_err rw_simulation_gather_growth(const rw_simulation *sim) {
    const rw_network *network = sim->network;
    for (uint32_t p = 0; sim->structural != NULL && p < network->n_populations; p++) {
        const rw_cells *cells = &sim->structural->structure.cells[p];
        if (cells->calcium != NULL)
            RW_TRY(rw_partition_gather(&network->partition, network->populations[p].count, cells->calcium,
                                       sizeof cells->calcium[0]));
        for (int e = 0; e < RW_ELEMENT_KINDS; e++)
            if (cells->elements[e].z != NULL)
                RW_TRY(rw_partition_gather(&network->partition, network->populations[p].count, cells->elements[e].z,
                                           sizeof cells->elements[e].z[0]));
    }
    return RW_OK;
}
