#include "sim/formation/commit.h"
#include "net/adjacency/adjacency.h"
#include "net/adjacency/adjacency_change.h"
#include "net/adjacency/reverse_adjacency.h"
#include "net/value.h"

/* Synapses that are created together: all that they touch is prefetched before the first is written. */
enum { BATCH = 32 };

/* A synapse to create. */
typedef struct {
    rw_projection *projection;
    rw_adjacency *adjacency; /* NULL: another rank stores it */
    uint32_t source, target, packed;
} birth;

static birth birth_of(rw_network *network, const rw_creation_requests *requests, size_t k,
                      const rw_vacant_partners *partners) {
    birth synapse = {.projection = &network->projections[requests->items[k].projection]};
    rw_synapse_ends ends = rw_ends_of_request(requests, synapse.projection, k, partners);
    synapse.source = ends.source;
    synapse.target = ends.target;
    synapse.adjacency = rw_adjacency_onto(network, synapse.projection, synapse.target, &synapse.packed);
    return synapse;
}

/* Prefetches the counters of the cells, and where their row and list are. Always inline, as is prefetch_ends: GCC drops
 * calls of functions that do nothing but prefetch. */
RW_KERNEL_BODY void prefetch_cells(const rw_structure *structure, const birth *synapse) {
    __builtin_prefetch(&synapse->projection->next_serial[synapse->source], 1);
    __builtin_prefetch(&rw_structure_axons(structure, synapse->projection)->connected[synapse->source], 1);
    if (synapse->adjacency != NULL)
        rw_adjacency_prefetch_row(synapse->adjacency, synapse->source);
    if (synapse->adjacency != NULL && synapse->adjacency->reverse.n_targets > 0)
        rw_reverse_adjacency_prefetch_list(&synapse->adjacency->reverse, synapse->packed);
}

/* Prefetches the slots that the synapse will have. */
RW_KERNEL_BODY void prefetch_ends(const birth *synapse) {
    if (synapse->adjacency != NULL)
        rw_adjacency_prefetch_end(synapse->adjacency, synapse->source);
    if (synapse->adjacency != NULL && synapse->adjacency->reverse.n_targets > 0)
        rw_reverse_adjacency_prefetch_end(&synapse->adjacency->reverse, synapse->packed);
}

/* Draws the weight of a new synapse. */
static float draw_weight(const rw_network *network, const rw_projection *projection, uint64_t source_gid,
                         uint32_t serial) {
    rw_stream stream = rw_substream_of(network->scenario->seed, RW_SUBSTREAM_FORMED_WEIGHT, projection->index);
    return (float)rw_value_draw(&projection->spec->new_weight, stream, source_gid, serial);
}

/* Stores the synapse in its row; its weight may be rounded to what plasticity can represent. */
static rw_err store(const rw_connectivity_update *update, const birth *synapse, uint32_t serial, float *weight) {
    const rw_plasticity *plasticity = &synapse->projection->plasticity;
    float states[RW_SYNAPSE_STATES + 1];
    rw_plasticity_start(plasticity, weight, states);
    if (synapse->adjacency == NULL)
        return RW_OK;
    if (synapse->projection->spec->dated)
        states[rw_plasticity_states(plasticity) - 1] = (float)rw_update_number(update);
    rw_synchronise_row(update, synapse->projection, (int)(synapse->adjacency - synapse->projection->adjacency),
                       synapse->source);
    return rw_adjacency_insert(synapse->adjacency, synapse->source,
                               (rw_synapse){.packed = synapse->packed, .weight = *weight}, serial, states);
}

static rw_err create(const rw_connectivity_update *update, const birth *synapse) {
    rw_projection *projection = synapse->projection;
    uint64_t source_gid = update->network->populations[projection->source].first_gid + synapse->source;
    uint32_t serial = projection->next_serial[synapse->source];
    RW_CHECK(serial < UINT32_MAX, RW_ERR_SYSTEM,
             "projection '%s': a neuron has formed 2^32 synapses, no number is left for more", projection->spec->name);
    float weight = draw_weight(update->network, projection, source_gid, serial);
    RW_TRY(store(update, synapse, serial, &weight));
    projection->next_serial[synapse->source]++;
    rw_structure_axons(update->structure, projection)->connected[synapse->source]++;
    rw_structure_dendrites(update->structure, projection)->connected[synapse->target]++;
    rw_edge_event *event = rw_edge_event_log_append(update->log);
    event->time = event->born_time = update->time;
    event->projection = projection->index;
    event->created = true;
    event->cause = RW_CAUSE_GROWTH;
    event->uid = source_gid << 32 | serial;
    event->source = synapse->source;
    event->target = synapse->target;
    event->weight = weight;
    event->delay_steps = projection->min_delay;
    return RW_OK;
}

rw_err rw_commit_synapses(const rw_connectivity_update *update, const rw_creation_requests *requests, size_t n,
                          const rw_vacant_partners *partners) {
    birth batch[BATCH];
    RW_TRY(rw_edge_event_log_reserve(update->log, n));
    for (size_t first = 0; first < n; first += BATCH) {
        size_t end = n - first < BATCH ? n - first : BATCH;
        for (size_t k = 0; k < end; k++) {
            batch[k] = birth_of(update->network, requests, first + k, partners);
            prefetch_cells(update->structure, &batch[k]);
        }
        for (size_t k = 0; k < end; k++)
            prefetch_ends(&batch[k]);
        for (size_t k = 0; k < end; k++)
            RW_TRY(create(update, &batch[k]));
    }
    return RW_OK;
}
