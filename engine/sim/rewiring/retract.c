/* Cells with more connected than grown elements break synapses: which ones, is drawn uniformly among the cell's own.
 *
 * The synapses of a cell are numbered: by projection, then those of an axon by target, those of a dendrite by source,
 * and repeated ones by age. That order is the same for any team, and so are the numbers drawn. An axon finds its
 * numbers by counting in its rows; for dendrites one pass over the rows counts the synapses onto each. First axons
 * break theirs, then dendrites what is still too much for them. The element on the other side stays and is vacant.
 *
 * Ranks tell each other which cells have surplus and how many synapses their axons have where, and share what is to
 * break; then all break the same synapses. */
#include <math.h>
#include <stdlib.h>

#include "net/team.h"
#include "sim/rewiring/structure.h"

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

/* What one kind of element of one population must break. */
typedef struct {
    rw_structure *structure;
    uint32_t population;
    rw_element element;
    uint64_t step;
    debtor *debtors; /* [n_debtors] of all ranks */
    size_t n_debtors;
    uint32_t *projections; /* [n_projections] whose synapses these elements are part of */
    size_t n_projections;
} retraction;

static bool concerns(const retraction *work, const rw_projection *projection) {
    if (!projection->spec->structural)
        return false;
    if (work->element == RW_AXON)
        return projection->source == work->population;
    rw_element side = projection->spec->inhibitory ? RW_DENDRITE_INH : RW_DENDRITE_EXC;
    return projection->target == work->population && side == work->element;
}

static rw_err list_projections(retraction *work) {
    const rw_network *network = work->structure->network;
    RW_TRY(RW_NEW(work->projections, network->n_projections, "retraction"));
    for (uint32_t p = 0; p < network->n_projections; p++)
        if (concerns(work, &network->projections[p]))
            work->projections[work->n_projections++] = p;
    return RW_OK;
}

/* Synapses to be broken. */
typedef struct {
    rw_edge_event *items;
    size_t n, size;
} event_list;

/* Adds the synapse at a place of a thread's pool. */
static rw_err add(event_list *list, const retraction *work, const rw_projection *projection, int thread,
                  uint64_t source, uint64_t place) {
    const rw_network *network = work->structure->network;
    const rw_rows *rows = &projection->rows[thread];
    if (list->n == list->size) {
        size_t size = list->size == 0 ? 256 : 2 * list->size;
        RW_TRY(RW_GROW(list->items, list->size, size, "retraction"));
        list->size = size;
    }
    rw_structure_settle(work->structure, projection, thread, source, work->step);
    uint64_t first = rw_network_thread_slice(network, projection->target, thread).begin;
    uint64_t source_gid = network->populations[projection->source].first_gid + source;
    list->items[list->n++] = (rw_edge_event){
        .step = work->step,
        .projection = projection->index,
        .created = false,
        .cause = work->element == RW_AXON ? RW_CAUSE_RETRACTION_AXON : RW_CAUSE_RETRACTION_DENDRITE,
        .uid = source_gid << 32 | rows->serials[place],
        .source = source,
        .target = first + rw_word_target(projection->layout, rows->synapses[place].word),
        .weight = rows->synapses[place].weight,
        .delay_steps = projection->min_delay,
        .born_step = rw_structure_birth(work->structure, projection, thread, place),
    };
    return RW_OK;
}

/* Numbers drawn for cells, one cell after the other. */
typedef struct {
    uint64_t *taken; /* [size / 64] a bit for each number; none is set between draws */
    uint64_t size;
    uint32_t *items; /* [room] */
    size_t n, room;
} number_list;

static void destroy_numbers(number_list *numbers) {
    rw_free(numbers->taken);
    rw_free(numbers->items);
}

static rw_err reserve_numbers(number_list *numbers, uint64_t below, uint64_t more) {
    if (below > numbers->size) {
        uint64_t size = (below + 63) / 64 * 64;
        rw_free(numbers->taken);
        numbers->size = 0;
        RW_TRY(RW_NEW(numbers->taken, size / 64, "retraction"));
        numbers->size = size;
    }
    if (numbers->n + more > numbers->room) {
        size_t room = 2 * numbers->room + more;
        RW_TRY(RW_GROW(numbers->items, numbers->room, room, "retraction"));
        numbers->room = room;
    }
    return RW_OK;
}

