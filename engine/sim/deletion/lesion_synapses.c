#include "sim/deletion/lesion_synapses.h"

#include <string.h>

#include "net/adjacency/adjacency.h"
#include "net/adjacency/adjacency_change.h"
#include "sim/deletion/deletion_rule.h"

/* What a lesion does to the synapses of a projection. */
typedef struct {
    const rw_lesion_spec *spec;
    const bool *hit;
    const rw_projection *projection;
    rw_stream stream;
    uint64_t first_gid; /* of the sources */
} lesion_effect;

static lesion_effect effect_of(const rw_network *network, size_t index, const bool *hit,
                               const rw_projection *projection) {
    return (lesion_effect){.spec = &network->scenario->lesions[index],
                           .hit = hit,
                           .projection = projection,
                           .stream = rw_stream_of(network->scenario->seed, RW_PURPOSE_LESION, (uint32_t)index),
                           .first_gid = network->populations[projection->source].first_gid};
}

static bool concerns(const rw_lesion_spec *spec, const rw_projection *projection) {
    if (spec->kind == RW_LESION_CELLS)
        return projection->source == spec->population || projection->target == spec->population;
    return spec->kind == RW_LESION_INCOMING && spec->cut[projection->index];
}

static bool is_deleted(const lesion_effect *effect, uint64_t source, uint64_t target, uint32_t serial) {
    const rw_lesion_spec *spec = effect->spec;
    bool from = effect->projection->source == spec->population && effect->hit[source];
    bool onto = effect->projection->target == spec->population && effect->hit[target];
    if (spec->kind == RW_LESION_CELLS)
        return from || onto;
    if (!onto || spec->fraction >= 1.0)
        return onto;
    rw_bits bits = rw_draw3(effect->stream, (uint32_t)(effect->first_gid + source), serial, effect->projection->index);
    return rw_uniform32(bits.word[0]) < spec->fraction;
}

static bool selects(const rw_deletion_rule *rule, const rw_examined_synapse *synapse) {
    return is_deleted(rule->self, synapse->source, synapse->target, synapse->serial);
}

/* Of a projection that rewires: with elements. */
static rw_err delete_structural(const rw_connectivity_update *update, const lesion_effect *effect, uint64_t *n) {
    const rw_deletion_rule rule = {.projection = effect->projection,
                                   .cause = RW_CAUSE_LESION,
                                   .max_count = UINT64_MAX,
                                   .weight_order = 1.0,
                                   .max_probability = 1.0, /* the lesion draws by itself */
                                   .deletes_axon = effect->spec->kind == RW_LESION_INCOMING,
                                   .selects = selects,
                                   .self = effect};
    size_t before = update->log->n;
    RW_TRY(rw_delete_by_rule(update, &rule));
    *n += update->log->n - before;
    return RW_OK;
}

/* Which synapses of a row go: marked [its count]. Returns how many. */
static uint32_t mark_row(const lesion_effect *effect, int thread, uint64_t source, uint64_t first_target,
                         bool *marked) {
    const rw_adjacency *adjacency = &effect->projection->adjacency[thread];
    uint64_t start = rw_adjacency_start(adjacency, source);
    uint32_t n = 0;
    for (uint32_t k = 0; k < rw_adjacency_count(adjacency, source); k++) {
        uint32_t packed = adjacency->synapses[start + k].packed;
        uint64_t target = first_target + rw_packed_target(effect->projection->packing, packed);
        marked[k] = is_deleted(effect, source, target, adjacency->serials[start + k]);
        n += marked[k];
    }
    return n;
}

/* Logs the n marked synapses of a row, with the weights they have by now. */
static rw_err log_row(const rw_connectivity_update *update, const lesion_effect *effect, int thread, uint64_t source,
                      uint64_t first_target, const bool *marked, uint32_t n, rw_edge_event_log *log) {
    const rw_projection *projection = effect->projection;
    const rw_adjacency *adjacency = &projection->adjacency[thread];
    RW_TRY(rw_edge_event_log_reserve(log, n));
    rw_synchronise_row(update, projection, thread, source);
    for (uint32_t k = 0; k < rw_adjacency_count(adjacency, source); k++) {
        uint64_t slot = rw_adjacency_start(adjacency, source) + k;
        rw_synapse synapse = adjacency->synapses[slot];
        if (!marked[k])
            continue;
        *rw_edge_event_log_append(log) = (rw_edge_event){
            .time = update->time,
            .projection = projection->index,
            .cause = RW_CAUSE_LESION,
            .uid = (effect->first_gid + source) << 32 | adjacency->serials[slot],
            .source = source,
            .target = first_target + rw_packed_target(projection->packing, synapse.packed),
            .weight = synapse.weight,
            .delay_steps = projection->min_delay + rw_packed_delay_class(projection->packing, synapse.packed)};
    }
    return RW_OK;
}

