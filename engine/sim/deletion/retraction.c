/* Which synapses a cell with excess elements deletes is drawn uniformly among the cell's own (Butz & van Ooyen 2013).
 *
 * The synapses of a cell are numbered: by projection, then those of an axon by target, those of a dendrite by source,
 * and repeated ones by age. That order is the same for any team, and so are the numbers drawn. An axon finds its
 * numbers in its rows, a dendrite in its lists of sources.
 *
 * Ranks exchange which cells have excess elements and how many synapses their axons have on each rank, and share what
 * is to be deleted; then all delete the same synapses. */
#include "sim/deletion/retraction.h"

#include "base/workspace.h"
#include "net/adjacency/adjacency.h"
#include "sim/deletion/numbered_synapses.h"
#include "sim/elements/vacancies.h"

/* What one kind of element of one population retracts. */
typedef struct {
    const rw_connectivity_update *update;
    uint32_t population;
    rw_element element;
    const uint32_t *connected; /* of the population */
    rw_excess *cells;          /* [n_cells] of all ranks */
    size_t n_cells;
    uint64_t total;        /* synapses that these cells delete */
    uint32_t *projections; /* [n_projections] whose synapses these elements are part of */
    size_t n_projections;
} retraction;

static bool concerns(const retraction *work, const rw_projection *projection) {
    if (!projection->spec->structural)
        return false;
    if (work->element == RW_AXON)
        return projection->source == work->population;
    return projection->target == work->population && rw_dendrite_kind(projection) == work->element;
}

static rw_err list_projections(retraction *work) {
    const rw_network *network = work->update->network;
    RW_TRY(RW_NEW(work->projections, network->n_projections, "retraction"));
    for (uint32_t p = 0; p < network->n_projections; p++)
        if (concerns(work, &network->projections[p]))
            work->projections[work->n_projections++] = p;
    return RW_OK;
}

/* Numbers drawn for one cell. */
typedef struct {
    uint64_t *drawn; /* [drawn_capacity] a bit for each number; none is set between draws */
    uint32_t *items; /* [n] ascending */
    size_t n, drawn_capacity, capacity;
} number_list;

static void destroy_numbers(number_list *numbers) {
    rw_free(numbers->drawn);
    rw_free(numbers->items);
}

/* Draws as many numbers as the cell has excess elements, below `n`, the number of its synapses: each set is as likely
 * (Bentley & Floyd 1987, Commun ACM 30:754). */
static rw_err draw_numbers(number_list *numbers, const retraction *work, const rw_excess *excess) {
    const rw_network *network = work->update->network;
    rw_stream stream = rw_stream_of(network->scenario->seed, RW_PURPOSE_RETRACT,
                                    work->population * RW_ELEMENT_KINDS + (uint32_t)work->element);
    uint32_t gid = (uint32_t)(network->populations[work->population].first_gid + excess->cell);
    uint32_t update = rw_update_number(work->update);
    uint64_t n = work->connected[excess->cell];
    RW_TRY(RW_WORKSPACE_RESERVE(&numbers->drawn_capacity, (n + 63) / 64, "retraction",
                                RW_WORKSPACE_ARRAY(numbers->drawn)));
    RW_TRY(RW_WORKSPACE_RESERVE(&numbers->capacity, excess->excess, "retraction", RW_WORKSPACE_ARRAY(numbers->items)));
    numbers->n = 0;
    if (excess->excess == 1) { /* as below, without the bits */
        rw_bits bits = rw_draw3(stream, gid, (uint32_t)n - 1, update);
        numbers->items[numbers->n++] = (uint32_t)rw_uniform_below(bits.word[0], bits.word[1], n);
        return RW_OK;
    }
    for (uint64_t last = n - excess->excess; last < n; last++) {
        rw_bits bits = rw_draw3(stream, gid, (uint32_t)last, update);
        uint64_t number = rw_uniform_below(bits.word[0], bits.word[1], last + 1);
        if (numbers->drawn[number / 64] >> (number % 64) & 1)
            number = last;
        numbers->drawn[number / 64] |= (uint64_t)1 << (number % 64);
    }
    for (uint64_t word = 0; 64 * word < n; word++)
        for (; numbers->drawn[word] != 0; numbers->drawn[word] &= numbers->drawn[word] - 1)
            numbers->items[numbers->n++] = (uint32_t)(64 * word + (uint64_t)__builtin_ctzll(numbers->drawn[word]));
    return RW_OK;
}

