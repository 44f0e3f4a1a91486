#include "sim/current.h"

#include <string.h>

#include "sim/simulation_state.h"

enum { FIELDS = 64 };

/* Columns of one chunk: copies of states, and buffers for a receptor. */
typedef struct {
    double *states; /* [FIELDS x RW_CHUNK] */
    double *drugs;  /* [rw_dosing_scratch] */
    float arrivals[RW_CHUNK];
    float no_drug[RW_CHUNK];
    double g[RW_CHUNK], gE[RW_CHUNK];
} meter;

static rw_err create_meter(meter **made, const rw_population_plan *plan) {
    RW_TRY(RW_NEW(*made, 1, "currents"));
    RW_TRY(RW_NEW((*made)->states, (size_t)FIELDS * RW_CHUNK, "currents"));
    return RW_NEW((*made)->drugs, rw_dosing_scratch(&plan->dosing), "currents");
}

static void destroy_meter(meter *m) {
    if (m == NULL)
        return;
    rw_free(m->states);
    rw_free(m->drugs);
    rw_free(m);
}

/* Adds the currents (pA) of a chunk's cells through one receptor instance, in the cells' order. */
static double chunk_current(const rw_population_plan *plan, meter *m, size_t r, uint64_t first, size_t n) {
    const rw_block *block = &plan->population->receptors[r].block;
    const double *V_m = plan->population->neuron.columns[plan->V_m].values + first;
    double *x[FIELDS], sum = 0.0;
    rw_block_chunk(block, first, x);
    for (size_t f = 0; f < block->model->n_fields; f++)
        if (block->model->fields[f].role == RW_STATE)
            x[f] = memcpy(m->states + f * RW_CHUNK, x[f], n * sizeof(double));
    memset(m->g, 0, sizeof m->g);
    memset(m->gE, 0, sizeof m->gE);
    const rw_chunk chunk = {.n = n, .step_ms = block->step_ms, .x = x, .homogeneous = block->homogeneous};
    const rw_receptor_io io = {.V_m = V_m,
                               .arrivals = m->arrivals,
                               .pore_shape = m->no_drug,
                               .conductance_factor = plan->factors[r * RW_BLOCK_STEPS],
                               .g_syn = m->g,
                               .gE_syn = m->gE};
    rw_dosing_voltages(&plan->dosing, V_m, n, m->drugs);
    rw_dosing_measure(&plan->dosing, r, first, block->model, &chunk, &io, m->drugs);
    for (size_t i = 0; i < n; i++)
        sum += m->gE[i] - m->g[i] * V_m[i];
    return sum;
}

/* Gathers what the measurement reads on rank 0. */
static rw_err gather(const rw_simulation *sim, uint32_t p, size_t r) {
    const rw_population_plan *plan = &sim->plans[p];
    const rw_block *block = &plan->population->receptors[r].block;
    RW_TRY(rw_partition_gather(&sim->network->partition, sim->network->populations[p].count,
                               plan->population->neuron.columns[plan->V_m].values, sizeof(double)));
    for (size_t f = 0; f < block->model->n_fields; f++)
        if (block->model->fields[f].role == RW_STATE)
            RW_TRY(rw_partition_gather(&sim->network->partition, sim->network->populations[p].count,
                                       block->columns[f].values, sizeof(double)));
    for (size_t u = 0; u < plan->dosing.n_uses; u++) {
        const rw_drug_use *use = &plan->dosing.uses[u];
        if (use->receptor == r && use->block.model->action.update != NULL)
            RW_TRY(rw_partition_gather(&sim->network->partition, sim->network->populations[p].count,
                                       use->block.columns[use->block.model->action.blocked].values, sizeof(double)));
    }
    return RW_OK;
}

rw_err rw_simulation_current(const rw_simulation *sim, uint32_t p, size_t spec, double *mean_pA) {
    rw_population_plan *plan = &sim->plans[p];
    const rw_population *population = plan->population;
    meter *m = NULL;
    double sum = 0.0;
    rw_err err = rw_comm_agree(sim->network->partition.comm, create_meter(&m, plan));
    for (size_t d = 0; d < sim->scenario->n_drugs; d++)
        sim->conc_uM[d * RW_BLOCK_STEPS] = rw_drug_level(&sim->drugs[d], rw_simulation_now(sim), &sim->segments[d]);
    rw_population_plan_factors(plan, sim, sim->step, 1); /* the next block fills its own */
    for (size_t r = 0; r < population->n_receptors && err == RW_OK; r++) {
        if (population->receptors[r].spec != spec)
            continue;
        err = gather(sim, p, r);
        rw_slice kept = rw_partition_kept_slice(&sim->network->partition, sim->network->populations[p].count);
        for (uint64_t first = kept.begin; first < kept.end && err == RW_OK; first += RW_CHUNK) {
            uint64_t left = kept.end - first;
            sum += chunk_current(plan, m, r, first, left < RW_CHUNK ? (size_t)left : RW_CHUNK);
        }
    }
    destroy_meter(m);
    *mean_pA = sum / (double)population->count;
    return err;
}
