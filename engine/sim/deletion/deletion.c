#include "sim/deletion/deletion.h"

#include "comm/team.h"
#include "net/adjacency/adjacency.h"
#include "net/adjacency/adjacency_change.h"
#include "net/adjacency/adjacency_search.h"
#include "net/adjacency/reverse_adjacency.h"

enum { BATCH = 32 };

/* A synapse of a batch. */
typedef struct {
    const rw_projection *projection;
    rw_adjacency *adjacency;
    uint64_t cell;
    uint32_t number;
    uint64_t source, place;
    size_t index; /* in the list */
} candidate;

static void locate_of_axons(candidate *batch, size_t n) {
    for (candidate *it = batch; it < batch + n; it++)
        rw_adjacency_prefetch_row(it->adjacency, it->cell);
    for (candidate *it = batch; it < batch + n; it++)
        rw_adjacency_prefetch_number(it->adjacency, it->cell, it->number);
    for (candidate *it = batch; it < batch + n; it++) {
        it->source = it->cell;
        it->place = rw_adjacency_select(it->adjacency, it->source, it->number);
        __builtin_prefetch(it->adjacency->synapses + it->place);
        __builtin_prefetch(it->adjacency->serials + it->place);
    }
}

static void locate_of_dendrites(candidate *batch, size_t n) {
    for (candidate *it = batch; it < batch + n; it++)
        rw_reverse_adjacency_prefetch_list(&it->adjacency->reverse, (uint32_t)it->cell);
    for (candidate *it = batch; it < batch + n; it++)
        rw_reverse_adjacency_prefetch_number(&it->adjacency->reverse, (uint32_t)it->cell, it->number);
    for (candidate *it = batch; it < batch + n; it++) {
        uint32_t number;
        rw_reverse_adjacency_find(&it->adjacency->reverse, (uint32_t)it->cell, it->number, &it->source, &number);
        rw_adjacency_prefetch_row(it->adjacency, it->source);
    }
    for (candidate *it = batch; it < batch + n; it++) {
        uint64_t end =
            it->source + ((uint64_t)1 << it->adjacency->reverse.shift); /* all of these may have to be asked */
        for (uint64_t source = it->source; source < end && source < it->adjacency->n_sources; source++)
            rw_adjacency_prefetch(it->adjacency, source, (uint32_t)it->cell);
    }
    for (candidate *it = batch; it < batch + n; it++) {
        it->place = rw_adjacency_select_incoming(it->adjacency, (uint32_t)it->cell, it->number, &it->source);
        __builtin_prefetch(it->adjacency->serials + it->place);
    }
}

/* What rw_structure_describe is told. */
typedef struct {
    const rw_structure *structure;
    const rw_numbered_synapse *synapses;
    size_t n;
    bool onto;
    uint64_t step;
    rw_breaking *breaking;
} description;

static void describe(const description *work, const candidate *it, int thread) {
    const rw_network *network = work->structure->network;
    const rw_projection *projection = it->projection;
    rw_structure_settle(work->structure, projection, thread, it->source, work->step);
    uint64_t source_gid = network->populations[projection->source].first_gid + it->source;
    uint64_t first = rw_partition_thread_slice(&network->partition, projection->n_targets, thread).begin;
    work->breaking[it->index].place = it->place;
    work->breaking[it->index].event = (rw_edge_event){
        .step = work->step,
        .projection = projection->index,
        .created = false,
        .cause = work->onto ? RW_CAUSE_RETRACTION_DENDRITE : RW_CAUSE_RETRACTION_AXON,
        .uid = source_gid << 32 | it->adjacency->serials[it->place],
        .source = it->source,
        .target = first + rw_packed_target(projection->packing, it->adjacency->synapses[it->place].packed),
        .weight = it->adjacency->synapses[it->place].weight,
        .delay_steps = projection->min_delay,
        .born_step = rw_structure_birth(work->structure, projection, thread, it->place),
    };
}

