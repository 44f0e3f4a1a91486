/* Cells with more connected than grown elements break synapses: which ones, is drawn uniformly among the cell's own.
 *
 * Every synapse draws a key; the smallest keys go. So the choice needs no list of a cell's synapses in some order, and
 * is the same for any layout. First axons break theirs, then dendrites what is still too much for them. The element on
 * the other side stays and is vacant.
 *
 * Ranks tell each other which cells have surplus, look for candidates among the synapses onto their own cells, and
 * share those; then all see the same list and break the same synapses. */
#include <math.h>
#include <stdlib.h>

#include "sim/rewiring/structure.h"

typedef struct {
    uint64_t cell; /* that must break a synapse, inside its population */
    uint64_t key;
    uint32_t projection;
    uint32_t serial;
    uint64_t source, target;
    float weight;
} candidate;

typedef struct {
    candidate *items;
    size_t n, size;
} candidate_list;

static rw_err add(candidate_list *list, candidate item) {
    if (list->n == list->size) {
        size_t size = list->size == 0 ? 256 : 2 * list->size;
        RW_TRY(RW_GROW(list->items, list->size, size, "retraction"));
        list->size = size;
    }
    list->items[list->n++] = item;
    return RW_OK;
}

static int by_cell_and_key(const void *left, const void *right) {
    const candidate *a = left, *b = right;
    if (a->cell != b->cell)
        return a->cell < b->cell ? -1 : 1;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    if (a->projection != b->projection)
        return a->projection < b->projection ? -1 : 1;
    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    return a->serial < b->serial ? -1 : a->serial > b->serial;
}

static uint32_t surplus_of(const rw_elements *elements, uint64_t id) {
    double surplus = elements->connected[id] - floor(elements->z[id]);
    return surplus > 0.0 ? (uint32_t)surplus : 0;
}

/* A cell that must break synapses, and how many. */
typedef struct {
    uint64_t cell;
    uint64_t surplus;
} debtor;

/* The debtors of all ranks, ascending. */
static rw_err find_debtors(const rw_network *network, uint32_t population, const rw_elements *elements,
                           debtor **debtors, size_t *n_debtors) {
    rw_slice own = rw_network_own_slice(network, population);
    debtor *mine = NULL;
    size_t n = 0;
    for (uint64_t i = own.begin; i < own.end; i++)
        n += surplus_of(elements, i) > 0;
    RW_TRY(RW_NEW(mine, n, "retraction"));
    n = 0;
    for (uint64_t i = own.begin; i < own.end; i++)
        if (surplus_of(elements, i) > 0)
            mine[n++] = (debtor){.cell = i, .surplus = surplus_of(elements, i)};
    rw_err err = rw_comm_share(network->comm, mine, n, sizeof *mine, debtors, n_debtors);
    rw_free(mine);
    return err;
}

/* What one search for candidates is about. */
typedef struct {
    const rw_structure *structure;
    uint32_t population;
    rw_element element;
    uint64_t step;
    const debtor *debtors;
    size_t n_debtors;
} search;

static bool concerns(const search *s, const rw_projection *projection) {
    if (!projection->spec->structural)
        return false;
    if (s->element == RW_AXON)
        return projection->source == s->population;
    rw_element side = projection->spec->inhibitory ? RW_DENDRITE_INH : RW_DENDRITE_EXC;
    return projection->target == s->population && side == s->element;
}

/* Adds the synapses of one source's row that belong to a cell with surplus: the source itself, or targets. */
static rw_err add_row(candidate_list *list, const search *s, const rw_projection *projection, int thread,
                      uint64_t source) {
    const rw_network *network = s->structure->network;
    const rw_rows *rows = &projection->rows[thread];
    const rw_elements *elements = &s->structure->cells[s->population].elements[s->element];
    uint64_t first = rw_network_thread_slice(network, projection->target, thread).begin;
    uint32_t source_gid = (uint32_t)(network->populations[projection->source].first_gid + source);
    uint32_t update = (uint32_t)(s->step / s->structure->spec->every_steps);
    rw_stream stream = rw_stream_of(network->scenario->seed, RW_PURPOSE_RETRACT,
                                    projection->index * RW_ELEMENT_KINDS + (uint32_t)s->element);
    for (uint64_t place = rw_rows_start(rows, source), end = rw_rows_end(rows, source); place < end; place++) {
        if (!rw_rows_holds(rows, place))
            continue;
        uint64_t target = first + rw_word_target(projection->layout, rows->synapses[place].word);
        uint64_t cell = s->element == RW_AXON ? source : target;
        if (s->element != RW_AXON && surplus_of(elements, cell) == 0)
            continue;
        rw_structure_settle(s->structure, projection, thread, source, s->step);
        rw_bits bits = rw_draw3(stream, source_gid, rows->serials[place], update);
        RW_TRY(add(list, (candidate){.cell = cell,
                                     .key = (uint64_t)bits.word[0] << 32 | bits.word[1],
                                     .projection = projection->index,
                                     .serial = rows->serials[place],
                                     .source = source,
                                     .target = target,
                                     .weight = rows->synapses[place].weight}));
    }
    return RW_OK;
}

static rw_err search_source(candidate_list *list, const search *s, const rw_projection *projection, uint64_t source) {
    for (int t = 0; t < s->structure->network->n_threads; t++)
        RW_TRY(add_row(list, s, projection, t, source));
    return RW_OK;
}

