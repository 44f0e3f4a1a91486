#include "sim/run_state/plasticity_state.h"

#include <string.h>

#include "base/mix.h"
#include "net/adjacency/adjacency.h"
#include "net/edges/edge.h"
#include "net/edges/edge_list.h"
#include "net/mechanism.h"
#include "sim/simulation_state.h"

/* The remembered spikes of many cells, one after the other. */
typedef struct {
    uint64_t n_cells, n;
    uint32_t *count; /* [n_cells] */
    uint64_t *stamp; /* [n] */
    double *before[RW_TRACES], *admitted;
} spike_memory;

static rw_err create_memory(spike_memory *memory) {
    RW_TRY(RW_NEW(memory->stamp, memory->n, "spike histories"));
    RW_TRY(RW_NEW(memory->admitted, memory->n, "spike histories"));
    for (int k = 0; k < RW_TRACES; k++)
        RW_TRY(RW_NEW(memory->before[k], memory->n, "spike histories"));
    return RW_OK;
}

static void destroy_memory(spike_memory *memory) {
    rw_free(memory->count);
    rw_free(memory->stamp);
    rw_free(memory->admitted);
    for (int k = 0; k < RW_TRACES; k++)
        rw_free(memory->before[k]);
}

/* Counts those of the cells of slice `own` in a history that begins with first_cell. */
static void count_spikes(spike_memory *memory, const rw_history *history, uint64_t first_cell, rw_slice own) {
    for (size_t cell = 0; cell < history->n_cells; cell++) {
        if (first_cell + cell < own.begin || first_cell + cell >= own.end)
            continue;
        memory->count[first_cell + cell] = history->count[cell];
        memory->n += history->count[cell];
    }
}

/* Copies a history to the memory, or back. Errors: RW_ERR_SYSTEM. */
static rw_err copy_spikes(spike_memory *memory, rw_history *history, uint64_t first_cell, bool out) {
    uint64_t at = 0;
    for (uint64_t cell = 0; cell < first_cell; cell++)
        at += memory->count[cell];
    for (size_t cell = 0; cell < history->n_cells; cell++) {
        uint32_t n = memory->count[first_cell + cell];
        if (out && n == 0)
            continue; /* also where another rank saves what the cell has */
        while (history->capacity < n)
            RW_TRY(rw_history_grow(history));
        history->count[cell] = n;
        rw_past_spike *spikes = history->spikes + cell * history->capacity;
        for (uint32_t s = 0; s < n; s++, at++) {
            if (!out)
                spikes[s] = (rw_past_spike){.stamp = memory->stamp[at], .admitted = memory->admitted[at]};
            memory->stamp[at] = spikes[s].stamp;
            memory->admitted[at] = spikes[s].admitted;
            for (int k = 0; k < RW_TRACES; k++)
                *(out ? &memory->before[k][at] : &spikes[s].before[k]) =
                    out ? spikes[s].before[k] : memory->before[k][at];
        }
    }
    return RW_OK;
}

static rw_err archive_spikes(spike_memory *memory, const rw_archive *archive, const char *group) {
    RW_TRY(rw_archive_column(archive, rw_path_of("%s/stamp", group).text, RW_ARCHIVE_U64, memory->n, memory->stamp));
    RW_TRY(
        rw_archive_column(archive, rw_path_of("%s/admitted", group).text, RW_ARCHIVE_F64, memory->n, memory->admitted));
    for (int k = 0; k < RW_TRACES; k++)
        RW_TRY(rw_archive_column(archive, rw_path_of("%s/trace%d", group, k).text, RW_ARCHIVE_F64, memory->n,
                                 memory->before[k]));
    return RW_OK;
}

static rw_plastic *plastic_of(const rw_simulation *sim, const rw_projection *projection, int thread) {
    return &sim->workers[thread].plastic[projection->index]->state;
}

/* The histories of one side: those of sources are equal on all threads, those of targets are each thread's own. */
typedef struct {
    rw_simulation *sim;
    const rw_projection *projection;
    bool post;
} history_side;