/* Synapses of this rank to delete. */
typedef struct {
    rw_numbered_synapse *items; /* [n], with capacity for all that are deleted on all ranks */
    size_t n;
} synapse_list;

/* Synapses of each cell's axon in each projection [n_cells x n_projections]. */
typedef struct {
    uint32_t *here, *before, *all; /* on this rank, on those before it, on all */
    size_t capacity;
} axon_counts;

static rw_err count_axons(axon_counts *counts, const retraction *work) {
    const rw_network *network = work->update->network;
    size_t n = work->n_cells * work->n_projections;
    RW_TRY(rw_comm_agree(network->partition.comm,
                         RW_WORKSPACE_RESERVE(&counts->capacity, n, "retraction", RW_WORKSPACE_ARRAY(counts->here),
                                              RW_WORKSPACE_ARRAY(counts->before), RW_WORKSPACE_ARRAY(counts->all))));
    for (size_t k = 0; k < n; k++) {
        const rw_projection *projection = &network->projections[work->projections[k % work->n_projections]];
        for (int t = 0; t < network->partition.n_threads; t++)
            counts->here[k] += rw_adjacency_count(&projection->adjacency[t], work->cells[k / work->n_projections].cell);
        counts->before[k] = counts->all[k] = counts->here[k];
    }
    RW_TRY(rw_comm_sum_before(network->partition.comm, counts->before, n));
    return rw_comm_reduce(network->partition.comm, counts->all, n, RW_U32, RW_SUM);
}

/* Synapse `number` of an axon among those of this rank in a projection. */
static rw_numbered_synapse number_of_axon(const retraction *work, uint32_t p, uint64_t source, uint32_t number) {
    const rw_projection *projection = &work->update->network->projections[p];
    int thread = 0;
    for (; number >= rw_adjacency_count(&projection->adjacency[thread], source); thread++)
        number -= rw_adjacency_count(&projection->adjacency[thread], source);
    return (rw_numbered_synapse){.cell = source, .number = number, .projection = p, .thread = thread};
}

/* What the axon of cell number c deletes on this rank. */
static void list_axon(synapse_list *list, const retraction *work, const axon_counts *counts, size_t c,
                      const number_list *numbers) {
    uint64_t first = 0;
    size_t next = 0;
    for (size_t p = 0; p < work->n_projections; p++) {
        size_t k = c * work->n_projections + p;
        for (; next < numbers->n && numbers->items[next] < first + counts->all[k]; next++) {
            uint64_t number = numbers->items[next] - first;
            if (number >= counts->before[k] && number - counts->before[k] < counts->here[k])
                list->items[list->n++] = number_of_axon(work, work->projections[p], work->cells[c].cell,
                                                        (uint32_t)number - counts->before[k]);
        }
        first += counts->all[k];
    }
    RW_ASSERT(next == numbers->n);
}

static rw_err list_axons(synapse_list *list, const retraction *work) {
    axon_counts counts = {0};
    number_list numbers = {0};
    rw_err err = count_axons(&counts, work);
    for (size_t c = 0; c < work->n_cells && err == RW_OK; c++) {
        err = draw_numbers(&numbers, work, &work->cells[c]);
        if (err == RW_OK)
            list_axon(list, work, &counts, c, &numbers);
    }
    rw_free(counts.here);
    rw_free(counts.before);
    rw_free(counts.all);
    destroy_numbers(&numbers);
    return err;
}