/* Those that a thread has. */
static rw_err describe_own(void *context, int thread) {
    const description *work = context;
    candidate batch[BATCH];
    for (size_t k = 0; k < work->n;) {
        size_t n = 0;
        for (; k < work->n && n < BATCH; k++) {
            const rw_numbered_synapse *synapse = &work->synapses[k];
            const rw_projection *projection = &work->structure->network->projections[synapse->projection];
            batch[n] = (candidate){.projection = projection,
                                   .adjacency = &projection->adjacency[thread],
                                   .cell = synapse->cell,
                                   .number = synapse->number,
                                   .index = k};
            n += synapse->thread == thread;
        }
        if (work->onto)
            locate_of_dendrites(batch, n);
        else
            locate_of_axons(batch, n);
        for (candidate *it = batch; it < batch + n; it++)
            describe(work, it, thread);
    }
    return RW_OK;
}

rw_err rw_structure_describe(const rw_structure *structure, const rw_numbered_synapse *synapses, size_t n, bool onto,
                             uint64_t step, rw_breaking *breaking) {
    description work = {
        .structure = structure, .synapses = synapses, .n = n, .onto = onto, .step = step, .breaking = breaking};
    return n > 0 ? rw_team_run(structure->network->partition.n_threads, describe_own, &work) : RW_OK;
}

/* Where a synapse is, and its elements. */
typedef struct {
    rw_adjacency *adjacency; /* NULL: on another rank */
    uint32_t target;         /* its place in the slice */
    uint32_t *axon, *dendrite;
} address;

static address address_of(const rw_structure *structure, const rw_edge_event *event) {
    const rw_network *network = structure->network;
    const rw_projection *projection = &network->projections[event->projection];
    rw_element side = projection->spec->inhibitory ? RW_DENDRITE_INH : RW_DENDRITE_EXC;
    int thread = rw_partition_thread_of(&network->partition, projection->n_targets, event->target);
    address it = {.axon = &structure->cells[projection->source].elements[RW_AXON].connected[event->source],
                  .dendrite = &structure->cells[projection->target].elements[side].connected[event->target]};
    if (thread >= 0) {
        it.adjacency = &projection->adjacency[thread];
        it.target = (uint32_t)(event->target -
                               rw_partition_thread_slice(&network->partition, projection->n_targets, thread).begin);
    }
    return it;
}

static void prefetch(const address *it, const rw_breaking *breaking) {
    __builtin_prefetch(it->axon);
    __builtin_prefetch(it->dendrite);
    if (it->adjacency == NULL)
        return;
    __builtin_prefetch(it->adjacency->start + breaking->event.source);
    __builtin_prefetch(it->adjacency->slots + breaking->event.source);
    __builtin_prefetch(it->adjacency->count + breaking->event.source);
    __builtin_prefetch(it->adjacency->synapses + breaking->place);
    __builtin_prefetch(it->adjacency->tombstones + breaking->place / 64);
    rw_reverse_adjacency_prefetch_list(&it->adjacency->reverse, it->target);
}

static rw_err break_one(rw_structure *structure, const address *it, const rw_breaking *breaking) {
    if (it->adjacency != NULL)
        rw_adjacency_delete(it->adjacency, breaking->event.source, breaking->place);
    --*it->axon;
    --*it->dendrite;
    rw_edge_event *event = NULL;
    RW_TRY(rw_structure_log(structure, false, &event));
    *event = breaking->event;
    return RW_OK;
}

rw_err rw_structure_break(rw_structure *structure, const rw_breaking *breaking, size_t n) {
    address batch[BATCH];
    for (size_t first = 0; first < n; first += BATCH) {
        size_t end = n - first < BATCH ? n - first : BATCH;
        for (size_t k = 0; k < end; k++) {
            batch[k] = address_of(structure, &breaking[first + k].event);
            prefetch(&batch[k], &breaking[first + k]);
        }
        for (size_t k = 0; k < end; k++)
            if (batch[k].adjacency != NULL)
                rw_reverse_adjacency_prefetch_source(&batch[k].adjacency->reverse, batch[k].target,
                                                     breaking[first + k].event.source);
        for (size_t k = 0; k < end; k++)
            RW_TRY(break_one(structure, &batch[k], &breaking[first + k]));
    }
    return RW_OK;
}