static rw_history *history_of(const history_side *side, int thread) {
    rw_plastic *plastic = plastic_of(side->sim, side->projection, thread);
    return side->post ? &plastic->post : &plastic->pre;
}

static uint64_t first_cell(const history_side *side, int thread) {
    return side->post ? plastic_of(side->sim, side->projection, thread)->first_target : 0;
}

static rw_err copy_all(const history_side *side, spike_memory *memory, bool out) {
    for (int t = 0; t < side->sim->network->partition.n_threads; t++)
        RW_TRY(copy_spikes(memory, history_of(side, t), first_cell(side, t), out));
    return RW_OK;
}

/* Rank 0 gets one list of what every rank has of its own cells. */
static rw_err collect_list(const rw_comm *comm, void *list, uint64_t n, size_t size) {
    void *mine = NULL, *all = NULL;
    size_t n_all = 0;
    memcpy(&mine, list, sizeof mine);
    RW_TRY(rw_comm_collect(comm, mine, n, size, &all, &n_all));
    rw_free(mine);
    memcpy(list, &all, sizeof all);
    return RW_OK;
}

static rw_err collect_memory(spike_memory *memory, const rw_network *network, uint32_t population) {
    const rw_comm *comm = network->partition.comm;
    RW_TRY(rw_partition_gather(&network->partition, network->populations[population].count, memory->count,
                               sizeof memory->count[0]));
    RW_TRY(collect_list(comm, &memory->stamp, memory->n, sizeof memory->stamp[0]));
    RW_TRY(collect_list(comm, &memory->admitted, memory->n, sizeof memory->admitted[0]));
    for (int k = 0; k < RW_TRACES; k++)
        RW_TRY(collect_list(comm, &memory->before[k], memory->n, sizeof memory->before[k][0]));
    return rw_comm_reduce(comm, &memory->n, 1, RW_U64, RW_SUM);
}

/* The spikes remembered by cells of this rank. */
static rw_err fill_memory(const history_side *side, spike_memory *memory, uint32_t population) {
    rw_slice own =
        rw_partition_own_slice(&side->sim->network->partition, side->sim->network->populations[population].count);
    for (int t = 0; t < (side->post ? side->sim->network->partition.n_threads : 1); t++)
        count_spikes(memory, history_of(side, t), first_cell(side, t), own);
    RW_TRY(create_memory(memory));
    return copy_all(side, memory, true);
}

static rw_err archive_counted(const history_side *side, spike_memory *memory, const rw_archive *archive,
                              const char *group) {
    const rw_network *network = side->sim->network;
    uint32_t population = side->post ? side->projection->target : side->projection->source;
    if (archive->saving) {
        RW_TRY(rw_comm_agree(network->partition.comm, fill_memory(side, memory, population)));
        RW_TRY(collect_memory(memory, network, population));
    }
    RW_TRY(
        rw_archive_column(archive, rw_path_of("%s/count", group).text, RW_ARCHIVE_U32, memory->n_cells, memory->count));
    RW_TRY(rw_archive_number(archive, rw_path_of("%s/spikes", group).text, &memory->n));
    if (!archive->saving)
        RW_TRY(rw_comm_agree(network->partition.comm, create_memory(memory)));
    RW_TRY(archive_spikes(memory, archive, group));
    return archive->saving ? RW_OK : rw_comm_agree(network->partition.comm, copy_all(side, memory, false));
}

static rw_err archive_history(const history_side *side, const rw_archive *archive, const char *group) {
    const rw_population *populations = side->sim->network->populations;
    spike_memory memory = {.n_cells =
                               populations[side->post ? side->projection->target : side->projection->source].count};
    rw_err err = RW_NEW(memory.count, memory.n_cells, "spike histories");
    if (err == RW_OK)
        err = archive_counted(side, &memory, archive, group);
    destroy_memory(&memory);
    return err;
}

