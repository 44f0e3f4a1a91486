#include "sim/run_state/run_state.h"

#include <string.h>

#include "base/mix.h"
#include "config/sections/growth_section.h"
#include "net/edges/digest.h"
#include "sim/charge.h"
#include "sim/plasticity/plastic_worker.h"
#include "sim/run_state/drug_state.h"
#include "sim/run_state/plasticity_state.h"
#include "sim/run_state/signal_state.h"
#include "sim/run_state/synapse_state.h"
#include "sim/simulation_state.h"
#include "sim/stretch.h"

/* A count of which every rank has a part; a restored run keeps all of it with rank 0. */
static rw_err archive_sum(const rw_simulation *sim, const rw_archive *archive, const char *path, uint64_t *value) {
    const rw_comm *comm = sim->network->partition.comm;
    if (archive->saving)
        RW_TRY(rw_comm_reduce(comm, value, 1, RW_U64, RW_SUM));
    RW_TRY(rw_archive_number(archive, path, value));
    if (!archive->saving && rw_comm_rank(comm) > 0)
        *value = 0;
    return RW_OK;
}

/* Counts that each worker keeps for itself; a restored run keeps them with the first. */
static rw_err archive_counts(rw_simulation *sim, const rw_archive *archive) {
    int n_threads = sim->network->partition.n_threads;
    uint64_t events = 0;
    for (int t = 0; t < n_threads; t++)
        events += sim->workers[t].events;
    uint64_t spikes = sim->total_spikes;
    RW_TRY(archive_sum(sim, archive, "counts/spikes", &spikes));
    RW_TRY(archive_sum(sim, archive, "counts/synaptic_events", &events));
    sim->total_spikes = archive->saving ? sim->total_spikes : spikes;
    for (int t = 0; t < n_threads && !archive->saving; t++)
        sim->workers[t].events = t == 0 ? events : 0;
    if (sim->structural == NULL)
        return RW_OK;
    RW_TRY(rw_archive_number(archive, "counts/synapses_created", &sim->structural->created));
    return rw_archive_number(archive, "counts/synapses_deleted", &sim->structural->deleted);
}

/* Spikes since the last health check. */
static rw_err archive_health(rw_simulation *sim, const rw_archive *archive, uint32_t p, const char *group) {
    uint64_t spikes = 0;
    for (int t = 0; t < sim->network->partition.n_threads; t++)
        spikes += sim->workers[t].health_spikes[p];
    RW_TRY(archive_sum(sim, archive, rw_path_of("%s/spikes_since_check", group).text, &spikes));
    for (int t = 0; t < sim->network->partition.n_threads && !archive->saving; t++)
        sim->workers[t].health_spikes[p] = t == 0 ? spikes : 0;
    return RW_OK;
}

/* A text that identifies a port even if other ports are added or removed: the sinks it feeds and their shares. */
static rw_path port_path(const rw_population *population, size_t index, const char *group) {
    const rw_port *port = &population->ports[index];
    rw_path path = rw_path_of("%s/in_flight/", group);
    for (size_t s = 0; s < port->n_sinks; s++) {
        const rw_sink *sink = &port->sinks[s];
        const char *name = sink->is_field ? population->spec->model->fields[sink->index].name
                                          : population->receptors[sink->index].block.model->name;
        path = rw_path_of("%s%s%s%s[%zu]x%.17g", path.text, s > 0 ? "+" : "", sink->graded ? "graded_" : "", name,
                          sink->index, sink->share);
    }
    return path;
}

/* Where the cells of a thread sum what arrives at a stamp; NULL: nothing is summed so late. */
static float *bin_of(const rw_simulation *sim, int thread, uint32_t p, size_t port, uint64_t stamp) {
    const rw_worker *worker = &sim->workers[thread];
    if (!sim->network->populations[p].ports[port].by_arrival)
        return rw_ring_bin(&worker->rings[p][port], stamp);
    float *sums = rw_arrivals_later(&worker->arrivals, stamp);
    return sums != NULL ? sums + rw_first_place(sim->network, thread, p, (uint32_t)port) : NULL;
}

/* Copies the weights that will arrive at a port at a stamp from the rings, or into them: weights [count]. */
static void copy_bin(const rw_simulation *sim, uint32_t p, size_t port, uint64_t stamp, float *weights, bool out) {
    for (int t = 0; t < sim->network->partition.n_threads; t++) {
        rw_slice slice = sim->workers[t].slices[p];
        size_t bytes = (size_t)(slice.end - slice.begin) * sizeof *weights;
        float *bin = bin_of(sim, t, p, port, stamp), *saved = weights + slice.begin;
        if (bytes > 0 && bin != NULL)
            memcpy(out ? saved : bin, out ? bin : saved, bytes);
        else if (bytes > 0 && out)
            memset(saved, 0, bytes);
    }
}