/* Adds as many numbers as the debtor must break of its n synapses, ascending: each set is as likely (Bentley & Floyd
 * 1987, Commun ACM 30:754). */
static rw_err draw_numbers(number_list *numbers, const retraction *work, const debtor *d, uint64_t n) {
    const rw_network *network = work->structure->network;
    rw_stream stream = rw_stream_of(network->scenario->seed, RW_PURPOSE_RETRACT,
                                    work->population * RW_ELEMENT_KINDS + (uint32_t)work->element);
    uint32_t gid = (uint32_t)(network->populations[work->population].first_gid + d->cell);
    uint32_t update = (uint32_t)(work->step / work->structure->spec->every_steps);
    RW_TRY(reserve_numbers(numbers, n, d->surplus));
    for (uint64_t last = n - d->surplus; last < n; last++) {
        rw_bits bits = rw_draw3(stream, gid, (uint32_t)last, update);
        uint64_t number = rw_uniform_below(bits.word[0], bits.word[1], last + 1);
        if (numbers->taken[number / 64] >> (number % 64) & 1)
            number = last;
        numbers->taken[number / 64] |= (uint64_t)1 << (number % 64);
    }
    for (uint64_t word = 0; 64 * word < n; word++)
        for (; numbers->taken[word] != 0; numbers->taken[word] &= numbers->taken[word] - 1)
            numbers->items[numbers->n++] = (uint32_t)(64 * word + (uint64_t)__builtin_ctzll(numbers->taken[word]));
    return RW_OK;
}

/* Synapses of each debtor's axon in each projection [n_debtors x n_projections]. */
typedef struct {
    uint32_t *here, *before, *all; /* on this rank, on those before it, on all */
} axon_counts;

static rw_err count_axons(axon_counts *counts, const retraction *work) {
    const rw_network *network = work->structure->network;
    size_t n = work->n_debtors * work->n_projections;
    rw_err err = RW_NEW(counts->here, n, "retraction");
    if (err == RW_OK)
        err = RW_NEW(counts->before, n, "retraction");
    if (err == RW_OK)
        err = RW_NEW(counts->all, n, "retraction");
    RW_TRY(rw_comm_agree(network->comm, err));
    for (size_t k = 0; k < n; k++) {
        const rw_projection *projection = &network->projections[work->projections[k % work->n_projections]];
        for (int t = 0; t < network->n_threads; t++)
            counts->here[k] += rw_rows_count(&projection->rows[t], work->debtors[k / work->n_projections].cell);
        counts->before[k] = counts->all[k] = counts->here[k];
    }
    RW_TRY(rw_comm_sum_before(network->comm, counts->before, n));
    return rw_comm_reduce(network->comm, counts->all, n, RW_U32, RW_SUM);
}

/* Adds synapse `number` of an axon among those of this rank in a projection. */
static rw_err add_of_axon(event_list *list, const retraction *work, const rw_projection *projection, uint64_t source,
                          uint32_t number) {
    int thread = 0;
    for (; number >= rw_rows_count(&projection->rows[thread], source); thread++)
        number -= rw_rows_count(&projection->rows[thread], source);
    uint64_t place = rw_rows_select(&projection->rows[thread], source, number);
    return add(list, work, projection, thread, source, place);
}

/* What the axon of debtor d breaks on this rank. */
static rw_err break_axon(event_list *list, const retraction *work, const axon_counts *counts, size_t d,
                         number_list *numbers) {
    const rw_network *network = work->structure->network;
    uint64_t cell = work->debtors[d].cell, first = 0;
    size_t next = 0;
    numbers->n = 0;
    RW_TRY(draw_numbers(numbers, work, &work->debtors[d],
                        work->structure->cells[work->population].elements[RW_AXON].connected[cell]));
    for (size_t p = 0; p < work->n_projections; p++) {
        size_t k = d * work->n_projections + p;
        for (; next < numbers->n && numbers->items[next] < first + counts->all[k]; next++) {
            uint64_t number = numbers->items[next] - first;
            if (number >= counts->before[k] && number - counts->before[k] < counts->here[k])
                RW_TRY(add_of_axon(list, work, &network->projections[work->projections[p]], cell,
                                   (uint32_t)number - counts->before[k]));
        }
        first += counts->all[k];
    }
    RW_ASSERT(next == numbers->n);
    return RW_OK;
}