static uint32_t longest_row(const rw_network *network, const rw_projection *projection) {
    uint32_t longest = 0;
    for (int t = 0; t < network->partition.n_threads; t++)
        for (uint64_t source = 0; source < projection->adjacency[t].n_sources; source++) {
            uint32_t count = rw_adjacency_count(&projection->adjacency[t], source);
            longest = count > longest ? count : longest;
        }
    return longest;
}

/* Of a projection that does not rewire: on this rank, logged unless `log` is NULL. */
static rw_err delete_static(const rw_connectivity_update *update, const lesion_effect *effect, rw_edge_event_log *log) {
    const rw_network *network = update->network;
    bool *marked = NULL;
    RW_TRY(RW_NEW(marked, longest_row(network, effect->projection), "lesions"));
    rw_err err = RW_OK;
    for (int t = 0; t < network->partition.n_threads; t++) {
        rw_adjacency *adjacency = &effect->projection->adjacency[t];
        uint64_t first_target = rw_partition_thread_slice(&network->partition, effect->projection->n_targets, t).begin;
        for (uint64_t source = 0; err == RW_OK && source < adjacency->n_sources; source++) {
            uint32_t n = mark_row(effect, t, source, first_target, marked);
            if (n > 0 && log != NULL)
                err = log_row(update, effect, t, source, first_target, marked, n, log);
            if (n > 0 && err == RW_OK)
                rw_adjacency_delete_marked(adjacency, source, marked);
        }
    }
    rw_free(marked);
    return err;
}

/* The same on all ranks, which exchange what each has deleted. */
static rw_err delete_static_everywhere(const rw_connectivity_update *update, const lesion_effect *effect) {
    const rw_comm *comm = update->network->partition.comm;
    rw_edge_event_log own = {0};
    rw_edge_event *all = NULL;
    size_t n = 0;
    rw_err err = rw_comm_agree(comm, delete_static(update, effect, &own));
    if (err == RW_OK)
        err = rw_comm_share(comm, own.items, own.n, sizeof *all, &all, &n);
    if (err == RW_OK)
        err = rw_comm_agree(comm, rw_edge_event_log_reserve(update->log, n));
    if (err == RW_OK && n > 0) {
        memcpy(update->log->items + update->log->n, all, n * sizeof *all);
        update->log->n += n;
    }
    rw_edge_event_log_destroy(&own);
    rw_free(all);
    return err;
}

rw_err rw_lesion_delete(const rw_connectivity_update *update, size_t index, const bool *hit, uint64_t *n_structural) {
    const rw_network *network = update->network;
    for (size_t p = 0; p < network->n_projections; p++) {
        lesion_effect effect = effect_of(network, index, hit, &network->projections[p]);
        if (!concerns(effect.spec, effect.projection))
            continue;
        if (effect.projection->spec->structural)
            RW_TRY(delete_structural(update, &effect, n_structural));
        else if (effect.spec->kind == RW_LESION_INCOMING)
            RW_TRY(delete_static_everywhere(update, &effect));
    }
    return RW_OK;
}

rw_err rw_lesion_delete_again(const rw_connectivity_update *update, size_t index, const bool *hit) {
    const rw_network *network = update->network;
    for (size_t p = 0; p < network->n_projections; p++) {
        lesion_effect effect = effect_of(network, index, hit, &network->projections[p]);
        if (effect.spec->kind == RW_LESION_INCOMING && concerns(effect.spec, effect.projection) &&
            !effect.projection->spec->structural)
            RW_TRY(delete_static(update, &effect, NULL));
    }
    return RW_OK;
}
