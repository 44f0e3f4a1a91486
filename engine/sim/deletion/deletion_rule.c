#include "sim/deletion/deletion_rule.h"

#include <math.h>
#include <stdlib.h>

#include "base/philox_batch.h"
#include "comm/team.h"
#include "net/adjacency/adjacency.h"
#include "sim/deletion/deletion.h"

enum { AT_ONCE = 256 }; /* places of a row whose draws are made together */

typedef struct {
    double order; /* the smallest go first, where not all go */
    uint64_t key; /* by chance among equals */
    rw_breaking breaking;
} loss;

/* Items; of more than a few thousand only the first `most` in order are kept, and none added that comes behind them. */
typedef struct {
    loss *items;
    size_t n, size;
    uint64_t most;
    double limit; /* order of the last that was kept */
} loss_list;

static int by_order(const void *left, const void *right) {
    const loss *a = left, *b = right;
    if (a->order != b->order)
        return a->order < b->order ? -1 : 1;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    uint64_t uid = a->breaking.event.uid, other = b->breaking.event.uid;
    return uid < other ? -1 : uid > other;
}

static void keep_first(loss_list *list) {
    if (list->n > 1)
        qsort(list->items, list->n, sizeof list->items[0], by_order);
    list->n = list->n < list->most ? list->n : (size_t)list->most;
}

static rw_err add(loss_list *list, const loss *item) {
    const size_t few = 4096;
    if (list->n == list->size && list->n > few && list->n / 2 > list->most) {
        keep_first(list);
        list->limit = list->items[list->n - 1].order;
    }
    if (list->n == list->size) {
        size_t size = list->size == 0 ? 256 : 2 * list->size;
        RW_TRY(RW_GROW(list->items, list->size, size, "loss of synapses"));
        list->size = size;
    }
    list->items[list->n++] = *item;
    return RW_OK;
}

/* What the threads of this rank ask, and the answers of each. */
typedef struct {
    const rw_structure *structure;
    const rw_taking *taking;
    uint32_t update;
    loss_list *lists; /* [n_threads] */
} asking;

static loss loss_of(const rw_taking *taking, const rw_adjacency *adjacency, uint64_t place, uint64_t uid,
                    const rw_taken *it) {
    const rw_projection *projection = taking->projection;
    return (loss){.order = fabs(it->weight),
                  .key = (uint64_t)it->bits.word[1] << 32 | it->bits.word[2],
                  .breaking.place = place,
                  .breaking.event = {.step = taking->step,
                                     .projection = projection->index,
                                     .cause = taking->cause,
                                     .uid = uid,
                                     .source = it->source,
                                     .target = it->target,
                                     .weight = adjacency->synapses[place].weight,
                                     .delay_steps = projection->min_delay,
                                     .born_step = taking->step - it->age_step}};
}

/* Asks a synapse, and lists it if it goes. */
static rw_err ask_one(const asking *of, int thread, uint64_t place, rw_taken *it) {
    const rw_structure *structure = of->structure;
    const rw_taking *taking = of->taking;
    const rw_network *network = structure->network;
    const rw_projection *projection = taking->projection;
    const rw_adjacency *adjacency = &projection->adjacency[thread];
    uint64_t first = rw_partition_thread_slice(&network->partition, projection->n_targets, thread).begin;
    uint64_t source_gid = network->populations[projection->source].first_gid + it->source;
    it->serial = adjacency->serials[place];
    it->target = first + rw_packed_target(projection->packing, adjacency->synapses[place].packed);
    it->weight = rw_projection_weight(&network->partition, projection, thread, place);
    it->age_step = taking->step - rw_structure_birth(structure, projection, thread, place);
    if (!taking->goes(taking, it) || fabs(it->weight) > of->lists[thread].limit)
        return RW_OK;
    if (taking->chance >= 1.0) /* which of several go first is */
        it->bits = rw_draw3(taking->stream, (uint32_t)source_gid, it->serial, of->update);
    loss item = loss_of(taking, adjacency, place, source_gid << 32 | it->serial, it);
    return add(&of->lists[thread], &item);
}

/* The same for places [begin, end) of a row, at most AT_ONCE. Few go by chance, as a rule: most are left at their draw.
 */
