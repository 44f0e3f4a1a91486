/* The update of neurons: a chunk that fits in the first-level cache runs through all steps of the block.
 *
 * Per step: inputs join what has arrived in the port bins; bins are routed to receptors and port fields; receptors
 * give conductance and advance; the neuron advances; spikes are listed. */
#include "sim/chunk.h"

#include <string.h>

#include "model/registry.h"
#include "sim/charge.h"
#include "sim/replay.h"
#include "sim/simulation_state.h"

/* Buffers of one thread, reused by every chunk. */
typedef struct {
    double **neuron;          /* [fields] columns of the chunk */
    double ***receptors;      /* [n_receptors][fields] */
    float *arrivals;          /* [RW_CHUNK] of one receptor, where several ports feed it */
    float *port_sums;         /* [n_port_fields x RW_CHUNK] likewise of the neuron's port fields */
    float **ports;            /* [fields] what the neuron's port fields see */
    bool *port_lasts;         /* [n_port_fields] nobody reads it after the neuron */
    double *fields;           /* [n_fields x RW_CHUNK] columns the engine lends: inputs */
    double *fired;            /* [RW_CHUNK] */
    double *drugs;            /* [rw_dosing_scratch] */
    rw_poisson_table *tables; /* [n_inputs] */
} scratch_of_population;

typedef struct {
    scratch_of_population *populations;
    size_t n_populations;
    size_t *n_receptors;
} rw_scratch;

static rw_err create_population(scratch_of_population *scratch, const rw_population_plan *plan) {
    const rw_model *model = plan->population->spec->model;
    size_t n_receptors = plan->population->n_receptors;
    RW_TRY(RW_NEW(scratch->neuron, model->n_fields, "chunk"));
    RW_TRY(RW_NEW(scratch->receptors, n_receptors, "chunk"));
    for (size_t r = 0; r < n_receptors; r++)
        RW_TRY(RW_NEW(scratch->receptors[r], plan->population->receptors[r].block.model->n_fields, "chunk"));
    RW_TRY(RW_NEW(scratch->arrivals, RW_CHUNK, "chunk"));
    RW_TRY(RW_NEW(scratch->port_sums, plan->n_port_fields * RW_CHUNK, "chunk"));
    RW_TRY(RW_NEW(scratch->ports, model->n_fields, "chunk"));
    RW_TRY(RW_NEW(scratch->port_lasts, plan->n_port_fields, "chunk"));
    RW_TRY(RW_NEW(scratch->fields, model->n_fields * RW_CHUNK, "chunk"));
    RW_TRY(RW_NEW(scratch->fired, RW_CHUNK, "chunk"));
    RW_TRY(RW_NEW(scratch->drugs, rw_dosing_scratch(&plan->dosing), "chunk"));
    RW_TRY(RW_NEW(scratch->tables, plan->n_inputs, "chunk"));
    for (size_t i = 0; i < plan->n_inputs; i++)
        scratch->tables[i].mean = -1.0;
    return RW_OK;
}

rw_err rw_scratch_create(rw_worker *worker, const rw_simulation *sim) {
    rw_scratch *scratch = NULL;
    RW_TRY(RW_NEW(scratch, 1, "chunk"));
    worker->scratch = scratch;
    scratch->n_populations = sim->network->n_populations;
    RW_TRY(RW_NEW(scratch->populations, scratch->n_populations, "chunk"));
    RW_TRY(RW_NEW(scratch->n_receptors, scratch->n_populations, "chunk"));
    for (size_t p = 0; p < scratch->n_populations; p++) {
        scratch->n_receptors[p] = sim->network->populations[p].n_receptors;
        if (sim->network->populations[p].spec->model != NULL)
            RW_TRY(create_population(&scratch->populations[p], &sim->plans[p]));
    }
    return RW_OK;
}

