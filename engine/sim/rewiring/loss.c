/* Synapses that are lost for other reasons than retraction: by chance, weak ones sooner, and under stress, the weakest
 * first. The dendritic element, the spine, goes with its synapse; the axon's stays and is vacant.
 *
 * Every rank looks at the synapses onto its own cells; the losses are shared and made by all. */
#include <math.h>
#include <stdlib.h>

#include "sim/rewiring/structure.h"

typedef struct {
    double order; /* the smallest go first, where not all go */
    uint64_t key; /* by chance among equals */
    rw_edge_event event;
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
    return a->event.uid < b->event.uid ? -1 : a->event.uid > b->event.uid;
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

/* What is asked of every synapse of a projection. */
typedef struct {
    const rw_structure *structure;
    const rw_projection *projection;
    uint64_t step;
    double interval_ms;
    rw_stream stream;
    bool by_chance; /* else all are candidates, ordered by weight */
} inquiry;

/* Whether a synapse is lost by chance in the interval: hazard h0 exp(-|w| / w0). */
static bool is_lost(const inquiry *q, double weight, uint32_t word) {
    const rw_loss_spec *spec = &q->projection->spec->loss;
    double hazard = spec->rate_per_ms * rw_exp(-fabs(weight) / spec->weight);
    return rw_uniform32(word) < -expm1(-hazard * q->interval_ms);
}

static rw_err ask_row(loss_list *list, const inquiry *q, int thread, uint64_t source) {
    const rw_network *network = q->structure->network;
    const rw_projection *projection = q->projection;
    const rw_rows *rows = &projection->rows[thread];
    uint64_t first = rw_network_thread_slice(network, projection->target, thread).begin;
    uint64_t source_gid = network->populations[projection->source].first_gid + source;
    uint32_t update = (uint32_t)(q->step / q->structure->spec->every_steps);
    rw_structure_settle(q->structure, projection, thread, source, q->step);
    for (uint64_t place = rw_rows_start(rows, source), end = rw_rows_end(rows, source); place < end; place++) {
        if (!rw_rows_holds(rows, place))
            continue;
        double weight = rw_synapse_weight(network, projection, thread, place);
        rw_bits bits = rw_draw3(q->stream, (uint32_t)source_gid, rows->serials[place], update);
        if (q->by_chance && !is_lost(q, weight, bits.word[0]))
            continue;
        loss item = {.order = fabs(weight),
                     .key = (uint64_t)bits.word[1] << 32 | bits.word[2],
                     .event = {.step = q->step,
                               .projection = projection->index,
                               .cause = q->by_chance ? RW_CAUSE_LOSS : RW_CAUSE_STRESS,
                               .uid = source_gid << 32 | rows->serials[place],
                               .source = source,
                               .target = first + rw_word_target(projection->layout, rows->synapses[place].word),
                               .weight = rows->synapses[place].weight,
                               .delay_steps = projection->min_delay}};
        RW_TRY(add(list, &item));
    }
    return RW_OK;
}

static rw_err ask_rows(loss_list *list, const inquiry *q) {
    for (int t = 0; t < q->structure->network->n_threads; t++)
        for (uint64_t source = 0; source < q->projection->rows[t].n_sources; source++)
            RW_TRY(ask_row(list, q, t, source));
    return RW_OK;
}

/* The first `most` of the answers of all ranks, in order. */
static rw_err ask(loss_list *list, const inquiry *q, uint64_t most) {
    const rw_comm *comm = q->structure->network->comm;
    loss_list mine = {.most = most};
    rw_err err = rw_comm_agree(comm, ask_rows(&mine, q));
    keep_first(&mine);
    if (err == RW_OK)
        err = rw_comm_share(comm, mine.items, mine.n, sizeof mine.items[0], &list->items, &list->n);
    rw_free(mine.items);
    list->most = most;
    keep_first(list);
    return err;
}

static rw_err lose(rw_structure *structure, const rw_edge_event *event) {
    const rw_projection *projection = &structure->network->projections[event->projection];
    rw_element side = projection->spec->inhibitory ? RW_DENDRITE_INH : RW_DENDRITE_EXC;
    double *z = structure->cells[projection->target].elements[side].z;
    z[event->target] = z[event->target] > 1.0 ? z[event->target] - 1.0 : 0.0;
    return rw_structure_break(structure, event);
}

static rw_err lose_all(rw_structure *structure, const inquiry *q, uint64_t most) {
    loss_list list = {0};
    rw_err err = ask(&list, q, most);
    for (size_t k = 0; k < list.n && err == RW_OK; k++)
        err = lose(structure, &list.items[k].event);
    rw_free(list.items);
    return err;
}

/* How many synapses stress takes in one interval: so many that `fraction` are gone at the end, if none form. The part
 * of a synapse that is left over is taken by chance. */
static rw_err stress_share(const inquiry *q, uint64_t *n) {
    const rw_stress_spec *stress = &q->projection->spec->stress;
    const rw_structure *structure = q->structure;
    uint64_t total = 0;
    RW_TRY(rw_projection_total(structure->network, q->projection, &total));
    double intervals = (double)(stress->until_step - stress->from_step) / (double)structure->spec->every_steps;
    double expected = -expm1(log1p(-stress->fraction) / intervals) * (double)total;
    rw_bits bits = rw_draw3(q->stream, UINT32_MAX, UINT32_MAX, (uint32_t)(q->step / structure->spec->every_steps));
    *n = (uint64_t)(expected + rw_uniform32(bits.word[3]));
    return RW_OK;
}

rw_err rw_structure_lose(rw_structure *structure, uint64_t step) {
    const rw_network *network = structure->network;
    for (uint32_t p = 0; p < network->n_projections; p++) {
        const rw_projection_spec *spec = network->projections[p].spec;
        inquiry q = {.structure = structure,
                     .projection = &network->projections[p],
                     .step = step,
                     .interval_ms = rw_structure_interval_ms(structure),
                     .stream = rw_stream_of(network->scenario->seed, RW_PURPOSE_LOSS, p),
                     .by_chance = true};
        if (spec->loss.rate_per_ms > 0.0)
            RW_TRY(lose_all(structure, &q, UINT64_MAX));
        bool stressed = spec->stress.fraction > 0.0 && step > spec->stress.from_step && step <= spec->stress.until_step;
        if (!stressed)
            continue;
        uint64_t n = 0;
        q.by_chance = false;
        RW_TRY(stress_share(&q, &n));
        if (n > 0)
            RW_TRY(lose_all(structure, &q, n));
    }
    return RW_OK;
}