/* Number k of each synapse, the weight or after it the states, as a column in the order of edges. */
static rw_err archive_number(const rw_simulation *sim, rw_projection *projection, const rw_archive *archive,
                             const rw_edge *edges, uint64_t n, uint32_t k, const char *path) {
    float *values = NULL;
    RW_TRY(RW_NEW(values, n, "states of synapses"));
    rw_err err = RW_OK;
    for (int pass = 0; pass < 2 && err == RW_OK; pass++) {
        if (pass == 1)
            err = rw_archive_shares(archive, sim->network->partition.comm, path, RW_ARCHIVE_F32, n, values);
        bool copy = pass == 0 ? archive->saving : !archive->saving;
        for (uint64_t e = 0; copy && err == RW_OK && e < n; e++) {
            rw_adjacency *adjacency = &projection->adjacency[rw_partition_thread_of(
                &sim->network->partition, projection->n_targets, edges[e].target)];
            float *kept = k == 0 ? &adjacency->synapses[edges[e].slot].weight
                                 : &adjacency->states[edges[e].slot * adjacency->n_states + k - 1];
            *(archive->saving ? &values[e] : kept) = archive->saving ? *kept : values[e];
        }
    }
    rw_free(values);
    return err;
}

static rw_err archive_synapses(rw_simulation *sim, rw_projection *projection, const rw_archive *archive,
                               const char *group) {
    rw_edge *edges = NULL;
    uint64_t n = rw_projection_count(&sim->network->partition, projection);
    RW_TRY(rw_projection_edges(sim->network, projection, &edges));
    rw_err err = RW_OK;
    for (uint32_t k = 0; k <= rw_plasticity_states(&projection->plasticity) && err == RW_OK; k++) {
        rw_path path = rw_path_of("%s/number%u", group, k);
        /* In a branch whose parent had no ages, all synapses are as old as the run. */
        bool is_date = projection->plasticity.dated && k == rw_plasticity_states(&projection->plasticity);
        bool has_rule = projection->plasticity.at[RW_AT_SYNAPSE].model != NULL; /* else the weight is known already */
        if ((!is_date && has_rule) || !archive->branching || archive->holds(archive->self, path.text))
            err = archive_number(sim, projection, archive, edges, n, k, path.text);
    }
    rw_free(edges);
    return err;
}

/* Rules changed the weights that the scenario gave; those it gives now have no effect, so they must be the same. */
static rw_err match_given_weights(const rw_projection *projection, const rw_archive *archive, const char *group) {
    const rw_value *weight = &projection->spec->weight;
    uint64_t digest = rw_mix(rw_bits_of(weight->a) + rw_mix(rw_bits_of(weight->b) + (uint64_t)weight->kind));
    return rw_archive_match(archive, rw_path_of("%s/given_weight", group).text,
                            rw_mix(digest + rw_bits_of(projection->plasticity.unit_weight)),
                            rw_path_of("projection '%s' has other synapses than in the saved state: their "
                                       "weights are plastic, so the initial weight must stay",
                                       projection->spec->name)
                                .text);
}

static rw_err archive_rule(rw_simulation *sim, rw_projection *projection, const rw_archive *archive,
                           const char *group) {
    RW_TRY(match_given_weights(projection, archive, group));
    for (int t = 0; t < sim->network->partition.n_threads; t++) {
        rw_plastic *plastic = plastic_of(sim, projection, t);
        if (archive->saving)
            rw_plastic_update_rows(plastic, sim->step);
        for (uint64_t source = 0; source < plastic->adjacency->n_sources; source++)
            plastic->done[source] = sim->step;
        plastic->rows_updated = sim->step;
    }
    const history_side pre = {sim, projection, false}, post = {sim, projection, true};
    RW_TRY(archive_history(&pre, archive, rw_path_of("%s/source_spikes", group).text));
    return archive_history(&post, archive, rw_path_of("%s/target_spikes", group).text);
}