static rw_err ask_some(const asking *of, int thread, uint64_t source, uint64_t begin, uint64_t end) {
    uint32_t bits[4][AT_ONCE];
    const rw_taking *taking = of->taking;
    const rw_projection *projection = taking->projection;
    const rw_adjacency *adjacency = &projection->adjacency[thread];
    uint64_t source_gid = of->structure->network->populations[projection->source].first_gid + source;
    bool by_chance = taking->chance < 1.0;
    if (by_chance)
        rw_draw3_for_each(taking->stream, (uint32_t)source_gid, adjacency->serials + begin, of->update, end - begin,
                          (uint32_t *const[4]){bits[0], bits[1], bits[2], bits[3]});
    for (uint64_t place = begin, k = 0; place < end; place++, k++) {
        if ((by_chance && rw_uniform32(bits[0][k]) >= taking->chance) || !rw_adjacency_is_live(adjacency, place))
            continue;
        rw_taken it = {.source = source};
        if (by_chance)
            it.bits = (rw_bits){{bits[0][k], bits[1][k], bits[2][k], bits[3][k]}};
        RW_TRY(ask_one(of, thread, place, &it));
    }
    return RW_OK;
}

static rw_err ask_row(const asking *of, int thread, uint64_t source) {
    const rw_adjacency *adjacency = &of->taking->projection->adjacency[thread];
    rw_structure_settle(of->structure, of->taking->projection, thread, source, of->taking->step);
    for (uint64_t place = rw_adjacency_start(adjacency, source), end = rw_adjacency_end(adjacency, source), stop;
         place < end; place = stop) {
        stop = end - place < AT_ONCE ? end : place + AT_ONCE;
        RW_TRY(ask_some(of, thread, source, place, stop));
    }
    return RW_OK;
}

static rw_err ask_rows(void *context, int thread) {
    const asking *of = context;
    const rw_taking *taking = of->taking;
    of->lists[thread] = (loss_list){.most = taking->most, .limit = INFINITY};
    for (uint64_t source = 0; source < taking->projection->adjacency[thread].n_sources; source++)
        RW_TRY(ask_row(of, thread, source));
    return RW_OK;
}

/* The answers of all threads in one list. */
static rw_err gather(loss_list *all, const loss_list *lists, int n_threads) {
    for (int t = 0; t < n_threads; t++)
        for (size_t k = 0; k < lists[t].n; k++)
            RW_TRY(add(all, &lists[t].items[k]));
    return RW_OK;
}

/* The first `most` of the answers of this rank. */
static rw_err ask_threads(loss_list *mine, const rw_structure *structure, const rw_taking *taking) {
    int n_threads = structure->network->partition.n_threads;
    asking of = {
        .structure = structure, .taking = taking, .update = (uint32_t)(taking->step / structure->spec->every_steps)};
    RW_TRY(RW_NEW(of.lists, (size_t)n_threads, "loss of synapses"));
    rw_err err = rw_team_run(n_threads, ask_rows, &of);
    if (err == RW_OK)
        err = gather(mine, of.lists, n_threads);
    for (int t = 0; t < n_threads; t++)
        rw_free(of.lists[t].items);
    rw_free(of.lists);
    return err;
}

/* The first `most` of the answers of all ranks, in order. */
static rw_err ask(loss_list *list, const rw_structure *structure, const rw_taking *taking) {
    const rw_comm *comm = structure->network->partition.comm;
    loss_list mine = {.most = taking->most, .limit = INFINITY};
    rw_err err = rw_comm_agree(comm, ask_threads(&mine, structure, taking));
    keep_first(&mine);
    if (err == RW_OK)
        err = rw_comm_share(comm, mine.items, mine.n, sizeof mine.items[0], &list->items, &list->n);
    rw_free(mine.items);
    list->most = taking->most;
    keep_first(list);
    return err;
}

static void take_element(rw_elements *elements, uint64_t id) {
    elements->z[id] = elements->z[id] > 1.0 ? elements->z[id] - 1.0 : 0.0;
}

rw_err rw_structure_take(rw_structure *structure, const rw_taking *taking) {
    const rw_projection *projection = taking->projection;
    rw_element side = projection->spec->inhibitory ? RW_DENDRITE_INH : RW_DENDRITE_EXC;
    loss_list list = {.limit = INFINITY};
    rw_err err = ask(&list, structure, taking);
    for (size_t k = 0; k < list.n && err == RW_OK; k++) {
        const rw_edge_event *event = &list.items[k].breaking.event;
        if (taking->takes_axon)
            take_element(&structure->cells[projection->source].elements[RW_AXON], event->source);
        if (taking->takes_dendrite)
            take_element(&structure->cells[projection->target].elements[side], event->target);
        err = rw_structure_break(structure, &list.items[k].breaking, 1);
    }
    rw_free(list.items);
    return err;
}
