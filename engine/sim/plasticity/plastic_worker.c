#include "sim/plasticity/plastic_worker.h"

#include "comm/team.h"
#include "net/adjacency/adjacency.h"
#include "sim/drugs/drug_effects.h"
#include "sim/replay.h"
#include "sim/simulation_state.h"

/* The share of its calcium that blockade and drugs leave a receptor in step k of the block. Calcium enters when the
 * cell is depolarised: a block in the pore counts as at 0 mV. A kinetic one is a state of each cell; as a presynaptic
 * spike is remembered once for all its targets, the mean of the cells counts. */
static double calcium_left(const rw_population_plan *plan, size_t receptor, uint32_t k) {
    double in_pore = 0.0, left = plan->factors[receptor * RW_BLOCK_STEPS + k];
    for (size_t u = 0; u < plan->dosing.n_uses; u++) {
        const rw_drug_use *use = &plan->dosing.uses[u];
        if (use->receptor != receptor)
            continue;
        in_pore += use->block.model->action.pore != NULL ? use->level[k] : 0.0;
        left *= use->left;
    }
    return left / (1.0 + in_pore);
}

rw_err rw_simulation_follow_blocks(rw_simulation *sim) {
    for (uint32_t p = 0; sim->plastic && p < sim->network->n_populations; p++) {
        const rw_dosing *dosing = &sim->plans[p].dosing;
        for (size_t u = 0; u < dosing->n_uses; u++) {
            double occupancy = 0.0;
            if (dosing->uses[u].block.model->action.update == NULL)
                continue;
            RW_TRY(rw_simulation_occupancy(sim, p, u, &occupancy));
            RW_TRY(rw_comm_broadcast(sim->network->partition.comm, &occupancy, sizeof occupancy));
            dosing->uses[u].left = 1.0 - occupancy;
        }
    }
    return RW_OK;
}

/* Lists the NMDA receptors that a projection acts on, with its shares, or else all those of its target. */
static rw_err list_receptors(rw_worker_plastic *plastic, const rw_network *network, const rw_projection *projection) {
    const rw_population *target = &network->populations[projection->target];
    const uint32_t ports[] = {projection->port, projection->graded_port};
    RW_TRY(RW_NEW(plastic->receptors, target->n_receptors, "plasticity"));
    RW_TRY(RW_NEW(plastic->shares, target->n_receptors, "plasticity"));
    for (int p = 0; p < 2; p++) {
        size_t n_sinks = ports[p] == RW_NO_PORT ? 0 : target->ports[ports[p]].n_sinks;
        for (size_t s = 0; s < n_sinks; s++) {
            const rw_sink *sink = &target->ports[ports[p]].sinks[s];
            if (sink->is_field || target->receptors[sink->index].block.model->receptor.glun2 == NULL)
                continue;
            plastic->receptors[plastic->n_receptors] = sink->index;
            plastic->shares[plastic->n_receptors++] = sink->share;
        }
    }
    for (size_t r = 0, none = plastic->n_receptors == 0; none && r < target->n_receptors; r++) {
        plastic->receptors[plastic->n_receptors] = r;
        plastic->shares[plastic->n_receptors] = 1.0;
        plastic->n_receptors += target->receptors[r].block.model->receptor.glun2 != NULL;
    }
    return RW_OK;
}

/* Share-weighted mean over the listed receptors; 1 without any. */
static double nmda_factor(const rw_worker_plastic *plastic, const rw_population_plan *plan, uint32_t k) {
    double sum = 0.0, weight = 0.0;
    for (size_t r = 0; r < plastic->n_receptors; r++) {
        sum += plastic->shares[r] * calcium_left(plan, plastic->receptors[r], k);
        weight += plastic->shares[r];
    }
    return weight > 0.0 ? sum / weight : 1.0;
}

/* The factors of the spikes of one step. */
static rw_err create_released(rw_worker_plastic *plastic, const rw_population *source) {
    return RW_NEW(plastic->released, rw_replay_most_spikes(source->spec, (rw_slice){.begin = 0, .end = source->count}),
                  "plasticity");
}

rw_err rw_worker_create_plastic(rw_worker *worker, const rw_network *network) {
    RW_TRY(RW_NEW(worker->plastic, network->n_projections, "plasticity"));
    for (uint32_t p = 0; p < network->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        if (!projection->plasticity.any)
            continue;
        RW_TRY(RW_NEW(worker->plastic[p], 1, "plasticity"));
        rw_worker_plastic *plastic = worker->plastic[p];
        RW_TRY(rw_plastic_create(&plastic->state, network, p, worker->thread));
        RW_TRY(list_receptors(plastic, network, projection));
        if (projection->plasticity.at[RW_AT_SOURCE].model != NULL)
            RW_TRY(create_released(plastic, &network->populations[projection->source]));
    }
    return RW_OK;
}

void rw_worker_destroy_plastic(rw_worker *worker, const rw_network *network) {
    for (size_t p = 0; worker->plastic != NULL && p < network->n_projections; p++) {
        if (worker->plastic[p] == NULL)
            continue;
        rw_plastic_destroy(&worker->plastic[p]->state);
        rw_free(worker->plastic[p]->released);
        rw_free(worker->plastic[p]->receptors);
        rw_free(worker->plastic[p]->shares);
        rw_free(worker->plastic[p]);
    }
    rw_free(worker->plastic);
}

