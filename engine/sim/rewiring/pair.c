/* Vacant axonal and dendritic elements become synapses.
 *
 * In each round every axonal element that is still vacant proposes to a dendrite; a dendrite takes as many as it has
 * vacancies, those with the smallest keys; the others try again in the next round with what is left.
 *
 * Ranks tell each other their vacant dendrites once, and their proposals in each round; then all accept the same ones.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/rewiring/partner.h"

/* Rounds after which the rest waits for the next update; the number of seekers falls by more than a third in each. */
enum { MOST_ROUNDS = 64 };

/* How much earlier memory is asked for what an offer will change. */
enum { OFFERS_AHEAD = 12 };

/* A proposal as it travels: whose, and what number the source's next synapse has. */
typedef struct {
    rw_proposal proposal;
    rw_seeker seeker;
    uint32_t serial;
    int32_t rank;
} offer;

typedef struct {
    rw_structure *structure;
    uint64_t step;
    bool inhibitory;
    rw_element side;         /* dendritic element of this class */
    rw_vacancies *vacancies; /* [n_populations] of all ranks */
    rw_seeker *seekers;      /* of this rank */
    size_t n_seekers;
    rw_proposal *proposals;
    offer *offers; /* of all ranks */
    size_t n_offers;
} pairing;

static bool takes_part(const pairing *work, const rw_projection *projection) {
    return projection->spec->structural && projection->spec->inhibitory == work->inhibitory;
}

static bool is_partner(const pairing *work, uint32_t population, bool as_source) {
    const rw_network *network = work->structure->network;
    for (size_t p = 0; p < network->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        if (takes_part(work, projection) && (as_source ? projection->source : projection->target) == population)
            return true;
    }
    return false;
}

/* Vacant dendritic elements of a cell. */
typedef struct {
    uint32_t population, vacant;
    uint64_t id;
} vacancy;

/* Lists the vacancies of this rank's cells; `list` NULL: only counts. */
static size_t list_vacancies(const pairing *work, vacancy *list) {
    const rw_network *network = work->structure->network;
    size_t n = 0;
    for (uint32_t p = 0; p < network->n_populations; p++) {
        rw_slice own = rw_network_own_slice(network, p);
        for (uint64_t i = own.begin; is_partner(work, p, false) && i < own.end; i++) {
            uint32_t vacant = rw_structure_vacant(work->structure, p, work->side, i);
            if (vacant > 0 && list != NULL)
                list[n] = (vacancy){.population = p, .vacant = vacant, .id = i};
            n += vacant > 0;
        }
    }
    return n;
}

/* Shares the vacant dendritic elements of every population that takes part; *total is their sum. */
static rw_err count_vacancies(pairing *work, uint64_t *total) {
    const rw_network *network = work->structure->network;
    *total = 0;
    RW_TRY(RW_NEW(work->vacancies, network->n_populations, "partner search"));
    for (uint32_t p = 0; p < network->n_populations; p++)
        RW_TRY(RW_NEW(work->vacancies[p].vacant, network->populations[p].count, "partner search"));
    vacancy *mine = NULL, *all = NULL;
    size_t n = list_vacancies(work, NULL), n_all = 0;
    RW_TRY(RW_NEW(mine, n, "partner search"));
    list_vacancies(work, mine);
    rw_err err = rw_comm_share(network->comm, mine, n, sizeof *mine, &all, &n_all);
    for (size_t k = 0; k < n_all; k++) {
        work->vacancies[all[k].population].vacant[all[k].id] = all[k].vacant;
        *total += all[k].vacant;
    }
    rw_free(mine);
    rw_free(all);
    return err;
}

static int by_place(const void *left, const void *right) {
    const rw_seeker *a = left, *b = right;
    if (a->population != b->population)
        return a->population < b->population ? -1 : 1;
    if (a->cell != b->cell)
        return a->cell < b->cell ? -1 : 1;
    if (a->id != b->id)
        return a->id < b->id ? -1 : 1;
    return a->element < b->element ? -1 : a->element > b->element;
}

static rw_err list_seekers(pairing *work) {
    const rw_network *network = work->structure->network;
    for (int pass = 0; pass < 2; pass++) {
        size_t n = 0;
        for (uint32_t p = 0; p < network->n_populations; p++) {
            if (!is_partner(work, p, true))
                continue;
            rw_slice own = rw_network_own_slice(network, p);
            for (uint64_t i = own.begin; i < own.end; i++) {
                uint32_t vacant = rw_structure_vacant(work->structure, p, RW_AXON, i);
                for (uint32_t e = 0; pass == 1 && e < vacant; e++)
                    work->seekers[n + e] = (rw_seeker){.population = p, .id = i, .element = e};
                n += vacant;
            }
        }
        work->n_seekers = n;
        if (pass == 0) {
            RW_TRY(RW_NEW(work->seekers, n, "partner search"));
            RW_TRY(RW_NEW(work->proposals, n, "partner search"));
        }
    }
    return RW_OK;
}

