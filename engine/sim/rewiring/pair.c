/* Vacant axonal and dendritic elements become synapses.
 *
 * In each round every axonal element that is still vacant proposes to a dendrite; a dendrite takes as many as it has
 * vacancies, those with the smallest keys; the others try again in the next round with what is left.
 *
 * Ranks tell each other their vacant dendrites once, and their proposals in each round; then all accept the same ones.
 */
#include <stdlib.h>

#include "sim/rewiring/partner.h"

/* Rounds after which the rest waits for the next update; the number of seekers falls by more than a third in each. */
enum { MOST_ROUNDS = 64 };

/* How much earlier memory is asked for what an offer will change: for its cells, and then for its row. */
enum { CELLS_AHEAD = 24, ROWS_AHEAD = 12 };

/* A proposal as it travels: whose, and what number the source's next synapse has. */
typedef struct {
    uint32_t projection, site, key;
    uint32_t source, element, serial;
    uint32_t seeker; /* on its rank */
    int32_t rank;
} offer;

typedef struct {
    rw_structure *structure;
    uint64_t step;
    bool inhibitory;
    rw_element side;         /* dendritic element of this class */
    rw_vacancies *vacancies; /* [n_populations] of all ranks */
    rw_seekers seekers;      /* of this rank */
    rw_proposal *proposals;  /* [seekers.n] */
    offer *offers;           /* [n_offers] of all ranks, in the order of sites and keys */
    size_t n_offers;
} pairing;

static bool is_partner(const pairing *work, uint32_t population, bool as_source) {
    const rw_network *network = work->structure->network;
    for (size_t p = 0; p < network->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        if (rw_partner_concerns(projection, work->inhibitory) &&
            (as_source ? projection->source : projection->target) == population)
            return true;
    }
    return false;
}

/* The vacant dendritic elements of a population, of all ranks. */
static rw_err list_vacancies(pairing *work, uint32_t population, uint64_t *total) {
    const rw_network *network = work->structure->network;
    rw_vacancies *vacancies = &work->vacancies[population];
    rw_vacant *mine = NULL, *all = NULL;
    size_t n = 0, n_all = 0;
    rw_err err =
        rw_comm_agree(network->comm, rw_structure_list_vacant(work->structure, population, work->side, &mine, &n));
    if (err == RW_OK)
        err = rw_comm_share(network->comm, mine, n, sizeof *mine, &all, &n_all);
    if (err == RW_OK)
        err = rw_comm_agree(network->comm, rw_vacancies_create(vacancies, n_all));
    for (size_t k = 0; k < n_all && err == RW_OK; k++) {
        rw_vacancies_add(vacancies, &network->populations[population], all[k]);
        *total += all[k].vacant;
    }
    rw_free(mine);
    rw_free(all);
    return err;
}

/* Those of every population that takes part; *total is their sum. */
static rw_err count_vacancies(pairing *work, uint64_t *total) {
    const rw_network *network = work->structure->network;
    *total = 0;
    RW_TRY(RW_NEW(work->vacancies, network->n_populations, "partner search"));
    for (uint32_t p = 0; p < network->n_populations; p++)
        if (is_partner(work, p, false))
            RW_TRY(list_vacancies(work, p, total));
    return RW_OK;
}

static void add_seekers(pairing *work, uint32_t population, rw_vacant axon) {
    rw_seeker seeker = {.population = population, .id = axon.id};
    rw_population_place_of(&work->structure->network->populations[population], axon.id, seeker.at_um);
    for (; seeker.element < axon.vacant; seeker.element++)
        work->seekers.items[work->seekers.n++] = seeker;
}

/* A seeker for each vacant axonal element of this rank: axons [n_populations][n[p]]. */
static rw_err create_seekers(pairing *work, rw_vacant *const *axons, const size_t *n) {
    const rw_network *network = work->structure->network;
    size_t total = 0;
    for (uint32_t p = 0; p < network->n_populations; p++)
        for (size_t k = 0; k < n[p]; k++)
            total += axons[p][k].vacant;
    RW_TRY(rw_seekers_create(&work->seekers, total));
    RW_TRY(RW_NEW(work->proposals, total, "partner search"));
    for (uint32_t p = 0; p < network->n_populations; p++)
        for (size_t k = 0; k < n[p]; k++)
            add_seekers(work, p, axons[p][k]);
    return RW_OK;
}

