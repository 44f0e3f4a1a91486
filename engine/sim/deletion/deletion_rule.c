#include "sim/deletion/deletion_rule.h"

#include <math.h>
#include <stdlib.h>

#include "comm/team.h"
#include "net/adjacency/adjacency.h"
#include "sim/deletion/deletion.h"
#include "sim/deletion/rare_draws.h"

typedef struct {
    double order; /* the smallest go first, where not all go */
    uint64_t key; /* random order among equals */
    rw_deletion deletion;
} selected;

/* Above a few thousand items, only the first max_count in order are kept, and none is added that comes behind them. */
typedef struct {
    selected *items;
    size_t n, capacity;
    uint64_t max_count;
    double limit; /* order of the last that was kept */
} selection;

static int by_order(const void *left, const void *right) {
    const selected *a = left, *b = right;
    if (a->order != b->order)
        return a->order < b->order ? -1 : 1;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    uint64_t uid = a->deletion.event.uid, other = b->deletion.event.uid;
    return uid < other ? -1 : uid > other;
}

static void keep_first(selection *list) {
    if (list->n > 1)
        qsort(list->items, list->n, sizeof list->items[0], by_order);
    list->n = list->n < list->max_count ? list->n : (size_t)list->max_count;
}

static rw_err add(selection *list, const selected *item) {
    const size_t few = 4096;
    if (list->n == list->capacity && list->n > few && list->n / 2 > list->max_count) {
        keep_first(list);
        list->limit = list->items[list->n - 1].order;
    }
    if (list->n == list->capacity) {
        size_t capacity = list->capacity == 0 ? 256 : 2 * list->capacity;
        RW_TRY(RW_GROW(list->items, list->capacity, capacity, "loss of synapses"));
        list->capacity = capacity;
    }
    list->items[list->n++] = *item;
    return RW_OK;
}

/* What the threads of this rank apply, and what each selects. */
typedef struct {
    const rw_connectivity_update *update;
    const rw_deletion_rule *rule;
    selection *lists;     /* [n_threads] */
    rw_rare_draws *draws; /* [n_threads] */
} rule_task;

static selected selected_of(const rule_task *task, const rw_adjacency *adjacency, uint64_t slot, uint64_t uid,
                            const rw_examined_synapse *synapse) {
    const rw_projection *projection = task->rule->projection;
    return (selected){.order = task->rule->weight_order * fabs(synapse->weight),
                      .key = (uint64_t)synapse->bits.word[1] << 32 | synapse->bits.word[2],
                      .deletion.slot = slot,
                      .deletion.event = {.time = task->update->time,
                                         .projection = projection->index,
                                         .cause = task->rule->cause,
                                         .uid = uid,
                                         .source = synapse->source,
                                         .target = synapse->target,
                                         .weight = adjacency->synapses[slot].weight,
                                         .delay_steps = projection->min_delay,
                                         .born_time = task->update->time - synapse->age}};
}

/* Applies the rule to a synapse, and lists it if it is selected. */
static rw_err examine(const rule_task *task, int thread, uint64_t slot, rw_examined_synapse *synapse) {
    const rw_connectivity_update *update = task->update;
    const rw_deletion_rule *rule = task->rule;
    const rw_network *network = update->network;
    const rw_projection *projection = rule->projection;
    const rw_adjacency *adjacency = &projection->adjacency[thread];
    uint64_t first = rw_partition_thread_slice(&network->partition, projection->n_targets, thread).begin;
    uint64_t source_gid = network->populations[projection->source].first_gid + synapse->source;
    synapse->serial = adjacency->serials[slot];
    synapse->target = first + rw_packed_target(projection->packing, adjacency->synapses[slot].packed);
    synapse->weight = rw_projection_weight(&network->partition, projection, thread, adjacency->synapses[slot]);
    synapse->age = update->time - rw_synapse_birth(update->structure->spec, projection, thread, slot);
    if (!rule->selects(rule, synapse) || rule->weight_order * fabs(synapse->weight) > task->lists[thread].limit)
        return RW_OK;
    if (rule->max_probability >= 1.0) /* which of several go first is random all the same */
        synapse->bits = rw_draw3(rule->stream, (uint32_t)source_gid, synapse->serial, rw_update_number(update));
    selected item = selected_of(task, adjacency, slot, source_gid << 32 | synapse->serial, synapse);
    return add(&task->lists[thread], &item);
}

/* The same for those synapses of a row whose rare draw succeeds. */
static rw_err examine_rare(const rule_task *task, int thread, uint64_t source, uint64_t begin, uint64_t end) {
    const rw_deletion_rule *rule = task->rule;
    const rw_adjacency *adjacency = &rule->projection->adjacency[thread];
    uint32_t gid = (uint32_t)(task->update->network->populations[rule->projection->source].first_gid + source);
    rw_rare_draws *draws = &task->draws[thread];
    RW_TRY(rw_rare_draws_of_row(draws, gid, adjacency->serials + begin, end - begin));
    for (size_t k = 0; k < draws->n_found; k++) {
        uint64_t slot = begin + draws->found[k];
        rw_examined_synapse synapse = {.source = source};
        if (!rw_adjacency_is_live(adjacency, slot))
            continue;
        synapse.bits = rw_draw3(rule->stream, gid, adjacency->serials[slot], rw_update_number(task->update));
        RW_TRY(examine(task, thread, slot, &synapse));
    }
    return RW_OK;
}

