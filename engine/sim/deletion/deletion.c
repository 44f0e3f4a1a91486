/* Synapses of many cells are spread over memory, so they are deleted batch by batch: first everything that a deletion
 * reads is prefetched. */
#include "sim/deletion/deletion.h"
#include "net/adjacency/adjacency.h"
#include "net/adjacency/adjacency_change.h"
#include "net/adjacency/reverse_adjacency.h"

enum { BATCH = 32 };

/* Where a synapse is, and the counters of its elements. */
typedef struct {
    rw_adjacency *adjacency; /* NULL: on another rank */
    uint32_t target;         /* its index in the thread's slice */
    uint32_t *axon, *dendrite;
} location;

static location location_of(const rw_connectivity_update *update, const rw_edge_event *event) {
    const rw_network *network = update->network;
    const rw_projection *projection = &network->projections[event->projection];
    int thread = rw_partition_thread_of(&network->partition, projection->n_targets, event->target);
    location it = {.axon = &rw_structure_axons(update->structure, projection)->connected[event->source],
                   .dendrite = &rw_structure_dendrites(update->structure, projection)->connected[event->target]};
    if (thread >= 0) {
        it.adjacency = &projection->adjacency[thread];
        it.target = (uint32_t)(event->target -
                               rw_partition_thread_slice(&network->partition, projection->n_targets, thread).begin);
    }
    return it;
}

static void prefetch(const location *it, const rw_deletion *deletion) {
    __builtin_prefetch(it->axon);
    __builtin_prefetch(it->dendrite);
    if (it->adjacency == NULL)
        return;
    rw_adjacency_prefetch_row(it->adjacency, deletion->event.source);
    __builtin_prefetch(it->adjacency->synapses + deletion->slot);
    __builtin_prefetch(it->adjacency->tombstones + deletion->slot / 64);
    rw_reverse_adjacency_prefetch_list(&it->adjacency->reverse, it->target);
}

static void delete_one(const rw_connectivity_update *update, const location *it, const rw_deletion *deletion) {
    if (it->adjacency != NULL)
        rw_adjacency_delete(it->adjacency, deletion->event.source, deletion->slot);
    --*it->axon;
    --*it->dendrite;
    *rw_edge_event_log_append(update->log) = deletion->event;
}

rw_err rw_delete_synapses(const rw_connectivity_update *update, const rw_deletion *deletions, size_t n) {
    location batch[BATCH];
    RW_TRY(rw_edge_event_log_reserve(update->log, n));
    for (size_t first = 0; first < n; first += BATCH) {
        size_t end = n - first < BATCH ? n - first : BATCH;
        for (size_t k = 0; k < end; k++) {
            batch[k] = location_of(update, &deletions[first + k].event);
            prefetch(&batch[k], &deletions[first + k]);
        }
        for (size_t k = 0; k < end; k++)
            if (batch[k].adjacency != NULL)
                rw_reverse_adjacency_prefetch_source(&batch[k].adjacency->reverse, batch[k].target,
                                                     deletions[first + k].event.source);
        for (size_t k = 0; k < end; k++)
            delete_one(update, &batch[k], &deletions[first + k]);
    }
    return RW_OK;
}