static rw_err list_seekers(pairing *work) {
    const rw_network *network = work->structure->network;
    rw_vacant **axons = NULL;
    size_t *n = NULL;
    rw_err err = RW_NEW(axons, network->n_populations, "partner search");
    if (err == RW_OK)
        err = RW_NEW(n, network->n_populations, "partner search");
    for (uint32_t p = 0; p < network->n_populations && err == RW_OK; p++)
        if (is_partner(work, p, true))
            err = rw_structure_list_vacant(work->structure, p, RW_AXON, &axons[p], &n[p]);
    if (err == RW_OK)
        err = create_seekers(work, axons, n);
    for (uint32_t p = 0; axons != NULL && p < network->n_populations; p++)
        rw_free(axons[p]);
    rw_free(axons);
    rw_free(n);
    return err;
}

/* Among those of one site. */
static int by_key(const void *left, const void *right) {
    const offer *a = left, *b = right;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    if (a->projection != b->projection)
        return a->projection < b->projection ? -1 : 1;
    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    return a->element < b->element ? -1 : a->element > b->element;
}

/* Puts the offers in the order of the sites of all populations, by counting, and those of one site by their keys. */
static rw_err sort_offers(pairing *work) {
    const rw_network *network = work->structure->network;
    size_t *end = NULL, *first = NULL; /* of the offers of each site; site of each population */
    offer *sorted = NULL;
    RW_TRY(RW_NEW(first, network->n_populations + 1, "partner search"));
    for (size_t p = 0; p < network->n_populations; p++)
        first[p + 1] = first[p] + work->vacancies[p].n;
    size_t n_sites = first[network->n_populations];
    rw_err err = RW_NEW(end, n_sites + 1, "partner search");
    if (err == RW_OK)
        err = RW_NEW(sorted, work->n_offers, "partner search");
    for (size_t k = 0; err == RW_OK && k < work->n_offers; k++)
        end[first[network->projections[work->offers[k].projection].target] + work->offers[k].site + 1]++;
    for (size_t site = 0; err == RW_OK && site < n_sites; site++)
        end[site + 1] += end[site];
    for (size_t k = 0; err == RW_OK && k < work->n_offers; k++)
        sorted[end[first[network->projections[work->offers[k].projection].target] + work->offers[k].site]++] =
            work->offers[k];
    for (size_t site = 0, begin = 0; err == RW_OK && site < n_sites; begin = end[site++])
        if (end[site] - begin > 1)
            qsort(sorted + begin, end[site] - begin, sizeof *sorted, by_key);
    rw_free(first);
    rw_free(end);
    if (err != RW_OK) {
        rw_free(sorted);
        return err;
    }
    rw_free(work->offers);
    work->offers = sorted;
    return RW_OK;
}

/* Every rank knows of the synapse; that of the target has it. */
static rw_err make_synapse(pairing *work, const offer *accepted) {
    rw_structure *structure = work->structure;
    rw_network *network = structure->network;
    rw_projection *projection = &network->projections[accepted->projection];
    uint64_t id = accepted->source, target = work->vacancies[projection->target].sites[accepted->site].id;
    uint64_t source_gid = network->populations[projection->source].first_gid + id;
    uint32_t serial = projection->next_serial[id];
    RW_CHECK(serial < UINT32_MAX, RW_ERR_SYSTEM,
             "projection '%s': a neuron has formed 2^32 synapses, no number is left for more", projection->spec->name);
    /* The high bit keeps these draws apart from those of the initial synapses. */
    rw_stream stream = rw_stream_of(network->scenario->seed, RW_PURPOSE_WEIGHT, projection->index | 1u << 23);
    float weight = (float)rw_value_draw(&projection->spec->new_weight, stream, source_gid, serial);
    int thread = rw_network_thread_of(network, projection->target, target);
    float states[RW_SYNAPSE_STATES + 1];
    rw_plasticity_start(&projection->plasticity, &weight, states);
    uint64_t update = work->step / structure->spec->every_steps;
    if (projection->spec->dated)
        states[rw_plasticity_states(&projection->plasticity) - 1] = (float)update;
    if (thread >= 0) {
        rw_structure_settle(structure, projection, thread, id, work->step);
        uint64_t place = target - rw_network_thread_slice(network, projection->target, thread).begin;
        RW_TRY(rw_rows_insert(&projection->rows[thread], id, (rw_synapse){.word = (uint32_t)place, .weight = weight},
                              serial, states));
    }
    projection->next_serial[id]++;
    structure->cells[projection->source].elements[RW_AXON].connected[id]++;
    structure->cells[projection->target].elements[work->side].connected[target]++;
    return rw_structure_log(structure, (rw_edge_event){.step = work->step,
                                                       .projection = projection->index,
                                                       .created = true,
                                                       .cause = RW_CAUSE_GROWTH,
                                                       .uid = source_gid << 32 | serial,
                                                       .source = id,
                                                       .target = target,
                                                       .weight = weight,
                                                       .delay_steps = projection->min_delay,
                                                       .born_step = work->step});
}