static rw_err examine_row(const rule_task *task, int thread, uint64_t source) {
    const rw_adjacency *adjacency = &task->rule->projection->adjacency[thread];
    uint64_t begin = rw_adjacency_start(adjacency, source), end = rw_adjacency_end(adjacency, source);
    rw_synchronise_row(task->update, task->rule->projection, thread, source);
    if (task->rule->max_probability < 1.0)
        return examine_rare(task, thread, source, begin, end);
    for (uint64_t slot = begin; slot < end; slot++) {
        rw_examined_synapse synapse = {.source = source};
        if (rw_adjacency_is_live(adjacency, slot))
            RW_TRY(examine(task, thread, slot, &synapse));
    }
    return RW_OK;
}

static rw_err examine_rows(void *context, int thread) {
    const rule_task *task = context;
    task->lists[thread] = (selection){.max_count = task->rule->max_count, .limit = INFINITY};
    task->draws[thread] = (rw_rare_draws){.stream = task->rule->rare_stream,
                                          .update = rw_update_number(task->update),
                                          .failure_log = log1p(-task->rule->max_probability)};
    for (uint64_t source = 0; source < task->rule->projection->adjacency[thread].n_sources; source++)
        RW_TRY(examine_row(task, thread, source));
    return RW_OK;
}

/* The lists of all threads in one. */
static rw_err gather(selection *all, const selection *lists, int n_threads) {
    for (int t = 0; t < n_threads; t++)
        for (size_t k = 0; k < lists[t].n; k++)
            RW_TRY(add(all, &lists[t].items[k]));
    return RW_OK;
}

/* What the threads of this rank select. */
static rw_err select_here(selection *here, const rw_connectivity_update *update, const rw_deletion_rule *rule) {
    int n_threads = update->network->partition.n_threads;
    rule_task task = {.update = update, .rule = rule};
    RW_TRY(RW_NEW(task.lists, (size_t)n_threads, "loss of synapses"));
    rw_err err = RW_NEW(task.draws, (size_t)n_threads, "loss of synapses");
    if (err == RW_OK)
        err = rw_team_run(n_threads, examine_rows, &task);
    if (err == RW_OK)
        err = gather(here, task.lists, n_threads);
    for (int t = 0; t < n_threads; t++) {
        rw_free(task.lists[t].items);
        if (task.draws != NULL)
            rw_rare_draws_destroy(&task.draws[t]);
    }
    rw_free(task.lists);
    rw_free(task.draws);
    return err;
}

/* What all ranks select, in order, at most max_count: deletions [*n], to be freed. */
static rw_err select_all(const rw_connectivity_update *update, const rw_deletion_rule *rule, rw_deletion **deletions,
                         size_t *n) {
    const rw_comm *comm = update->network->partition.comm;
    selection here = {.max_count = rule->max_count, .limit = INFINITY}, all = {.max_count = rule->max_count};
    rw_err err = rw_comm_agree(comm, select_here(&here, update, rule));
    keep_first(&here);
    if (err == RW_OK)
        err = rw_comm_share(comm, here.items, here.n, sizeof here.items[0], &all.items, &all.n);
    rw_free(here.items);
    keep_first(&all);
    if (err == RW_OK)
        err = RW_NEW(*deletions, all.n, "loss of synapses");
    for (size_t k = 0; err == RW_OK && k < all.n; k++)
        (*deletions)[k] = all.items[k].deletion;
    *n = all.n;
    rw_free(all.items);
    return rw_comm_agree(comm, err);
}

static void delete_element(rw_elements *elements, uint64_t id) {
    elements->z[id] = elements->z[id] > 1.0 ? elements->z[id] - 1.0 : 0.0;
}

rw_err rw_delete_by_rule(const rw_connectivity_update *update, const rw_deletion_rule *rule) {
    rw_deletion *deletions = NULL;
    size_t n = 0;
    rw_err err = select_all(update, rule, &deletions, &n);
    if (err == RW_OK)
        err = rw_comm_agree(update->network->partition.comm, rw_delete_synapses(update, deletions, n));
    for (size_t k = 0; err == RW_OK && k < n; k++) {
        if (rule->deletes_axon)
            delete_element(rw_structure_axons(update->structure, rule->projection), deletions[k].event.source);
        if (rule->deletes_dendrite)
            delete_element(rw_structure_dendrites(update->structure, rule->projection), deletions[k].event.target);
    }
    rw_free(deletions);
    return err;
}