static rw_err break_axons(event_list *list, const retraction *work) {
    axon_counts counts = {0};
    number_list numbers = {0};
    rw_err err = count_axons(&counts, work);
    for (size_t d = 0; d < work->n_debtors && err == RW_OK; d++)
        err = break_axon(list, work, &counts, d, &numbers);
    rw_free(counts.here);
    rw_free(counts.before);
    rw_free(counts.all);
    destroy_numbers(&numbers);
    return err;
}

/* What the dendrites of a thread's slice break. */
typedef struct {
    const retraction *work;
    event_list *lists; /* [n_threads] */
} dendrites;

/* No synapse of this target breaks, or no more: it has fewer. */
#define KEEPS UINT32_MAX

/* How many synapses onto each target of the slice pass before one breaks, `left`, and which number that has, `next`. */
typedef struct {
    number_list numbers; /* each cell's end with KEEPS */
    uint32_t *left;
    size_t *next;
} countdown;

static rw_err start_countdown(countdown *it, const retraction *work, rw_slice slice) {
    const uint32_t *connected = work->structure->cells[work->population].elements[work->element].connected;
    uint64_t n_targets = slice.end - slice.begin;
    RW_TRY(RW_NEW(it->left, n_targets, "retraction"));
    RW_TRY(RW_NEW(it->next, n_targets, "retraction"));
    for (uint64_t target = 0; target < n_targets; target++)
        it->left[target] = KEEPS;
    for (size_t d = 0; d < work->n_debtors; d++) {
        uint64_t cell = work->debtors[d].cell;
        if (cell < slice.begin || cell >= slice.end)
            continue;
        size_t first = it->numbers.n;
        RW_TRY(draw_numbers(&it->numbers, work, &work->debtors[d], connected[cell]));
        RW_TRY(reserve_numbers(&it->numbers, 0, 1));
        it->numbers.items[it->numbers.n++] = KEEPS;
        it->left[cell - slice.begin] = it->numbers.items[first];
        it->next[cell - slice.begin] = first;
    }
    return RW_OK;
}

/* The synapse at `place` breaks: sets its target's countdown for the next one. */
static rw_err reach(event_list *list, countdown *it, const retraction *work, const rw_projection *projection,
                    int thread, uint64_t source, uint64_t place) {
    uint32_t target = projection->rows[thread].synapses[place].word;
    const uint32_t *numbers = it->numbers.items;
    size_t now = it->next[target]++;
    it->left[target] = numbers[now + 1] == KEEPS ? KEEPS : numbers[now + 1] - numbers[now] - 1;
    return add(list, work, projection, thread, source, place);
}

/* Counts synapses down from `place` on, to the first that breaks, or to the end. No branch depends on whether a target
 * breaks any: that of one that breaks none is counted down too, and never reaches 0. */
static uint64_t count_down(const rw_rows *rows, uint32_t *left, uint64_t place, uint64_t end) {
    enum { AHEAD = 256 }; /* places */
    const rw_synapse *synapses = rows->synapses;
    const uint64_t *live = rows->live;
    for (; place < end; place++) {
        __builtin_prefetch(synapses + place + AHEAD);
        uint32_t target = synapses[place].word; /* all delays are equal */
        uint32_t holds = (uint32_t)(live[place / 64] >> (place % 64)) & 1, before = left[target];
        left[target] = before - holds;
        if (before < holds) /* it was 0 */
            break;
    }
    return place;
}

static rw_err pass_rows(event_list *list, countdown *it, const retraction *work, const rw_projection *projection,
                        int thread) {
    const rw_rows *rows = &projection->rows[thread];
    for (uint64_t source = 0; source < rows->n_sources; source++) {
        uint64_t end = rw_rows_end(rows, source);
        for (uint64_t place = rows->start[source]; (place = count_down(rows, it->left, place, end)) < end; place++)
            RW_TRY(reach(list, it, work, projection, thread, source, place));
    }
    return RW_OK;
}