/* Makes the proposals of every rank known to all, sorted. */
static rw_err share_offers(pairing *work) {
    const rw_network *network = work->structure->network;
    int rank = rw_comm_rank(network->comm);
    offer *mine = NULL;
    size_t n = 0;
    RW_TRY(rw_comm_agree(network->comm, RW_NEW(mine, work->seekers.n, "partner search")));
    for (size_t k = 0; k < work->seekers.n; k++) {
        const rw_proposal *proposal = &work->proposals[k];
        const rw_seeker *seeker = &work->seekers.items[k];
        if (proposal->projection != RW_NO_PARTNER)
            mine[n++] = (offer){.projection = proposal->projection,
                                .site = proposal->site,
                                .key = proposal->key,
                                .source = seeker->id,
                                .element = seeker->element,
                                .serial = network->projections[proposal->projection].next_serial[seeker->id],
                                .seeker = (uint32_t)k,
                                .rank = rank};
    }
    rw_free(work->offers);
    rw_err err = rw_comm_share(network->comm, mine, n, sizeof *mine, &work->offers, &work->n_offers);
    rw_free(mine);
    if (err == RW_OK)
        err = rw_comm_agree(network->comm, sort_offers(work));
    for (size_t k = 0; k < work->n_offers && err == RW_OK; k++) {
        const offer *it = &work->offers[k];
        if (it->rank != rank) /* of cells elsewhere it is known from here only */
            network->projections[it->projection].next_serial[it->source] = it->serial;
    }
    return err;
}

/* Whether two elements of one axon have chosen the same dendrite: earlier [n_earlier] are the offers accepted there. */
static bool is_repeated(const offer *next, const offer *earlier, size_t n_earlier) {
    for (size_t k = 0; k < n_earlier; k++)
        if (earlier[k].projection == next->projection && earlier[k].source == next->source)
            return true;
    return false;
}

/* Dendrites accept: the offers they take move together at the front, *n_taken of them; their seekers of this rank are
 * marked. */
static void accept(pairing *work, size_t *n_taken) {
    const rw_network *network = work->structure->network;
    const rw_vacant_site *last = NULL;
    int rank = rw_comm_rank(network->comm);
    size_t n = 0, first = 0; /* of this site */
    for (size_t k = 0; k < work->n_offers; k++) {
        const offer *next = &work->offers[k];
        const rw_projection *projection = &network->projections[next->projection];
        rw_vacant_site *site = &work->vacancies[projection->target].sites[next->site];
        first = site == last ? first : n;
        last = site;
        if (site->vacant == 0 || (!projection->spec->multapses && is_repeated(next, work->offers + first, n - first)))
            continue;
        site->vacant--;
        if (next->rank == rank)
            work->seekers.items[next->seeker].population = UINT32_MAX; /* done */
        work->offers[n++] = *next;
    }
    *n_taken = n;
}

static void forget_done(rw_seekers *seekers) {
    size_t left = 0;
    for (size_t k = 0; k < seekers->n; k++)
        if (seekers->items[k].population != UINT32_MAX)
            seekers->items[left++] = seekers->items[k];
    seekers->n = left;
}

/* Asks memory for what the cells of an offer have, and for where its synapse will be: first where rows and lists are,
 * then, `near`, for what is in them. */