void rw_scratch_destroy(rw_worker *worker) {
    rw_scratch *scratch = worker->scratch;
    if (scratch == NULL)
        return;
    for (size_t p = 0; scratch->populations != NULL && p < scratch->n_populations; p++) {
        scratch_of_population *population = &scratch->populations[p];
        for (size_t r = 0; population->receptors != NULL && r < scratch->n_receptors[p]; r++)
            rw_free(population->receptors[r]);
        rw_free(population->receptors);
        rw_free(population->neuron);
        rw_free(population->arrivals);
        rw_free(population->port_sums);
        rw_free(population->ports);
        rw_free(population->port_lasts);
        rw_free(population->fields);
        rw_free(population->fired);
        rw_free(population->drugs);
        rw_free(population->tables);
    }
    rw_free(scratch->populations);
    rw_free(scratch->n_receptors);
    rw_free(scratch);
    worker->scratch = NULL;
}

/* Points the neuron's and receptors' columns at the chunk; columns without memory of their own get buffers. */
static void open_chunk(scratch_of_population *scratch, const rw_population_plan *plan, uint64_t first) {
    const rw_population *population = plan->population;
    const rw_model *model = population->spec->model;
    rw_block_chunk(&population->neuron, first, scratch->neuron);
    for (size_t field = 0; field < model->n_fields; field++)
        if (scratch->neuron[field] == NULL)
            scratch->neuron[field] = scratch->fields + field * RW_CHUNK;
    for (size_t r = 0; r < population->n_receptors; r++)
        rw_block_chunk(&population->receptors[r].block, first, scratch->receptors[r]);
}

/* Zeroes n numbers; a plain loop, which beats the string instructions that compilers choose for short blocks. */
RW_KERNEL_BODY void clear(double *numbers, size_t n) {
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        numbers[i] = 0.0;
}

/* Poisson spikes join what has arrived in the bins; currents are summed, or stay as in the step before. */
RW_KERNEL_BODY void apply_inputs(scratch_of_population *scratch, const rw_population_plan *plan, rw_ring *rings,
                                 uint64_t step, bool currents, uint64_t first, uint64_t offset, size_t n) {
    uint64_t first_gid = plan->population->first_gid + first;
    double *I_ext = plan->n_currents > 0 ? scratch->neuron[plan->I_ext] : NULL; /* not every cell takes a current */
    if (currents && plan->n_currents > 0)
        clear(I_ext, n);
    for (size_t i = 0; i < plan->n_inputs; i++) {
        rw_input *input = &plan->inputs[i];
        if (rw_input_is_spikes(input->spec))
            rw_input_poisson(input, &scratch->tables[i], step, first, first_gid, n,
                             rw_ring_bin(&rings[input->port], step + 1) + offset);
        else if (currents)
            rw_input_current(input, step, first, first_gid, n, I_ext);
    }
}

RW_KERNEL_BODY void empty(float *bin, size_t n) {
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        bin[i] = 0.0f;
}

/* sum = share x bin */
RW_KERNEL_BODY void store_share(float *sum, const float *bin, float share, size_t n) {
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        sum[i] = share * bin[i];
}

/* sum += share x bin */
RW_KERNEL_BODY void add_share(float *sum, const float *bin, float share, size_t n) {
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        sum[i] += share * bin[i];
}

/* What arrives at a destination: the bin of its only port as it is, or its ports' shares summed up in `sum`. The last
 * reader of a bin clears it for its next stamp; *last: that is to be done by whoever reads what is returned. */
RW_KERNEL_BODY float *arrivals_of(float *sum, const rw_route *route, const rw_ring *rings, uint64_t stamp,
                                  uint64_t offset, size_t n, bool *last) {
    *last = false;
    if (route->n == 0)
        empty(sum, n);
    for (size_t k = 0; k < route->n; k++) {
        float *bin = rw_ring_bin(&rings[route->ports[k]], stamp) + offset;
        if (route->n == 1 && route->shares[0] == 1.0) {
            *last = route->empties[0];
            return bin;
        }
        if (k == 0)
            store_share(sum, bin, (float)route->shares[k], n);
        else
            add_share(sum, bin, (float)route->shares[k], n);
        if (route->empties[k])
            empty(bin, n);
    }
    return sum;
}