/* One row for each stamp that is still to come. */
static rw_err archive_bins(rw_simulation *sim, const rw_archive *archive, uint32_t p, size_t port, const char *path,
                           float *weights) {
    uint64_t n_bins = rw_port_steps_ahead(sim->network, p, (uint32_t)port), count = sim->network->populations[p].count;
    for (uint64_t k = 0; k < n_bins; k++) {
        uint64_t stamp = sim->step + 1 + k;
        if (archive->saving) {
            copy_bin(sim, p, port, stamp, weights, true);
            RW_TRY(rw_partition_gather(&sim->network->partition, sim->network->populations[p].count, weights,
                                       sizeof *weights));
        }
        RW_TRY(archive->part(archive->self, path, RW_ARCHIVE_F32, n_bins * count, k * count, count, weights));
        if (!archive->saving)
            copy_bin(sim, p, port, stamp, weights, false);
    }
    return RW_OK;
}

static rw_err archive_port(rw_simulation *sim, const rw_archive *archive, uint32_t p, size_t port, const char *path) {
    float *weights = NULL;
    RW_TRY(rw_comm_agree(sim->network->partition.comm,
                         RW_NEW(weights, sim->network->populations[p].count, "spikes in flight")));
    rw_err err = archive_bins(sim, archive, p, port, path, weights);
    rw_free(weights);
    return err;
}

static rw_err archive_ports(rw_simulation *sim, const rw_archive *archive, uint32_t p, const char *group) {
    const rw_population *population = &sim->network->populations[p];
    for (size_t port = 0; port < population->n_ports; port++) {
        rw_path path = port_path(population, port, group);
        /* A port that only a branch has belongs to an input, of which nothing is ever on its way. */
        if (!archive->branching || archive->holds(archive->self, path.text))
            RW_TRY(archive_port(sim, archive, p, port, path.text));
    }
    return RW_OK;
}

static rw_err archive_elements(const rw_simulation *sim, const rw_elements *elements, const rw_archive *archive,
                               uint32_t p, const char *group) {
    uint64_t count = sim->network->populations[p].count;
    RW_TRY(rw_archive_cells(archive, &sim->network->partition, count, rw_path_of("%s/grown", group).text,
                            RW_ARCHIVE_F64, elements->z));
    return rw_archive_column(archive, rw_path_of("%s/connected", group).text, RW_ARCHIVE_U32, count,
                             elements->connected);
}

static rw_err archive_growth(rw_simulation *sim, const rw_archive *archive, uint32_t p, const char *group) {
    if (sim->structural == NULL || sim->structural->structure.cells[p].calcium == NULL)
        return RW_OK;
    const rw_cells *cells = &sim->structural->structure.cells[p];
    uint64_t count = sim->network->populations[p].count;
    RW_TRY(rw_archive_cells(archive, &sim->network->partition, count, rw_path_of("%s/calcium", group).text,
                            RW_ARCHIVE_F64, cells->calcium));
    RW_TRY(rw_archive_cells(archive, &sim->network->partition, count, rw_path_of("%s/calcium_pending", group).text,
                            RW_ARCHIVE_F64, cells->pending));
    for (int e = 0; e < RW_ELEMENT_KINDS; e++)
        if (cells->elements[e].spec != NULL)
            RW_TRY(archive_elements(sim, &cells->elements[e], archive, p,
                                    rw_path_of("%s/%s", group, rw_element_names[e]).text));
    return RW_OK;
}

static rw_err archive_kinetic(const rw_simulation *sim, const rw_archive *archive, const char *path, rw_drug_use *use) {
    RW_TRY(rw_archive_block(archive, &sim->network->partition, path, &use->block));
    return rw_archive_column(archive, rw_path_of("%s/left", path).text, RW_ARCHIVE_F64, 1, &use->left);
}

/* Drugs that block each cell's receptors by use. A drug that only a branch has finds them free. */
static rw_err archive_drugs(rw_simulation *sim, const rw_archive *archive, uint32_t p, const char *group) {
    const rw_dosing *dosing = &sim->plans[p].dosing;
    for (size_t u = 0; u < dosing->n_uses; u++) {
        rw_drug_use *use = &dosing->uses[u];
        const char *drug = sim->scenario->drugs[use->drug].name;
        rw_path path = rw_path_of("%s/drugs/%s[%zu]/%s", group, drug, use->receptor, use->block.model->name);
        bool kinetic = use->block.model->action.update != NULL;
        if (kinetic && (!archive->branching || archive->holds(archive->self, path.text)))
            RW_TRY(archive_kinetic(sim, archive, path.text, use));
    }
    return RW_OK;
}