static void prefetch_offer(const pairing *work, size_t k, bool near) {
    const rw_network *network = work->structure->network;
    const offer *it = &work->offers[k];
    const rw_projection *projection = &network->projections[it->projection];
    uint32_t word = 0, target = work->vacancies[projection->target].sites[it->site].id;
    const rw_rows *rows = rw_partner_rows(network, projection, target, &word);
    bool listed = rows != NULL && rows->incoming.n_targets > 0;
    if (rows != NULL)
        (near ? rw_rows_prefetch(rows, it->source, word) : rw_rows_prefetch_row(rows, it->source));
    if (listed)
        (near ? rw_incoming_prefetch_source(&rows->incoming, word, it->source)
              : rw_incoming_prefetch_list(&rows->incoming, word));
    if (!near) {
        __builtin_prefetch(&projection->next_serial[it->source], 1);
        __builtin_prefetch(&work->structure->cells[projection->source].elements[RW_AXON].connected[it->source], 1);
    }
}

/* Makes the synapses of the first n offers. */
static rw_err make_synapses(pairing *work, size_t n) {
    for (size_t k = 0; k < n; k++) {
        if (k + CELLS_AHEAD < n)
            prefetch_offer(work, k + CELLS_AHEAD, false);
        if (k + ROWS_AHEAD < n)
            prefetch_offer(work, k + ROWS_AHEAD, true);
        RW_TRY(make_synapse(work, &work->offers[k]));
    }
    return RW_OK;
}

/* Sorts seekers and vacancies into boxes. */
static rw_err sort_places(pairing *work, const rw_grid *grid) {
    const rw_network *network = work->structure->network;
    for (size_t p = 0; p < network->n_populations; p++)
        if (work->vacancies[p].sites != NULL)
            RW_TRY(rw_vacancies_sort(&work->vacancies[p], grid));
    return rw_seekers_sort(&work->seekers, network->n_populations, grid);
}

/* One round among n elements; *accepted = 0 when nobody found a partner. */
static rw_err run_round(pairing *work, uint32_t round, uint64_t n, size_t *accepted) {
    const rw_network *network = work->structure->network;
    rw_partner_search search = {.network = network,
                                .step = work->step,
                                .inhibitory = work->inhibitory,
                                .round = round,
                                .grid = rw_grid_create(network, work->inhibitory, n),
                                .vacancies = work->vacancies};
    RW_TRY(rw_comm_agree(network->comm, sort_places(work, &search.grid)));
    RW_TRY(rw_partner_propose(&search, &work->seekers, work->proposals));
    RW_TRY(share_offers(work));
    accept(work, accepted);
    forget_done(&work->seekers);
    return make_synapses(work, *accepted);
}

static rw_err pair(pairing *work) {
    const rw_network *network = work->structure->network;
    uint64_t total = 0;
    RW_TRY(count_vacancies(work, &total));
    if (total == 0)
        return RW_OK;
    RW_TRY(rw_comm_agree(network->comm, list_seekers(work)));
    uint64_t n_seekers = work->seekers.n;
    RW_TRY(rw_comm_reduce(network->comm, &n_seekers, 1, RW_U64, RW_SUM));
    size_t accepted = 1;
    for (uint32_t round = 0; round < MOST_ROUNDS && n_seekers > 0 && accepted > 0 && total > 0; round++) {
        RW_TRY(run_round(work, round, n_seekers < total ? n_seekers : total, &accepted));
        total -= accepted;
        n_seekers -= accepted;
    }
    return RW_OK;
}

rw_err rw_structure_pair(rw_structure *structure, uint64_t step, bool inhibitory) {
    pairing work = {.structure = structure,
                    .step = step,
                    .inhibitory = inhibitory,
                    .side = inhibitory ? RW_DENDRITE_INH : RW_DENDRITE_EXC};
    rw_err err = pair(&work);
    for (size_t p = 0; work.vacancies != NULL && p < structure->network->n_populations; p++)
        rw_vacancies_destroy(&work.vacancies[p]);
    rw_free(work.vacancies);
    rw_seekers_destroy(&work.seekers);
    rw_free(work.proposals);
    rw_free(work.offers);
    return err;
}
