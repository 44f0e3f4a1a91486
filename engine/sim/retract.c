/* Cells with more connected than grown elements break synapses: which ones, is drawn uniformly among the cell's own.
 *
 * Every synapse draws a key; the smallest keys go. So the choice needs no list of a cell's synapses in some order, and
 * is the same for any layout. First axons break theirs, then dendrites what is still too much for them. The element on
 * the other side stays and is vacant. */
#include <math.h>
#include <stdlib.h>

#include "sim/structure.h"

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

static bool any_surplus(const rw_elements *elements, uint64_t count) {
    for (uint64_t i = 0; i < count; i++)
        if (surplus_of(elements, i) > 0)
            return true;
    return false;
}

/* What one search for candidates is about. */
typedef struct {
    const rw_structure *structure;
    uint32_t population;
    rw_element element;
    uint64_t step;
} search;

static bool concerns(const search *s, const rw_projection *projection) {
    if (!projection->spec->structural)
        return false;
    if (s->element == RW_AXON)
        return projection->source == s->population;
    rw_element side = projection->spec->inhibitory ? RW_DENDRITE_INH : RW_DENDRITE_EXC;
    return projection->target == s->population && side == s->element;
}

/* Adds the synapses of one source's row that belong to a cell with surplus. */
static rw_err add_row(candidate_list *list, const search *s, const rw_projection *projection, int thread,
                      uint64_t source) {
    const rw_network *network = s->structure->network;
    const rw_rows *rows = &projection->rows[thread];
    const rw_elements *elements = &s->structure->cells[s->population].elements[s->element];
    uint64_t first = rw_network_slice(network->populations[projection->target].count, thread, network->n_threads).begin;
    uint32_t source_gid = (uint32_t)(network->populations[projection->source].first_gid + source);
    uint32_t update = (uint32_t)(s->step / s->structure->spec->every_steps);
    rw_stream stream = rw_stream_of(network->scenario->seed, RW_PURPOSE_RETRACT,
                                    projection->index * RW_ELEMENT_KINDS + (uint32_t)s->element);
    for (uint32_t k = 0; k < rows->length[source]; k++) {
        uint64_t place = rows->start[source] + k;
        uint64_t target = first + rw_word_target(projection->layout, rows->synapses[place].word);
        uint64_t cell = s->element == RW_AXON ? source : target;
        if (surplus_of(elements, cell) == 0)
            continue;
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

static rw_err find_candidates(candidate_list *list, const search *s) {
    const rw_network *network = s->structure->network;
    const rw_elements *elements = &s->structure->cells[s->population].elements[s->element];
    for (size_t p = 0; p < network->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        if (!concerns(s, projection))
            continue;
        for (uint64_t source = 0; source < network->populations[projection->source].count; source++) {
            if (s->element == RW_AXON && surplus_of(elements, source) == 0)
                continue;
            for (int t = 0; t < network->n_threads; t++)
                RW_TRY(add_row(list, s, projection, t, source));
        }
    }
    qsort(list->items, list->n, sizeof list->items[0], by_cell_and_key);
    return RW_OK;
}

static rw_err break_synapse(rw_structure *structure, const candidate *item, rw_element element, uint64_t step) {
    rw_network *network = structure->network;
    rw_projection *projection = &network->projections[item->projection];
    const rw_population *source = &network->populations[projection->source];
    const rw_population *target = &network->populations[projection->target];
    int owner = rw_network_owner(target->count, item->target, network->n_threads);
    bool removed = rw_rows_remove(&projection->rows[owner], item->source, item->serial);
    RW_ASSERT(removed);
    rw_element side = projection->spec->inhibitory ? RW_DENDRITE_INH : RW_DENDRITE_EXC;
    structure->cells[projection->source].elements[RW_AXON].connected[item->source]--;
    structure->cells[projection->target].elements[side].connected[item->target]--;
    return rw_structure_log(structure, (rw_edge_event){.step = step,
                                                       .projection = item->projection,
                                                       .created = false,
                                                       .cause = element == RW_AXON ? RW_CAUSE_RETRACTION_AXON
                                                                                   : RW_CAUSE_RETRACTION_DENDRITE,
                                                       .uid = (source->first_gid + item->source) << 32 | item->serial,
                                                       .source = item->source,
                                                       .target = item->target,
                                                       .weight = item->weight,
                                                       .delay_steps = projection->min_delay});
}

/* Breaks the surplus of one kind of element of one population. */
static rw_err retract(rw_structure *structure, uint32_t population, rw_element element, uint64_t step) {
    const rw_elements *elements = &structure->cells[population].elements[element];
    if (elements->spec == NULL || !any_surplus(elements, structure->network->populations[population].count))
        return RW_OK;
    candidate_list list = {0};
    search s = {.structure = structure, .population = population, .element = element, .step = step};
    rw_err err = find_candidates(&list, &s);
    for (size_t k = 0; k < list.n && err == RW_OK;) {
        uint64_t cell = list.items[k].cell;
        for (uint32_t left = surplus_of(elements, cell); left > 0 && err == RW_OK; left--, k++) {
            RW_ASSERT(k < list.n && list.items[k].cell == cell);
            err = break_synapse(structure, &list.items[k], element, step);
        }
        while (k < list.n && list.items[k].cell == cell)
            k++;
    }
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
