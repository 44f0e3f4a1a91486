/* Synapses are located batch by batch, in passes of which each prefetches what the next one reads. */
#include "sim/deletion/numbered_synapses.h"

#include "comm/team.h"
#include "net/adjacency/adjacency.h"
#include "net/adjacency/adjacency_search.h"
#include "net/adjacency/reverse_adjacency.h"

enum { BATCH = 32 };

/* A synapse of a batch. */
typedef struct {
    const rw_projection *projection;
    rw_adjacency *adjacency;
    uint64_t cell;
    uint32_t number;
    uint64_t source, slot;
    size_t index; /* in the list */
} located;

static void locate_of_axons(located *batch, size_t n) {
    for (located *s = batch; s < batch + n; s++)
        rw_adjacency_prefetch_row(s->adjacency, s->cell);
    for (located *s = batch; s < batch + n; s++)
        rw_adjacency_prefetch_number(s->adjacency, s->cell, s->number);
    for (located *s = batch; s < batch + n; s++) {
        s->source = s->cell;
        s->slot = rw_adjacency_select(s->adjacency, s->source, s->number);
        __builtin_prefetch(s->adjacency->synapses + s->slot);
        __builtin_prefetch(s->adjacency->serials + s->slot);
    }
}

static void locate_of_dendrites(located *batch, size_t n) {
    for (located *s = batch; s < batch + n; s++)
        rw_reverse_adjacency_prefetch_list(&s->adjacency->reverse, (uint32_t)s->cell);
    for (located *s = batch; s < batch + n; s++)
        rw_reverse_adjacency_prefetch_number(&s->adjacency->reverse, (uint32_t)s->cell, s->number);
    for (located *s = batch; s < batch + n; s++) {
        uint32_t number;
        rw_reverse_adjacency_find(&s->adjacency->reverse, (uint32_t)s->cell, s->number, &s->source, &number);
        rw_adjacency_prefetch_row(s->adjacency, s->source);
    }
    for (located *s = batch; s < batch + n; s++) {
        uint64_t end = s->source + ((uint64_t)1 << s->adjacency->reverse.shift); /* the synapse is of one of these */
        for (uint64_t source = s->source; source < end && source < s->adjacency->n_sources; source++)
            rw_adjacency_prefetch(s->adjacency, source, (uint32_t)s->cell);
    }
    for (located *s = batch; s < batch + n; s++) {
        s->slot = rw_adjacency_select_incoming(s->adjacency, (uint32_t)s->cell, s->number, &s->source);
        __builtin_prefetch(s->adjacency->serials + s->slot);
    }
}

/* The arguments of rw_locate_synapses. */
typedef struct {
    const rw_connectivity_update *update;
    const rw_numbered_synapse *synapses;
    size_t n;
    bool onto;
    rw_deletion *deletions;
} location_task;

static void describe(const location_task *task, const located *synapse, int thread) {
    const rw_network *network = task->update->network;
    const rw_projection *projection = synapse->projection;
    rw_synchronise_row(task->update, projection, thread, synapse->source);
    uint64_t source_gid = network->populations[projection->source].first_gid + synapse->source;
    uint64_t first = rw_partition_thread_slice(&network->partition, projection->n_targets, thread).begin;
    task->deletions[synapse->index].slot = synapse->slot;
    task->deletions[synapse->index].event = (rw_edge_event){
        .time = task->update->time,
        .projection = projection->index,
        .created = false,
        .cause = task->onto ? RW_CAUSE_RETRACTION_DENDRITE : RW_CAUSE_RETRACTION_AXON,
        .uid = source_gid << 32 | synapse->adjacency->serials[synapse->slot],
        .source = synapse->source,
        .target = first + rw_packed_target(projection->packing, synapse->adjacency->synapses[synapse->slot].packed),
        .weight = synapse->adjacency->synapses[synapse->slot].weight,
        .delay_steps = projection->min_delay,
        .born_time = rw_synapse_birth(task->update->structure->spec, projection, thread, synapse->slot),
    };
}

/* Locates those that a thread has. */
static rw_err locate_of_thread(void *context, int thread) {
    const location_task *task = context;
    located batch[BATCH];
    for (size_t k = 0; k < task->n;) {
        size_t n = 0;
        for (; k < task->n && n < BATCH; k++) {
            const rw_numbered_synapse *synapse = &task->synapses[k];
            const rw_projection *projection = &task->update->network->projections[synapse->projection];
            batch[n] = (located){.projection = projection,
                                 .adjacency = &projection->adjacency[thread],
                                 .cell = synapse->cell,
                                 .number = synapse->number,
                                 .index = k};
            n += synapse->thread == thread;
        }
        if (task->onto)
            locate_of_dendrites(batch, n);
        else
            locate_of_axons(batch, n);
        for (located *s = batch; s < batch + n; s++)
            describe(task, s, thread);
    }
    return RW_OK;
}

rw_err rw_locate_synapses(const rw_connectivity_update *update, const rw_numbered_synapse *synapses, size_t n,
                          bool onto, rw_deletion *deletions) {
    location_task task = {.update = update, .synapses = synapses, .n = n, .onto = onto, .deletions = deletions};
    return n > 0 ? rw_team_run(update->network->partition.n_threads, locate_of_thread, &task) : RW_OK;
}