/* What the dendrite of a cell of this rank deletes. */
static void list_dendrite(synapse_list *list, const retraction *work, uint64_t cell, const number_list *numbers) {
    const rw_network *network = work->update->network;
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
    number_list numbers = {0};
    rw_err err = RW_OK;
    for (size_t c = 0; c < work->n_cells && err == RW_OK; c++) {
        uint64_t cell = work->cells[c].cell;
        if (rw_partition_thread_of(&work->update->network->partition,
                                   work->update->network->populations[work->population].count, cell) < 0)
            continue;
        err = draw_numbers(&numbers, work, &work->cells[c]);
        if (err == RW_OK)
            list_dendrite(list, work, cell, &numbers);
    }
    destroy_numbers(&numbers);
    return err;
}

/* Draws and locates what is deleted on this rank: *deletions [*n]. */
static rw_err find_own_deletions(const retraction *work, rw_deletion **deletions, size_t *n) {
    synapse_list list = {0};
    rw_err err = rw_comm_agree(work->update->network->partition.comm, RW_NEW(list.items, work->total, "retraction"));
    if (err == RW_OK)
        err = work->element == RW_AXON ? list_axons(&list, work) : list_dendrites(&list, work);
    if (err == RW_OK)
        err = RW_NEW(*deletions, list.n, "retraction");
    if (err == RW_OK)
        err = rw_locate_synapses(work->update, list.items, list.n, work->element != RW_AXON, *deletions);
    *n = list.n;
    rw_free(list.items);
    return rw_comm_agree(work->update->network->partition.comm, err);
}

/* Makes the deletions of each rank known to all: *deletions [*n] become those of all. */
static rw_err share(const rw_comm *comm, rw_deletion **deletions, size_t *n) {
    rw_deletion *own = *deletions;
    if (rw_comm_size(comm) == 1)
        return RW_OK; /* without a copy */
    rw_err err = rw_comm_share(comm, own, *n, sizeof *own, deletions, n);
    rw_free(own);
    return err;
}

static rw_err delete_excess(const retraction *work) {
    rw_deletion *deletions = NULL;
    size_t n = 0;
    rw_err err = find_own_deletions(work, &deletions, &n);
    if (err == RW_OK)
        err = share(work->update->network->partition.comm, &deletions, &n);
    RW_ASSERT(err != RW_OK || n == work->total);
    if (err == RW_OK)
        err = rw_comm_agree(work->update->network->partition.comm, rw_delete_synapses(work->update, deletions, n));
    rw_free(deletions);
    return err;
}

/* Deletes the excess of one kind of element of one population. */
static rw_err retract(const rw_connectivity_update *update, uint32_t population, rw_element element) {
    const rw_elements *elements = &update->structure->cells[population].elements[element];
    retraction work = {
        .update = update, .population = population, .element = element, .connected = elements->connected};
    if (elements->spec == NULL)
        return RW_OK;
    rw_err err = rw_structure_list_excess(update->structure, population, element, &work.cells, &work.n_cells);
    for (size_t c = 0; c < work.n_cells; c++)
        work.total += work.cells[c].excess;
    if (err == RW_OK && work.total > 0) {
        err = rw_comm_agree(update->network->partition.comm, list_projections(&work));
        if (err == RW_OK)
            err = delete_excess(&work);
    }
    rw_free(work.cells);
    rw_free(work.projections);
    return err;
}

rw_err rw_retract_synapses(const rw_connectivity_update *update) {
    const rw_element order[] = {RW_AXON, RW_DENDRITE_EXC, RW_DENDRITE_INH};
    for (size_t e = 0; e < sizeof order / sizeof order[0]; e++)
        for (uint32_t p = 0; p < update->network->n_populations; p++)
            RW_TRY(retract(update, p, order[e]));
    return RW_OK;
}