static const float no_drug[RW_CHUNK]; /* zeros */

RW_KERNEL_BODY void update_receptors(scratch_of_population *scratch, const rw_population_plan *plan,
                                     const rw_ring *rings, uint64_t stamp, uint32_t step_in_block, uint64_t first,
                                     uint64_t offset, size_t n) {
    const rw_population *population = plan->population;
    if (population->n_receptors == 0 && plan->g_syn == RW_NO_FIELD)
        return;
    rw_receptor_io io = {.V_m = scratch->neuron[plan->V_m],
                         .pore_shape = no_drug,
                         .g_syn = scratch->neuron[plan->g_syn],
                         .gE_syn = scratch->neuron[plan->gE_syn]};
    if (population->n_receptors == 0) {
        clear(io.g_syn, n);
        clear(io.gE_syn, n);
    }
    rw_dosing_voltages(&plan->dosing, io.V_m, n, scratch->drugs);
    for (size_t r = 0; r < population->n_receptors; r++) {
        const rw_block *block = &population->receptors[r].block;
        io.arrivals = arrivals_of(scratch->arrivals, &plan->receptor_routes[r], rings, stamp, offset, n, &io.last);
        io.first = r == 0;
        io.conductance_factor = plan->factors[r * RW_BLOCK_STEPS + step_in_block];
        rw_chunk chunk = {
            .n = n, .step_ms = block->step_ms, .x = scratch->receptors[r], .homogeneous = block->homogeneous};
        if (plan->dosing.acts[r])
            rw_dosing_update(&plan->dosing, r, step_in_block, first, block->model, &chunk, &io, scratch->drugs);
        else
            block->model->receptor.update(&chunk, &io);
        if (plan->charge != NULL)
            rw_charge_add(plan, r, first, &io, n);
    }
}

RW_KERNEL_BODY double update_neurons(scratch_of_population *scratch, const rw_population_plan *plan,
                                     const rw_ring *rings, const rw_chunk *chunk, uint64_t stamp, uint64_t offset) {
    for (size_t f = 0; f < plan->n_port_fields; f++)
        scratch->ports[plan->port_fields[f]] = arrivals_of(scratch->port_sums + f * RW_CHUNK, &plan->field_routes[f],
                                                           rings, stamp, offset, chunk->n, &scratch->port_lasts[f]);
    double n_fired = plan->population->spec->model->neuron.update(chunk, scratch->fired);
    for (size_t f = 0; f < plan->n_port_fields; f++)
        if (scratch->port_lasts[f])
            empty(scratch->ports[plan->port_fields[f]], chunk->n);
    return n_fired;
}

static void list_spike(rw_worker *worker, rw_simulation *sim, uint32_t p, uint64_t id, uint64_t stamp,
                       uint32_t step_in_block) {
    rw_spike_list *list = &worker->spikes[p];
    rw_population_plan *plan = &sim->plans[p];
    if (plan->silent != NULL && plan->silent[id])
        return;
    size_t at = step_in_block * list->capacity + list->count[step_in_block]++;
    list->ids[at] = (uint32_t)id;
    for (size_t g = 0; g < plan->n_gates; g++)
        list->jumps[g * RW_BLOCK_STEPS * list->capacity + at] = rw_gate_jump(&plan->gates[g], id, stamp);
    if (sim->structural != NULL && sim->structural->structure.cells[p].calcium != NULL)
        rw_structure_spike(&sim->structural->structure, p, id, stamp);
}

enum { GROUP = 16 };

/* One bit for each group of cells of which one has fired. Spikes are rare: most groups are empty. */
RW_KERNEL_BODY uint64_t find_groups(const double *fired, size_t n) {
    uint64_t groups = 0;
    for (size_t first = 0; first < n; first += GROUP) {
        double n_fired = 0.0;
#pragma omp simd reduction(+ : n_fired)
        for (size_t k = 0; k < GROUP; k++)
            n_fired += fired[first + k];
        groups |= (uint64_t)(n_fired != 0.0) << (first / GROUP);
    }
    return groups;
}