/* Every thread knows the state of all sources; they are equal. */
static rw_err archive_release(rw_simulation *sim, const rw_projection *projection, const rw_archive *archive,
                              const char *group) {
    uint64_t n = sim->network->populations[projection->source].count;
    uint64_t n_states = projection->plasticity.at[RW_AT_SOURCE].n_states;
    const rw_plastic *first = plastic_of(sim, projection, 0);
    if (archive->saving) { /* a cell's own rank receives all its spikes */
        RW_TRY(rw_partition_gather(&sim->network->partition, projection->n_sources, first->release_state,
                                   n_states * sizeof(double)));
        RW_TRY(rw_partition_gather(&sim->network->partition, projection->n_sources, first->release_stamp,
                                   sizeof(uint64_t)));
    }
    RW_TRY(rw_archive_column(archive, rw_path_of("%s/release", group).text, RW_ARCHIVE_F64, n * n_states,
                             first->release_state));
    RW_TRY(rw_archive_column(archive, rw_path_of("%s/release_stamp", group).text, RW_ARCHIVE_U64, n,
                             first->release_stamp));
    for (int t = 1; t < sim->network->partition.n_threads; t++) {
        memcpy(plastic_of(sim, projection, t)->release_state, first->release_state, n * n_states * sizeof(double));
        memcpy(plastic_of(sim, projection, t)->release_stamp, first->release_stamp, n * sizeof(uint64_t));
    }
    return RW_OK;
}

/* Copies what a thread keeps of its targets to columns of all targets, or back. */
static void copy_targets(rw_plastic *plastic, uint64_t n_states, double *state, double *spikes, bool out) {
    double *factor = plastic->projection->plasticity.factor + plastic->first_target;
    for (uint64_t i = 0; i < plastic->n_targets; i++) {
        for (uint64_t k = 0; k < n_states; k++) {
            double *here = &plastic->target_state[i * n_states + k];
            double *there = &state[(plastic->first_target + i) * n_states + k];
            *(out ? there : here) = out ? *here : *there;
        }
        double *here = &plastic->spikes[i], *there = &spikes[plastic->first_target + i];
        *(out ? there : here) = out ? *here : *there;
        factor[i] = plastic->target_state[i * n_states];
    }
}

static rw_err archive_targets(rw_simulation *sim, const rw_projection *projection, const rw_archive *archive,
                              const char *group) {
    uint64_t n = sim->network->populations[projection->target].count;
    uint64_t n_states = projection->plasticity.at[RW_AT_TARGET].n_states;
    double *state = NULL, *spikes = NULL;
    rw_err err = RW_NEW(state, n * n_states, "plasticity");
    if (err == RW_OK)
        err = RW_NEW(spikes, n, "plasticity");
    for (int t = 0; err == RW_OK && archive->saving && t < sim->network->partition.n_threads; t++)
        copy_targets(plastic_of(sim, projection, t), n_states, state, spikes, true);
    if (err == RW_OK && archive->saving)
        err = rw_partition_gather(&sim->network->partition, projection->n_targets, state, n_states * sizeof *state);
    if (err == RW_OK && archive->saving)
        err = rw_partition_gather(&sim->network->partition, projection->n_targets, spikes, sizeof *spikes);
    if (err == RW_OK)
        err = rw_archive_column(archive, rw_path_of("%s/scaling", group).text, RW_ARCHIVE_F64, n * n_states, state);
    if (err == RW_OK)
        err = rw_archive_column(archive, rw_path_of("%s/scaling_spikes", group).text, RW_ARCHIVE_F64, n, spikes);
    for (int t = 0; err == RW_OK && !archive->saving && t < sim->network->partition.n_threads; t++)
        copy_targets(plastic_of(sim, projection, t), n_states, state, spikes, false);
    rw_free(state);
    rw_free(spikes);
    return err;
}

rw_err rw_plasticity_archive(rw_simulation *sim, rw_projection *projection, const rw_archive *archive,
                             const char *group) {
    const rw_mechanism *at = projection->plasticity.at;
    if (at[RW_AT_SOURCE].model != NULL)
        RW_TRY(archive_release(sim, projection, archive, group));
    if (at[RW_AT_SYNAPSE].model != NULL)
        RW_TRY(archive_rule(sim, projection, archive, group));
    if (at[RW_AT_SYNAPSE].model != NULL || projection->spec->structural)
        RW_TRY(archive_synapses(sim, projection, archive, rw_path_of("%s/synapses_plastic", group).text));
    return at[RW_AT_TARGET].model != NULL ? archive_targets(sim, projection, archive, group) : RW_OK;
}
