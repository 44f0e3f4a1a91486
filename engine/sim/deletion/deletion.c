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
    location found = {.axon = &rw_structure_axons(update->structure, projection)->connected[event->source],
                      .dendrite = &rw_structure_dendrites(update->structure, projection)->connected[event->target]};
    if (thread >= 0) {
        found.adjacency = &projection->adjacency[thread];
        found.target = (uint32_t)(event->target -
                                  rw_partition_thread_slice(&network->partition, projection->n_targets, thread).begin);
    }
    return found;
}

/* Always inline: GCC drops calls of functions that do nothing but prefetch. */
RW_KERNEL_BODY void prefetch(const location *at, const rw_deletion *deletion) {
    __builtin_prefetch(at->axon);
    __builtin_prefetch(at->dendrite);
    if (at->adjacency == NULL)
        return;
    rw_adjacency_prefetch_row(at->adjacency, deletion->event.source);
    __builtin_prefetch(at->adjacency->synapses + deletion->slot);
    __builtin_prefetch(at->adjacency->tombstones + deletion->slot / 64);
    rw_reverse_adjacency_prefetch_list(&at->adjacency->reverse, at->target);
}

static void delete_one(const rw_connectivity_update *update, const location *at, const rw_deletion *deletion) {
    if (at->adjacency != NULL)
        rw_adjacency_delete(at->adjacency, deletion->event.source, deletion->slot);
    --*at->axon;
    --*at->dendrite;
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