/* fired[n .. RW_CHUNK) is zero. */
RW_KERNEL static void list_spikes(rw_worker *worker, rw_simulation *sim, uint32_t p, const double *fired,
                                  uint64_t first, size_t n, uint64_t stamp, uint32_t step_in_block) {
    _Static_assert(RW_CHUNK / GROUP <= 64 && RW_CHUNK % GROUP == 0, "a chunk's groups fit in one word");
    for (uint64_t groups = find_groups(fired, n); groups != 0; groups &= groups - 1) {
        size_t begin = (size_t)__builtin_ctzll(groups) * GROUP;
        for (size_t i = begin; i < begin + GROUP; i++)
            if (fired[i] != 0.0)
                list_spike(worker, sim, p, first + i, stamp, step_in_block);
    }
}

RW_KERNEL static void update_chunk(rw_worker *worker, rw_simulation *sim, uint32_t p, uint64_t first, size_t n,
                                   uint64_t step, uint32_t n_steps) {
    const rw_population_plan *plan = &sim->plans[p];
    const rw_population *population = plan->population;
    scratch_of_population *scratch = &((rw_scratch *)worker->scratch)->populations[p];
    rw_ring *rings = worker->rings[p];
    uint64_t offset = first - worker->slices[p].begin;
    open_chunk(scratch, plan, first);
    memset(scratch->fired, 0, RW_CHUNK * sizeof scratch->fired[0]);
    rw_chunk chunk = {.n = n,
                      .step_ms = population->neuron.step_ms,
                      .x = scratch->neuron,
                      .homogeneous = population->neuron.homogeneous,
                      .ports = (const float *const *)scratch->ports};
    for (uint32_t k = 0; k < n_steps; k++) {
        uint64_t stamp = step + k + 1;
        apply_inputs(scratch, plan, rings, step + k, k == 0 || plan->currents_vary, first, offset, n);
        update_receptors(scratch, plan, rings, stamp, k, first, offset, n);
        if (update_neurons(scratch, plan, rings, &chunk, stamp, offset) > 0.0)
            list_spikes(worker, sim, p, scratch->fired, first, n, stamp, k);
    }
}

/* Virtual cells spike when their table says so. */
static void replay_spikes(rw_worker *worker, rw_simulation *sim, uint32_t p, uint64_t step, uint32_t n_steps) {
    const rw_spike_table *table = &sim->plans[p].population->spec->spikes;
    rw_slice slice = worker->slices[p];
    const uint64_t time = rw_clock_time(&sim->clock, step); /* where there are spikes, the clock is in real time */
    for (uint64_t s = rw_replay_first(table, time); s < table->count && table->step[s] <= time + n_steps; s++) {
        uint64_t after = table->step[s] - time; /* steps */
        if (table->id[s] >= slice.begin && table->id[s] < slice.end)
            list_spike(worker, sim, p, table->id[s], step + after, (uint32_t)(after - 1));
    }
}

void rw_worker_update(rw_worker *worker, rw_simulation *sim, uint64_t step, uint32_t n) {
    for (uint32_t p = 0; p < sim->network->n_populations; p++) {
        rw_spike_list *list = &worker->spikes[p];
        memset(list->count, 0, sizeof list->count);
        rw_slice slice = worker->slices[p];
        if (sim->network->populations[p].spec->model == NULL) {
            replay_spikes(worker, sim, p, step, n);
        } else {
            for (uint64_t first = slice.begin; first < slice.end; first += RW_CHUNK) {
                uint64_t left = slice.end - first;
                update_chunk(worker, sim, p, first, left < RW_CHUNK ? (size_t)left : RW_CHUNK, step, n);
            }
        }
        for (uint32_t k = 0; k < n; k++)
            worker->health_spikes[p] += list->count[k];
    }
}