void rw_worker_inform_plastic(rw_worker *worker, const rw_simulation *sim, uint64_t step, uint32_t n) {
    for (size_t p = 0; p < sim->network->n_projections; p++) {
        rw_worker_plastic *plastic = worker->plastic[p];
        if (plastic == NULL)
            continue;
        const rw_projection *projection = &sim->network->projections[p];
        const rw_spike_list *spikes = &worker->spikes[projection->target];
        for (uint32_t k = 0; k < n; k++) {
            plastic->nmda_factor[k] = nmda_factor(plastic, &sim->plans[projection->target], k);
            rw_err err = rw_plastic_post(&plastic->state, spikes->ids + k * spikes->capacity, spikes->count[k],
                                         step + k + 1, step, plastic->nmda_factor[k]);
            rw_error_record_keep(&worker->plastic_error, err);
        }
    }
}

void rw_worker_tick_plastic(rw_worker *worker, const rw_network *network, uint32_t k, uint64_t stamp) {
    for (size_t p = 0; p < network->n_projections; p++) {
        if (worker->plastic[p] == NULL)
            continue;
        const rw_spike_list *spikes = &worker->spikes[network->projections[p].target];
        rw_plastic_tick(&worker->plastic[p]->state, spikes->ids + k * spikes->capacity, spikes->count[k], stamp);
    }
}

const float *rw_worker_release(rw_worker *worker, const rw_projection *projection, const uint32_t *ids, uint32_t n,
                               uint64_t stamp) {
    rw_worker_plastic *plastic = worker->plastic[projection->index];
    if (plastic == NULL || plastic->released == NULL)
        return NULL;
    for (uint32_t s = 0; s < n; s++)
        plastic->released[s] = (float)rw_plastic_release(&plastic->state, ids[s], stamp);
    return plastic->released;
}

/* Adds a row's weights, scaled, to where they arrive. */
static void add_row(const rw_plastic *plastic, const rw_ring *ring, uint64_t source, uint64_t stamp, float scale) {
    const rw_projection *projection = plastic->projection;
    const rw_synapse *synapses = plastic->adjacency->synapses + plastic->adjacency->start[source];
    const double *factor = projection->plasticity.factor;
    rw_packing packing = projection->packing;
    uint64_t earliest = stamp + projection->min_delay;
    uint64_t n = rw_adjacency_end(plastic->adjacency, source) - plastic->adjacency->start[source];
    for (uint64_t k = 0; k < n; k++) { /* tombstones add 0 */
        uint32_t target = rw_packed_target(packing, synapses[k].packed);
        float *bin = rw_ring_bin(ring, earliest + rw_packed_delay_class(packing, synapses[k].packed));
        float own = factor == NULL ? 1.0f : (float)factor[plastic->first_target + target];
        bin[target] += synapses[k].weight * (scale * own);
    }
}

/* How many spikes at the beginning of a list are of one cell. */
static uint32_t count_same(const uint32_t *ids, uint32_t n) {
    uint32_t same = 1;
    while (same < n && ids[same] == ids[0])
        same++;
    return same;
}

void rw_worker_deliver_plastic(rw_worker *worker, const rw_projection *projection, const uint32_t *ids,
                               const float *jumps, uint32_t n, uint32_t k, uint64_t stamp) {
    rw_worker_plastic *plastic = worker->plastic[projection->index];
    const rw_ring *rings = worker->rings[projection->target];
    const float *released = rw_worker_release(worker, projection, ids, n, stamp);
    bool has_rule = projection->plasticity.at[RW_AT_SYNAPSE].model != NULL;
    for (uint32_t s = 0; s < n; s++) {
        float scale = released != NULL ? released[s] : 1.0f;
        if (has_rule && (s == 0 || ids[s] != ids[s - 1])) /* all spikes of a cell at once */
            rw_error_record_keep(
                &worker->plastic_error,
                rw_plastic_pre(&plastic->state, ids[s], count_same(ids + s, n - s), stamp, plastic->nmda_factor[k]));
        if (projection->port != RW_NO_PORT)
            add_row(&plastic->state, &rings[projection->port], ids[s], stamp, scale);
        if (projection->graded_port != RW_NO_PORT)
            add_row(&plastic->state, &rings[projection->graded_port], ids[s], stamp, scale * jumps[s]);
    }
}

static void update_row(void *self, const rw_projection *projection, int thread, uint64_t source) {
    const rw_simulation *sim = self;
    rw_plastic_update_row(&sim->workers[thread].plastic[projection->index]->state, source, sim->step);
}

rw_row_synchroniser rw_simulation_plastic_rows(const rw_simulation *sim) {
    return (rw_row_synchroniser){.update_row = update_row, .self = (void *)(uintptr_t)sim};
}

/* The part of a thread in rw_simulation_update_weights. */
static rw_err update_worker_weights(void *context, int thread) {
    const rw_simulation *sim = context;
    const rw_worker *worker = &sim->workers[thread];
    for (size_t p = 0; p < sim->network->n_projections; p++)
        if (worker->plastic[p] != NULL)
            rw_plastic_update_rows(&worker->plastic[p]->state, sim->step);
    return RW_OK;
}

rw_err rw_simulation_update_weights(const rw_simulation *sim) {
    return rw_team_run(sim->network->partition.n_threads, update_worker_weights, (void *)(uintptr_t)sim);
}

rw_err rw_simulation_plastic_error(const rw_simulation *sim) {
    for (int t = 0; t < sim->network->partition.n_threads; t++)
        RW_TRY(rw_error_record_raise(&sim->workers[t].plastic_error));
    return RW_OK;
}