static rw_err archive_population(rw_simulation *sim, const rw_archive *archive, uint32_t p) {
    const rw_population *population = &sim->network->populations[p];
    rw_path group = rw_path_of("populations/%s", population->spec->name);
    RW_TRY(rw_archive_match(archive, rw_path_of("%s/places", group.text).text,
                            rw_population_digest(&sim->network->populations[p]),
                            rw_path_of("population '%s' has other cells or other places than in the saved "
                                       "state; count, positions, space and seed must stay",
                                       population->spec->name)
                                .text));
    RW_TRY(archive_health(sim, archive, p, group.text));
    if (population->spec->model != NULL)
        RW_TRY(rw_archive_block(archive, &sim->network->partition,
                                rw_path_of("%s/%s", group.text, population->spec->model->name).text,
                                &population->neuron));
    for (size_t r = 0; r < population->n_receptors; r++) {
        const rw_block *block = &population->receptors[r].block;
        RW_TRY(rw_archive_block(archive, &sim->network->partition,
                                rw_path_of("%s/%s[%zu]", group.text, block->model->name, r).text, block));
    }
    RW_TRY(archive_drugs(sim, archive, p, group.text));
    RW_TRY(rw_charge_archive(sim, archive, p, group.text));
    RW_TRY(archive_ports(sim, archive, p, group.text));
    return archive_growth(sim, archive, p, group.text);
}

/* The gate of each source cell, where the projection's receptor saturates at the source. */
static rw_err archive_gate(rw_simulation *sim, const rw_archive *archive, const rw_projection *projection,
                           const char *group) {
    const rw_population_plan *plan = &sim->plans[projection->source];
    uint64_t count = projection->n_sources;
    for (size_t g = 0; g < plan->n_gates; g++) {
        const rw_gate *gate = &plan->gates[g];
        if (gate->projection != projection->index)
            continue;
        RW_TRY(rw_archive_cells(archive, &sim->network->partition, count, rw_path_of("%s/gate", group).text,
                                RW_ARCHIVE_F64, gate->gate));
        RW_TRY(rw_archive_cells(archive, &sim->network->partition, count, rw_path_of("%s/gate_stamp", group).text,
                                RW_ARCHIVE_U64, gate->stamp));
    }
    return RW_OK;
}

/* A resumed run has the samples of this step already; a branch, also one resumed where it began, has its first. */
static rw_err archive_observers(rw_simulation *sim, const rw_archive *archive) {
    uint64_t begun = 0;
    for (size_t i = 0; i < sim->n_observers; i++)
        begun |= sim->observers[i].last_sample != UINT64_MAX;
    RW_TRY(rw_archive_number(archive, "begun", &begun));
    sim->first_step = archive->saving ? sim->first_step : sim->step;
    sim->first_time = archive->saving ? sim->first_time : rw_simulation_now(sim);
    for (size_t i = 0; i < sim->n_observers && !archive->saving; i++)
        sim->observers[i].last_sample = begun != 0 && !archive->branching ? sim->step : UINT64_MAX;
    return RW_OK;
}

static rw_err sum_up_arrivals(rw_simulation *sim) {
    for (int t = 0; t < sim->network->partition.n_threads; t++)
        RW_TRY(rw_arrivals_sum_up(&sim->workers[t].arrivals, sim->step));
    return RW_OK;
}

rw_err rw_simulation_archive(rw_simulation *sim, const rw_archive *archive) {
    RW_ASSERT(archive->saving || sim->step == 0);
    rw_network *network = sim->network;
    if (archive->saving)
        RW_TRY(
            rw_simulation_update_weights(sim)); /* otherwise plastic weights would depend on when they were last read */
    RW_TRY(rw_archive_match(archive, "step_ms", rw_bits_of(sim->scenario->step_ms),
                            "the saved state has another time.step, which must stay"));
    RW_TRY(rw_archive_number(archive, "step", &sim->step));
    RW_TRY(rw_simulation_archive_clock(sim, archive));
    RW_TRY(archive_observers(sim, archive));
    RW_TRY(rw_lesions_archive(sim, archive));
    if (!archive->saving)
        RW_TRY(rw_lesions_delete_again(sim)); /* before the synapses that are left are compared, and get their states */
    RW_TRY(archive_counts(sim, archive));
    RW_TRY(rw_simulation_archive_courses(sim, archive));
    RW_TRY(rw_comm_agree(network->partition.comm, sum_up_arrivals(sim)));
    for (uint32_t p = 0; p < network->n_populations; p++)
        RW_TRY(archive_population(sim, archive, p));
    for (size_t p = 0; p < network->n_projections; p++) {
        rw_path group = rw_path_of("projections/%s", network->projections[p].spec->name);
        RW_TRY(archive_gate(sim, archive, &network->projections[p], group.text));
        RW_TRY(rw_projection_archive(network, &network->projections[p], archive, group.text));
        if (network->projections[p].plasticity.any || network->projections[p].plasticity.dated)
            RW_TRY(rw_plasticity_archive(sim, &network->projections[p], archive, group.text));
    }
    if (sim->structural != NULL)
        RW_TRY(rw_former_partners_archive(&sim->structural->formation.former, network, archive));
    RW_TRY(rw_simulation_archive_signals(sim, archive));
    RW_TRY(rw_clock_observation_archive(sim, archive));
    if (archive->saving)
        return RW_OK;
    rw_lesions_resume(sim);
    rw_spike_exchange_destroy(&sim->exchange, network); /* ranks now need the spikes of other cells */
    return rw_spike_exchange_create(&sim->exchange, sim);
}
