/* Cells with more connected than grown elements break synapses: which ones, is drawn uniformly among the cell's own.
 *
 * The synapses of a cell are numbered: by projection, then those of an axon by target, those of a dendrite by source,
 * and repeated ones by age. That order is the same for any team, and so are the numbers drawn. An axon has its numbers
 * in its rows, a dendrite in its lists of sources. First axons break theirs, then dendrites what is still too much for
 * them. The element on the other side stays and is vacant.
 *
 * Ranks tell each other which cells have surplus and how many synapses their axons have where, and share what is to
 * break; then all break the same synapses. */
#include <math.h>
#include <stdlib.h>

#include "net/adjacency/adjacency.h"
#include "sim/deletion/deletion.h"

/* How many of n cells have surplus. */
RW_KERNEL static uint32_t count_surplus(const double *z, const uint32_t *connected, uint64_t n) {
    uint32_t count = 0;
#pragma omp simd reduction(+ : count)
    for (uint64_t i = 0; i < n; i++)
        count += z[i] < connected[i];
    return count;
}

/* A cell that must break synapses, and how many. */
typedef struct {
    uint64_t cell;
    uint64_t surplus;
} debtor;

/* The debtors of this rank, ascending: *debtors [*n], to be freed even after an error. Mostly there are few, so that
 * only chunks with any are looked at cell by cell. */
static rw_err find_own_debtors(rw_slice own, const rw_elements *elements, debtor **debtors, size_t *n) {
    size_t room = 0;
    for (uint64_t begin = own.begin, end; begin < own.end; begin = end) {
        end = own.end - begin < RW_CHUNK ? own.end : begin + RW_CHUNK;
        uint32_t more = count_surplus(elements->z + begin, elements->connected + begin, end - begin);
        if (more > 0 && *n + more + 1 > room) {
            RW_TRY(RW_GROW(*debtors, room, 2 * room + RW_CHUNK + 1, "retraction"));
            room = 2 * room + RW_CHUNK + 1;
        }
        for (uint64_t i = begin; more > 0 && i < end; i++) { /* without a branch that nobody could foretell */
            (*debtors)[*n].cell = i;
            *n += elements->z[i] < elements->connected[i];
        }
    }
    for (size_t d = 0; d < *n; d++) {
        uint64_t cell = (*debtors)[d].cell;
        (*debtors)[d].surplus = (uint64_t)(elements->connected[cell] - floor(elements->z[cell]));
    }
    return RW_OK;
}