static rw_err break_dendrites_of(void *context, int thread) {
    const dendrites *all = context;
    const retraction *work = all->work;
    const rw_network *network = work->structure->network;
    countdown it = {0};
    rw_err err = start_countdown(&it, work, rw_network_thread_slice(network, work->population, thread));
    for (size_t p = 0; it.numbers.n > 0 && p < work->n_projections; p++) {
        const rw_projection *projection = &network->projections[work->projections[p]];
        if (err == RW_OK)
            err = pass_rows(&all->lists[thread], &it, work, projection, thread);
    }
    rw_free(it.left);
    rw_free(it.next);
    destroy_numbers(&it.numbers);
    return err;
}

static rw_err join_lists(event_list *list, const event_list *lists, int n_lists) {
    for (int t = 0; t < n_lists; t++)
        list->n += lists[t].n;
    RW_TRY(RW_NEW(list->items, list->n, "retraction"));
    list->size = list->n;
    size_t n = 0;
    for (int t = 0; t < n_lists; t++)
        for (size_t k = 0; k < lists[t].n; k++)
            list->items[n++] = lists[t].items[k];
    return RW_OK;
}

static rw_err break_dendrites(event_list *list, const retraction *work) {
    int n_threads = work->structure->network->n_threads;
    dendrites all = {.work = work};
    RW_TRY(RW_NEW(all.lists, (size_t)n_threads, "retraction"));
    rw_err err = rw_team_run(n_threads, break_dendrites_of, &all);
    if (err == RW_OK)
        err = join_lists(list, all.lists, n_threads);
    for (int t = 0; t < n_threads; t++)
        rw_free(all.lists[t].items);
    rw_free(all.lists);
    return err;
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

/* Makes the synapses to be broken on each rank known to all, and breaks them. */
static rw_err break_shared(const retraction *work, const event_list *mine) {
    event_list all = {0};
    uint64_t owed = 0;
    rw_err err =
        rw_comm_share(work->structure->network->comm, mine->items, mine->n, sizeof all.items[0], &all.items, &all.n);
    for (size_t d = 0; d < work->n_debtors; d++)
        owed += work->debtors[d].surplus;
    RW_ASSERT(err != RW_OK || all.n == owed);
    for (size_t k = 0; k < all.n && err == RW_OK; k++)
        err = rw_structure_break(work->structure, &all.items[k]);
    rw_free(all.items);
    return err;
}

/* Breaks the surplus of one kind of element of one population. */
static rw_err retract(rw_structure *structure, uint32_t population, rw_element element, uint64_t step) {
    const rw_network *network = structure->network;
    const rw_elements *elements = &structure->cells[population].elements[element];
    if (elements->spec == NULL)
        return RW_OK;
    retraction work = {.structure = structure, .population = population, .element = element, .step = step};
    event_list mine = {0};
    rw_err err = find_debtors(network, population, elements, &work.debtors, &work.n_debtors);
    if (err == RW_OK && work.n_debtors > 0) {
        err = rw_comm_agree(network->comm, list_projections(&work));
        if (err == RW_OK)
            err = element == RW_AXON ? break_axons(&mine, &work) : break_dendrites(&mine, &work);
        err = rw_comm_agree(network->comm, err);
        if (err == RW_OK)
            err = break_shared(&work, &mine);
    }
    rw_free(work.debtors);
    rw_free(work.projections);
    rw_free(mine.items);
    return err;
}

rw_err rw_structure_retract(rw_structure *structure, uint64_t step) {
    const rw_element order[] = {RW_AXON, RW_DENDRITE_EXC, RW_DENDRITE_INH};
    for (size_t e = 0; e < sizeof order / sizeof order[0]; e++)
        for (uint32_t p = 0; p < structure->network->n_populations; p++)
            RW_TRY(retract(structure, p, order[e], step));
    rw_structure_sort_events(structure);
    return RW_OK;
}