/* The synapses onto cells of this rank that may break. */
static rw_err find_candidates(candidate_list *list, const search *s) {
    const rw_network *network = s->structure->network;
    for (size_t p = 0; p < network->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        if (!concerns(s, projection))
            continue;
        bool of_axons = s->element == RW_AXON;
        uint64_t n = of_axons ? s->n_debtors : network->populations[projection->source].count;
        for (uint64_t k = 0; k < n; k++)
            RW_TRY(search_source(list, s, projection, of_axons ? s->debtors[k].cell : k));
    }
    return RW_OK;
}

/* Sorts the candidates, and keeps of each debtor those with the smallest keys, as many as it must break. */
static void keep_smallest(candidate_list *list, const search *s) {
    size_t kept = 0, k = 0;
    if (list->n > 1)
        qsort(list->items, list->n, sizeof list->items[0], by_cell_and_key);
    for (size_t d = 0; d < s->n_debtors; d++) {
        uint64_t left = s->debtors[d].surplus;
        for (; k < list->n && list->items[k].cell == s->debtors[d].cell; k++)
            if (left > 0) {
                list->items[kept++] = list->items[k];
                left--;
            }
    }
    list->n = kept;
}

/* Makes the candidates of every rank those of all. */
static rw_err share_candidates(candidate_list *list, const search *s) {
    candidate_list all = {0};
    keep_smallest(list, s);
    RW_TRY(rw_comm_share(s->structure->network->comm, list->items, list->n, sizeof list->items[0], &all.items, &all.n));
    rw_free(list->items);
    *list = all;
    keep_smallest(list, s);
    uint64_t owed = 0;
    for (size_t d = 0; d < s->n_debtors; d++)
        owed += s->debtors[d].surplus;
    RW_ASSERT(list->n == owed);
    return RW_OK;
}

rw_err rw_structure_break(rw_structure *structure, const rw_edge_event *event) {
    rw_network *network = structure->network;
    rw_projection *projection = &network->projections[event->projection];
    int thread = rw_network_thread_of(network, projection->target, event->target);
    if (thread >= 0) {
        uint64_t first = rw_network_thread_slice(network, projection->target, thread).begin;
        uint32_t word = (uint32_t)(event->target - first), serial = (uint32_t)event->uid;
        bool removed = rw_rows_remove(&projection->rows[thread], event->source, word, serial);
        RW_ASSERT(removed);
    }
    rw_element side = projection->spec->inhibitory ? RW_DENDRITE_INH : RW_DENDRITE_EXC;
    structure->cells[projection->source].elements[RW_AXON].connected[event->source]--;
    structure->cells[projection->target].elements[side].connected[event->target]--;
    return rw_structure_log(structure, *event);
}

static rw_err break_synapse(rw_structure *structure, const candidate *item, rw_element element, uint64_t step) {
    const rw_network *network = structure->network;
    const rw_projection *projection = &network->projections[item->projection];
    const rw_population *source = &network->populations[projection->source];
    return rw_structure_break(
        structure,
        &(rw_edge_event){.step = step,
                         .projection = item->projection,
                         .created = false,
                         .cause = element == RW_AXON ? RW_CAUSE_RETRACTION_AXON : RW_CAUSE_RETRACTION_DENDRITE,
                         .uid = (source->first_gid + item->source) << 32 | item->serial,
                         .source = item->source,
                         .target = item->target,
                         .weight = item->weight,
                         .delay_steps = projection->min_delay});
}

/* Breaks the surplus of one kind of element of one population. */
static rw_err retract(rw_structure *structure, uint32_t population, rw_element element, uint64_t step) {
    const rw_network *network = structure->network;
    const rw_elements *elements = &structure->cells[population].elements[element];
    if (elements->spec == NULL)
        return RW_OK;
    debtor *debtors = NULL;
    candidate_list list = {0};
    search s = {.structure = structure, .population = population, .element = element, .step = step};
    rw_err err = find_debtors(network, population, elements, &debtors, &s.n_debtors);
    s.debtors = debtors;
    if (err == RW_OK && s.n_debtors > 0) {
        err = rw_comm_agree(network->comm, find_candidates(&list, &s));
        if (err == RW_OK)
            err = share_candidates(&list, &s);
    }
    for (size_t k = 0; k < list.n && err == RW_OK; k++)
        err = break_synapse(structure, &list.items[k], element, step);
    rw_free(debtors);
    rw_free(list.items);
    return err;
}

static int by_projection_and_uid(const void *left, const void *right) {
    const rw_edge_event *a = left, *b = right;
    if (a->projection != b->projection)
        return a->projection < b->projection ? -1 : 1;
    return a->uid < b->uid ? -1 : a->uid > b->uid;
}

rw_err rw_structure_retract(rw_structure *structure, uint64_t step) {
    const rw_element order[] = {RW_AXON, RW_DENDRITE_EXC, RW_DENDRITE_INH};
    for (size_t e = 0; e < sizeof order / sizeof order[0]; e++)
        for (uint32_t p = 0; p < structure->network->n_populations; p++)
            RW_TRY(retract(structure, p, order[e], step));
    if (structure->n_events > 1)
        qsort(structure->events, structure->n_events, sizeof structure->events[0], by_projection_and_uid);
    return RW_OK;
}