/* The debtors of all ranks, ascending. */
static rw_err find_debtors(const rw_network *network, uint32_t population, const rw_elements *elements,
                           debtor **debtors, size_t *n_debtors) {
    debtor *mine = NULL;
    size_t n = 0;
    rw_err err = find_own_debtors(rw_partition_own_slice(&network->partition, network->populations[population].count),
                                  elements, &mine, &n);
    err = rw_comm_agree(network->partition.comm, err);
    if (err == RW_OK)
        err = rw_comm_share(network->partition.comm, mine, n, sizeof *mine, debtors, n_debtors);
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

/* Numbers drawn for one cell. */
typedef struct {
    uint64_t *taken; /* [size / 64] a bit for each number; none is set between draws */
    uint64_t size;
    uint32_t *items; /* [room] ascending */
    size_t n, room;
} number_list;

static void destroy_numbers(number_list *numbers) {
    rw_free(numbers->taken);
    rw_free(numbers->items);
}

static rw_err reserve_numbers(number_list *numbers, uint64_t below, uint64_t n) {
    if (below > numbers->size) {
        uint64_t size = (below + 63) / 64 * 64;
        rw_free(numbers->taken);
        numbers->size = 0;
        RW_TRY(RW_NEW(numbers->taken, size / 64, "retraction"));
        numbers->size = size;
    }
    if (n > numbers->room) {
        rw_free(numbers->items);
        numbers->room = 0;
        RW_TRY(RW_NEW(numbers->items, 2 * n, "retraction"));
        numbers->room = 2 * n;
    }
    return RW_OK;
}

/* Draws as many numbers as the debtor must break of its n synapses: each set is as likely (Bentley & Floyd 1987, Commun
 * ACM 30:754). */
static rw_err draw_numbers(number_list *numbers, const retraction *work, const debtor *d, uint64_t n) {
    const rw_network *network = work->structure->network;
    rw_stream stream = rw_stream_of(network->scenario->seed, RW_PURPOSE_RETRACT,
                                    work->population * RW_ELEMENT_KINDS + (uint32_t)work->element);
    uint32_t gid = (uint32_t)(network->populations[work->population].first_gid + d->cell);
    uint32_t update = (uint32_t)(work->step / work->structure->spec->every_steps);
    RW_TRY(reserve_numbers(numbers, n, d->surplus));
    numbers->n = 0;
    if (d->surplus == 1) { /* as below, without taking note of it */
        rw_bits bits = rw_draw3(stream, gid, (uint32_t)n - 1, update);
        numbers->items[numbers->n++] = (uint32_t)rw_uniform_below(bits.word[0], bits.word[1], n);
        return RW_OK;
    }
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

/* Synapses of this rank that are to break. */
typedef struct {
    rw_numbered_synapse *items; /* with room for all that break on all ranks */
    size_t n;
} synapse_list;

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
    RW_TRY(rw_comm_agree(network->partition.comm, err));
    for (size_t k = 0; k < n; k++) {
        const rw_projection *projection = &network->projections[work->projections[k % work->n_projections]];
        for (int t = 0; t < network->partition.n_threads; t++)
            counts->here[k] +=
                rw_adjacency_count(&projection->adjacency[t], work->debtors[k / work->n_projections].cell);
        counts->before[k] = counts->all[k] = counts->here[k];
    }
    RW_TRY(rw_comm_sum_before(network->partition.comm, counts->before, n));
    return rw_comm_reduce(network->partition.comm, counts->all, n, RW_U32, RW_SUM);
}

/* Synapse `number` of an axon among those of this rank in a projection. */
static rw_numbered_synapse number_of_axon(const retraction *work, uint32_t p, uint64_t source, uint32_t number) {
    const rw_projection *projection = &work->structure->network->projections[p];
    int thread = 0;
    for (; number >= rw_adjacency_count(&projection->adjacency[thread], source); thread++)
        number -= rw_adjacency_count(&projection->adjacency[thread], source);
    return (rw_numbered_synapse){.cell = source, .number = number, .projection = p, .thread = thread};
}

/* What the axon of debtor d breaks on this rank. */
static void list_axon(synapse_list *list, const retraction *work, const axon_counts *counts, size_t d,
                      const number_list *numbers) {
    uint64_t first = 0;
    size_t next = 0;
    for (size_t p = 0; p < work->n_projections; p++) {
        size_t k = d * work->n_projections + p;
        for (; next < numbers->n && numbers->items[next] < first + counts->all[k]; next++) {
            uint64_t number = numbers->items[next] - first;
            if (number >= counts->before[k] && number - counts->before[k] < counts->here[k])
                list->items[list->n++] = number_of_axon(work, work->projections[p], work->debtors[d].cell,
                                                        (uint32_t)number - counts->before[k]);
        }
        first += counts->all[k];
    }
    RW_ASSERT(next == numbers->n);
}

static rw_err list_axons(synapse_list *list, const retraction *work) {
    const uint32_t *connected = work->structure->cells[work->population].elements[RW_AXON].connected;
    axon_counts counts = {0};
    number_list numbers = {0};
    rw_err err = count_axons(&counts, work);
    for (size_t d = 0; d < work->n_debtors && err == RW_OK; d++) {
        err = draw_numbers(&numbers, work, &work->debtors[d], connected[work->debtors[d].cell]);
        if (err == RW_OK)
            list_axon(list, work, &counts, d, &numbers);
    }
    rw_free(counts.here);
    rw_free(counts.before);
    rw_free(counts.all);
    destroy_numbers(&numbers);
    return err;
}

/* What the dendrite of a cell of this rank breaks. */
static void list_dendrite(synapse_list *list, const retraction *work, uint64_t cell, const number_list *numbers) {
    const rw_network *network = work->structure->network;
    int thread = rw_partition_thread_of(&network->partition, network->populations[work->population].count, cell);
    uint64_t target =
        cell -
        rw_partition_thread_slice(&network->partition, network->populations[work->population].count, thread).begin;
    uint32_t first = 0;
    size_t next = 0;
    for (size_t p = 0; p < work->n_projections; p++) {
        const rw_adjacency *adjacency = &network->projections[work->projections[p]].adjacency[thread];
        uint32_t n = adjacency->reverse.lists[target].count;
        for (; next < numbers->n && numbers->items[next] - first < n; next++)
            list->items[list->n++] = (rw_numbered_synapse){.cell = target,
                                                           .number = numbers->items[next] - first,
                                                           .projection = work->projections[p],
                                                           .thread = thread};
        first += n;
    }
    RW_ASSERT(next == numbers->n);
}

static rw_err list_dendrites(synapse_list *list, const retraction *work) {
    const rw_network *network = work->structure->network;
    const uint32_t *connected = work->structure->cells[work->population].elements[work->element].connected;
    number_list numbers = {0};
    rw_err err = RW_OK;
    for (size_t d = 0; d < work->n_debtors && err == RW_OK; d++) {
        uint64_t cell = work->debtors[d].cell;
        if (rw_partition_thread_of(&network->partition, network->populations[work->population].count, cell) < 0)
            continue;
        err = draw_numbers(&numbers, work, &work->debtors[d], connected[cell]);
        if (err == RW_OK)
            list_dendrite(list, work, cell, &numbers);
    }
    destroy_numbers(&numbers);
    return err;
}

/* Lists what breaks on this rank, *breaking [*n], of `owed` synapses on all. */
static rw_err describe_own(const retraction *work, uint64_t owed, rw_breaking **breaking, size_t *n) {
    synapse_list list = {0};
    rw_err err = RW_NEW(list.items, owed, "retraction");
    err = rw_comm_agree(work->structure->network->partition.comm, err);
    if (err == RW_OK)
        err = work->element == RW_AXON ? list_axons(&list, work) : list_dendrites(&list, work);
    if (err == RW_OK)
        err = RW_NEW(*breaking, list.n, "retraction");
    if (err == RW_OK)
        err =
            rw_structure_describe(work->structure, list.items, list.n, work->element != RW_AXON, work->step, *breaking);
    *n = list.n;
    rw_free(list.items);
    return rw_comm_agree(work->structure->network->partition.comm, err);
}

/* Makes what breaks on each rank known to all: *breaking [*n] becomes that of all. */
static rw_err share(const rw_comm *comm, rw_breaking **breaking, size_t *n) {
    rw_breaking *mine = *breaking;
    if (rw_comm_size(comm) == 1)
        return RW_OK; /* without a copy */
    rw_err err = rw_comm_share(comm, mine, *n, sizeof *mine, breaking, n);
    rw_free(mine);
    return err;
}

static rw_err break_all(const retraction *work) {
    rw_breaking *breaking = NULL;
    size_t n = 0;
    uint64_t owed = 0;
    for (size_t d = 0; d < work->n_debtors; d++)
        owed += work->debtors[d].surplus;
    rw_err err = describe_own(work, owed, &breaking, &n);
    if (err == RW_OK)
        err = share(work->structure->network->partition.comm, &breaking, &n);
    RW_ASSERT(err != RW_OK || n == owed);
    if (err == RW_OK)
        err = rw_structure_break(work->structure, breaking, n);
    rw_free(breaking);
    return err;
}

/* Breaks the surplus of one kind of element of one population. */
static rw_err retract(rw_structure *structure, uint32_t population, rw_element element, uint64_t step) {
    const rw_network *network = structure->network;
    const rw_elements *elements = &structure->cells[population].elements[element];
    if (elements->spec == NULL)
        return RW_OK;
    retraction work = {.structure = structure, .population = population, .element = element, .step = step};
    rw_err err = find_debtors(network, population, elements, &work.debtors, &work.n_debtors);
    if (err == RW_OK && work.n_debtors > 0) {
        err = rw_comm_agree(network->partition.comm, list_projections(&work));
        if (err == RW_OK)
            err = break_all(&work);
    }
    rw_free(work.debtors);
    rw_free(work.projections);
    return err;
}

rw_err rw_structure_retract(rw_structure *structure, uint64_t step) {
    const rw_element order[] = {RW_AXON, RW_DENDRITE_EXC, RW_DENDRITE_INH};
    for (size_t e = 0; e < sizeof order / sizeof order[0]; e++)
        for (uint32_t p = 0; p < structure->network->n_populations; p++)
            RW_TRY(retract(structure, p, order[e], step));
    return rw_comm_agree(structure->network->partition.comm,
                         rw_edge_events_sort(structure->events, structure->n_events));
}