static int by_target_and_key(const void *left, const void *right) {
    const rw_proposal *a = &((const offer *)left)->proposal, *b = &((const offer *)right)->proposal;
    if (a->population != b->population)
        return a->population < b->population ? -1 : 1;
    if (a->target != b->target)
        return a->target < b->target ? -1 : 1;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return by_place(&((const offer *)left)->seeker, &((const offer *)right)->seeker);
}

static uint64_t gid_of(const rw_network *network, const offer *o) {
    return network->populations[o->proposal.population].first_gid + o->proposal.target;
}

/* Sorts the offers by target and key. All together are many, but few for each target: they are dealt to the targets,
 * and only those of one are compared, unless they are fewer than that is worth. */
static rw_err sort_offers(pairing *work) {
    const rw_network *network = work->structure->network;
    if (work->n_offers < network->n_neurons / 8) {
        qsort(work->offers, work->n_offers, sizeof work->offers[0], by_target_and_key);
        return RW_OK;
    }
    size_t *end = NULL; /* of each cell's offers */
    offer *sorted = NULL;
    RW_TRY(RW_NEW(end, network->n_neurons + 1, "partner search"));
    rw_err err = RW_NEW(sorted, work->n_offers, "partner search");
    for (size_t k = 0; err == RW_OK && k < work->n_offers; k++)
        end[gid_of(network, &work->offers[k]) + 1]++;
    for (uint64_t gid = 0; err == RW_OK && gid < network->n_neurons; gid++)
        end[gid + 1] += end[gid];
    for (size_t k = 0; err == RW_OK && k < work->n_offers; k++)
        sorted[end[gid_of(network, &work->offers[k])]++] = work->offers[k];
    for (uint64_t gid = 0; err == RW_OK && gid < network->n_neurons; gid++) {
        size_t begin = gid > 0 ? end[gid - 1] : 0;
        if (end[gid] - begin > 1)
            qsort(sorted + begin, end[gid] - begin, sizeof *sorted, by_target_and_key);
    }
    rw_free(end);
    if (err != RW_OK)
        return err;
    rw_free(work->offers);
    work->offers = sorted;
    return RW_OK;
}

/* Every rank knows of the synapse; that of the target has it. */
static rw_err make_synapse(pairing *work, const offer *accepted) {
    rw_structure *structure = work->structure;
    rw_network *network = structure->network;
    rw_projection *projection = &network->projections[accepted->proposal.projection];
    uint64_t id = accepted->seeker.id, target = accepted->proposal.target;
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
    offer *mine = NULL;
    size_t n = 0;
    RW_TRY(rw_comm_agree(network->comm, RW_NEW(mine, work->n_seekers, "partner search")));
    for (size_t k = 0; k < work->n_seekers; k++) {
        const rw_proposal *proposal = &work->proposals[k];
        if (proposal->population == UINT32_MAX)
            continue; /* found none */
        const rw_seeker *seeker = &work->seekers[k];
        mine[n++] = (offer){.proposal = *proposal,
                            .seeker = *seeker,
                            .serial = network->projections[proposal->projection].next_serial[seeker->id],
                            .rank = rw_comm_rank(network->comm)};
    }
    rw_free(work->offers);
    rw_err err = rw_comm_share(network->comm, mine, n, sizeof *mine, &work->offers, &work->n_offers);
    rw_free(mine);
    if (err == RW_OK && work->n_offers > 1)
        err = rw_comm_agree(network->comm, sort_offers(work));
    for (size_t k = 0; k < work->n_offers; k++) /* of cells elsewhere it is known from here only */
        network->projections[work->offers[k].proposal.projection].next_serial[work->offers[k].seeker.id] =
            work->offers[k].serial;
    return err;
}

/* Whether two elements of one axon have chosen the same dendrite: earlier [n_earlier] are the offers accepted there. */
static bool is_repeated(const offer *next, const offer *const *earlier, size_t n_earlier) {
    for (size_t k = 0; k < n_earlier; k++)
        if (earlier[k]->proposal.projection == next->proposal.projection && earlier[k]->seeker.id == next->seeker.id)
            return true;
    return false;
}

