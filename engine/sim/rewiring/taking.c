#include "sim/rewiring/taking.h"

#include <math.h>
#include <stdlib.h>

#include "sim/rewiring/breaking.h"

typedef struct {
    double order; /* the smallest go first, where not all go */
    uint64_t key; /* by chance among equals */
    rw_breaking breaking;
} loss;

/* Items; of more than a few thousand only the first `most` in order are kept. */
typedef struct {
    loss *items;
    size_t n, size;
    uint64_t most;
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
    if (list->n == list->size && list->n > few && list->n / 2 > list->most)
        keep_first(list);
    if (list->n == list->size) {
        size_t size = list->size == 0 ? 256 : 2 * list->size;
        RW_TRY(RW_GROW(list->items, list->size, size, "loss of synapses"));
        list->size = size;
    }
    list->items[list->n++] = *item;
    return RW_OK;
}

/* Asks the synapses of one source's row. */
static rw_err ask_row(loss_list *list, const rw_structure *structure, const rw_taking *taking, int thread,
                      uint64_t source) {
    const rw_network *network = structure->network;
    const rw_projection *projection = taking->projection;
    const rw_rows *rows = &projection->rows[thread];
    uint64_t first = rw_network_thread_slice(network, projection->target, thread).begin;
    uint64_t source_gid = network->populations[projection->source].first_gid + source;
    uint32_t update = (uint32_t)(taking->step / structure->spec->every_steps);
    rw_structure_settle(structure, projection, thread, source, taking->step);
    for (uint64_t place = rw_rows_start(rows, source), end = rw_rows_end(rows, source); place < end; place++) {
        if (!rw_rows_holds(rows, place))
            continue;
        uint64_t born_step = rw_structure_birth(structure, projection, thread, place);
        rw_taken synapse = {.source = source,
                            .serial = rows->serials[place],
                            .target = first + rw_word_target(projection->layout, rows->synapses[place].word),
                            .weight = rw_synapse_weight(network, projection, thread, place),
                            .age_step = taking->step - born_step,
                            .bits = rw_draw3(taking->stream, (uint32_t)source_gid, rows->serials[place], update)};
        if (!taking->goes(taking, &synapse))
            continue;
        loss item = {.order = fabs(synapse.weight),
                     .key = (uint64_t)synapse.bits.word[1] << 32 | synapse.bits.word[2],
                     .breaking.place = place,
                     .breaking.event = {.step = taking->step,
                                        .projection = projection->index,
                                        .cause = taking->cause,
                                        .uid = source_gid << 32 | rows->serials[place],
                                        .source = source,
                                        .target = synapse.target,
                                        .weight = rows->synapses[place].weight,
                                        .delay_steps = projection->min_delay,
                                        .born_step = born_step}};
        RW_TRY(add(list, &item));
    }
    return RW_OK;
}

static rw_err ask_rows(loss_list *list, const rw_structure *structure, const rw_taking *taking) {
    for (int t = 0; t < structure->network->n_threads; t++)
        for (uint64_t source = 0; source < taking->projection->rows[t].n_sources; source++)
            RW_TRY(ask_row(list, structure, taking, t, source));
    return RW_OK;
}

/* The first `most` of the answers of all ranks, in order. */
static rw_err ask(loss_list *list, const rw_structure *structure, const rw_taking *taking) {
    const rw_comm *comm = structure->network->comm;
    loss_list mine = {.most = taking->most};
    rw_err err = rw_comm_agree(comm, ask_rows(&mine, structure, taking));
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
    loss_list list = {0};
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