/* Asks memory for where the synapse of an offer will be. */
static void prefetch_offer(const pairing *work, size_t k) {
    const rw_network *network = work->structure->network;
    if (k >= work->n_offers)
        return;
    const rw_projection *projection = &network->projections[work->offers[k].proposal.projection];
    uint64_t target = work->offers[k].proposal.target;
    if (rw_network_thread_of(network, projection->target, target) >= 0)
        rw_partner_prefetch(network, projection, work->offers[k].seeker.id, target);
}

/* The dendrite of offers [begin, end) accepts; accepted seekers of this rank are marked. `taken` is scratch. */
static rw_err accept_at_target(pairing *work, size_t begin, size_t end, const offer **taken, size_t *accepted) {
    const rw_network *network = work->structure->network;
    const rw_proposal *first = &work->offers[begin].proposal;
    uint32_t *vacant = &work->vacancies[first->population].vacant[first->target];
    size_t n_taken = 0;
    for (size_t k = begin; k<end && * vacant> 0; k++) {
        const offer *next = &work->offers[k];
        prefetch_offer(work, k + OFFERS_AHEAD);
        if (!network->projections[next->proposal.projection].spec->multapses && is_repeated(next, taken, n_taken))
            continue;
        RW_TRY(make_synapse(work, next));
        taken[n_taken++] = next;
        (*vacant)--;
        (*accepted)++;
        if (next->rank == rw_comm_rank(network->comm))
            work->seekers[next->proposal.seeker].population = UINT32_MAX; /* done */
    }
    return RW_OK;
}

/* Dendrites accept; accepted seekers leave the list. Says how many by *accepted. */
static rw_err accept(pairing *work, size_t *accepted) {
    const offer **taken = NULL;
    *accepted = 0;
    RW_TRY(RW_NEW(taken, work->n_offers, "partner search"));
    rw_err err = RW_OK;
    for (size_t begin = 0, end = 0; begin < work->n_offers && err == RW_OK; begin = end) {
        const rw_proposal *first = &work->offers[begin].proposal;
        while (end < work->n_offers && work->offers[end].proposal.population == first->population &&
               work->offers[end].proposal.target == first->target)
            end++;
        err = accept_at_target(work, begin, end, taken, accepted);
    }
    rw_free(taken);
    size_t left = 0;
    for (size_t k = 0; k < work->n_seekers; k++)
        if (work->seekers[k].population != UINT32_MAX)
            work->seekers[left++] = work->seekers[k];
    work->n_seekers = left;
    return err;
}

/* One round; *accepted = 0 when nobody found a partner. */
static rw_err run_round(pairing *work, const rw_grid *grid, uint32_t round, size_t *accepted) {
    const rw_network *network = work->structure->network;
    for (size_t p = 0; round > 0 && p < network->n_populations; p++)
        rw_vacancies_narrow(&work->vacancies[p], grid);
    rw_partner_search search = {.network = network,
                                .step = work->step,
                                .inhibitory = work->inhibitory,
                                .round = round,
                                .grid = *grid,
                                .vacancies = work->vacancies};
    RW_TRY(rw_partner_propose(&search, work->seekers, work->n_seekers, work->proposals));
    RW_TRY(share_offers(work));
    return accept(work, accepted);
}

/* Sorts seekers and vacancies by cell. */
static rw_err sort_places(pairing *work, const rw_grid *grid) {
    const rw_network *network = work->structure->network;
    for (size_t p = 0; p < network->n_populations; p++)
        RW_TRY(rw_vacancies_sort(&work->vacancies[p], grid, &network->populations[p]));
    return rw_seekers_sort(work->seekers, work->n_seekers, (uint32_t)network->n_populations, grid);
}

static rw_err pair(pairing *work) {
    const rw_network *network = work->structure->network;
    uint64_t total = 0;
    RW_TRY(count_vacancies(work, &total));
    if (total == 0)
        return RW_OK;
    RW_TRY(list_seekers(work));
    uint64_t n_seekers = work->n_seekers;
    RW_TRY(rw_comm_reduce(network->comm, &n_seekers, 1, RW_U64, RW_SUM));
    rw_grid grid = rw_grid_create(network, work->inhibitory, n_seekers < total ? n_seekers : total);
    for (size_t s = 0; s < work->n_seekers; s++)
        work->seekers[s].cell =
            rw_grid_cell(&grid, &network->populations[work->seekers[s].population], work->seekers[s].id);
    RW_TRY(rw_comm_agree(network->comm, sort_places(work, &grid)));
    size_t accepted = 1;
    for (uint32_t round = 0; round < MOST_ROUNDS && n_seekers > 0 && accepted > 0 && total > 0; round++) {
        RW_TRY(run_round(work, &grid, round, &accepted));
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
    rw_free(work.seekers);
    rw_free(work.proposals);
    rw_free(work.offers);
    return err;
}
