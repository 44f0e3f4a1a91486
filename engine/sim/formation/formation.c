#include "sim/formation/formation.h"
#include "net/adjacency/adjacency.h"
#include "net/adjacency/adjacency_change.h"
#include "net/adjacency/reverse_adjacency.h"
#include "net/value.h"

#include "net/spatial_grid.h"
#include "sim/formation/commit.h"

/* Rounds after which the rest waits for the next update; the number of vacant elements falls by more than a third in
 * each. */
enum { MOST_ROUNDS = 64 };

/* Axonal elements search while there are at most so many for each dendritic one; beyond, dendritic elements search. */
enum { MOST_AXONS_PER_DENDRITE = 2 };

/* One class of synapses in one update. */
typedef struct {
    rw_formation *formation;
    const rw_connectivity_update *update;
    bool inhibitory;
    bool by_dendrites;                /* who searches */
    rw_element searching, searched;   /* the kinds of elements */
    uint64_t n_searching, n_searched; /* vacant ones of all ranks */
} pairing;

/* Whether elements of a population take part on a side: those of axons, or of dendrites. */
static bool takes_part(const pairing *work, uint32_t population, bool as_dendrites) {
    const rw_network *network = work->update->network;
    for (size_t p = 0; p < network->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        if (rw_forms_in_search(projection, work->inhibitory) &&
            (as_dendrites ? projection->target : projection->source) == population)
            return true;
    }
    return false;
}

static bool is_searched(const pairing *work, uint32_t population) {
    return takes_part(work, population, !work->by_dendrites);
}

static bool is_searching(const pairing *work, uint32_t population) {
    return takes_part(work, population, work->by_dendrites);
}

static rw_err count_vacant(const pairing *work, rw_element element, uint64_t *n) {
    const rw_network *network = work->update->network;
    for (uint32_t p = 0; p < network->n_populations; p++)
        if (takes_part(work, p, element != RW_AXON))
            *n += rw_structure_count_vacant(work->update->structure, p, element);
    return rw_comm_reduce(network->partition.comm, n, 1, RW_U64, RW_SUM);
}

/* Counts the vacant elements of both sides, and decides which one searches. */
static rw_err choose_sides(pairing *work, rw_element dendrite) {
    uint64_t n_axons = 0, n_dendrites = 0;
    RW_TRY(count_vacant(work, dendrite, &n_dendrites));
    if (n_dendrites > 0)
        RW_TRY(count_vacant(work, RW_AXON, &n_axons));
    work->by_dendrites = n_axons / MOST_AXONS_PER_DENDRITE > n_dendrites;
    work->searching = work->by_dendrites ? dendrite : RW_AXON;
    work->searched = work->by_dendrites ? RW_AXON : dendrite;
    work->n_searching = work->by_dendrites ? n_dendrites : n_axons;
    work->n_searched = work->by_dendrites ? n_axons : n_dendrites;
    return RW_OK;
}

/* Lists the partners of a population, of all ranks. */
static rw_err list_partners(const pairing *work, uint32_t population) {
    rw_network *network = work->update->network;
    rw_vacant_list *own = &work->formation->vacant;
    rw_vacant *all = NULL;
    size_t n = 0;
    RW_TRY(rw_comm_agree(network->partition.comm,
                         rw_structure_list_vacant(work->update->structure, population, work->searched, own)));
    RW_TRY(rw_comm_share(network->partition.comm, own->items, own->n, sizeof *all, &all, &n));
    rw_err err =
        rw_vacant_partners_set(&work->formation->partners[population], &network->populations[population], all, n);
    rw_free(all);
    return rw_comm_agree(network->partition.comm, err);
}

static rw_err list_all_partners(const pairing *work) {
    for (uint32_t p = 0; p < work->update->network->n_populations; p++) {
        work->formation->partners[p].n = 0;
        if (is_searched(work, p))
            RW_TRY(list_partners(work, p));
    }
    return RW_OK;
}

/* Lists the searching elements of this rank. */
static rw_err list_elements(const pairing *work) {
    const rw_network *network = work->update->network;
    rw_formation *formation = work->formation;
    formation->elements.n = 0;
    for (uint32_t p = 0; p < network->n_populations; p++) {
        if (!is_searching(work, p))
            continue;
        RW_TRY(rw_structure_list_vacant(work->update->structure, p, work->searching, &formation->vacant));
        RW_TRY(
            rw_searching_elements_add(&formation->elements, network, p, formation->vacant.items, formation->vacant.n));
    }
    return RW_OK;
}

/* Reserves the memory that a round needs. */
static rw_err begin_round(const pairing *work, const rw_partner_search *search) {
    rw_formation *formation = work->formation;
    size_t n_populations = work->update->network->n_populations;
    for (uint32_t p = 0; p < n_populations; p++)
        if (is_searched(work, p))
            RW_TRY(rw_vacant_partners_reserve(&formation->partners[p], &search->grid));
    RW_TRY(rw_searching_elements_reserve(&formation->elements, n_populations, &search->grid));
    RW_TRY(rw_partner_sampling_begin(&formation->sampling, search, formation->elements.n));
    return rw_creation_requests_begin(&formation->requests, search, formation->elements.n, formation->partners);
}

/* Sorts partners and searching elements by the boxes of the grid. */
static void sort_by_box(const pairing *work, const rw_spatial_grid *grid) {
    uint32_t n_populations = (uint32_t)work->update->network->n_populations;
    for (uint32_t p = 0; p < n_populations; p++)
        if (is_searched(work, p))
            rw_vacant_partners_sort(&work->formation->partners[p], grid);
    rw_searching_elements_sort(&work->formation->elements, n_populations, grid);
}

/* Drops the elements that have found a partner, and the partners that are full. */
static void drop_resolved(const pairing *work) {
    rw_searching_elements_drop_resolved(&work->formation->elements);
    for (uint32_t p = 0; p < work->update->network->n_populations; p++)
        rw_vacant_partners_drop_full(&work->formation->partners[p]);
}

/* One round; *n_formed = 0 when no element found a partner. */
static rw_err run_round(pairing *work, uint32_t round, size_t *n_formed) {
    rw_network *network = work->update->network;
    rw_formation *formation = work->formation;
    uint64_t at_most = work->n_searching < work->n_searched ? work->n_searching : work->n_searched;
    const rw_partner_search search = {.network = network,
                                      .step = work->update->time,
                                      .inhibitory = work->inhibitory,
                                      .by_dendrites = work->by_dendrites,
                                      .round = round,
                                      .grid = rw_search_grid(network, work->inhibitory, at_most),
                                      .partners = formation->partners};
    RW_TRY(rw_comm_agree(network->partition.comm, begin_round(work, &search)));
    sort_by_box(work, &search.grid);
    RW_TRY(rw_sample_partners(&formation->sampling, &search, &formation->elements));
    RW_TRY(rw_exchange_creation_requests(&formation->requests, network, &formation->elements,
                                         formation->sampling.candidates, formation->partners));
    RW_TRY(rw_accept_creation_requests(&formation->requests, network, &formation->elements, formation->partners,
                                       n_formed));
    RW_TRY(rw_comm_agree(network->partition.comm,
                         rw_commit_synapses(work->update, &formation->requests, *n_formed, formation->partners)));
    drop_resolved(work);
    work->n_searching -= *n_formed;
    work->n_searched -= *n_formed;
    return RW_OK;
}

/* Before the search: vacant dendritic elements request synapses with former partners. */
static rw_err join_former_partners(pairing *work, rw_element dendrite) {
    rw_network *network = work->update->network;
    rw_formation *formation = work->formation;
    size_t n_formed = 0;
    work->by_dendrites = true;
    work->searching = dendrite;
    work->searched = RW_AXON;
    const rw_partner_search search = {.network = network,
                                      .step = work->update->time,
                                      .inhibitory = work->inhibitory,
                                      .by_dendrites = true,
                                      .grid = rw_search_grid(network, work->inhibitory, 1),
                                      .partners = formation->partners};
    RW_TRY(list_all_partners(work));
    RW_TRY(rw_comm_agree(network->partition.comm, list_elements(work)));
    RW_TRY(rw_comm_agree(network->partition.comm, begin_round(work, &search)));
    rw_searching_elements_sort(&formation->elements, network->n_populations, &search.grid);
    rw_former_partners_find(&formation->former, &search, &formation->elements, formation->sampling.candidates);
    RW_TRY(rw_exchange_creation_requests(&formation->requests, network, &formation->elements,
                                         formation->sampling.candidates, formation->partners));
    RW_TRY(rw_accept_creation_requests(&formation->requests, network, &formation->elements, formation->partners,
                                       &n_formed));
    return rw_commit_synapses(work->update, &formation->requests, n_formed, formation->partners);
}

rw_err rw_form_synapses(rw_formation *formation, const rw_connectivity_update *update, rw_element dendrite) {
    pairing work = {.formation = formation, .update = update, .inhibitory = dendrite == RW_DENDRITE_INH};
    if (rw_former_partners_any(&formation->former, update->network, work.inhibitory))
        RW_TRY(join_former_partners(&work, dendrite));
    RW_TRY(choose_sides(&work, dendrite));
    if (work.n_searching == 0 || work.n_searched == 0)
        return RW_OK;
    RW_TRY(list_all_partners(&work));
    RW_TRY(rw_comm_agree(update->network->partition.comm, list_elements(&work)));
    size_t n_formed = 1;
    for (uint32_t round = 0; round < MOST_ROUNDS && n_formed > 0 && work.n_searching > 0 && work.n_searched > 0;
         round++)
        RW_TRY(run_round(&work, round, &n_formed));
    return RW_OK;
}

rw_err rw_formation_create(rw_formation *formation, const rw_network *network) {
    formation->n_populations = network->n_populations;
    RW_TRY(rw_former_partners_create(&formation->former, network));
    return RW_NEW(formation->partners, network->n_populations, "partner search");
}

void rw_formation_destroy(rw_formation *formation) {
    for (size_t p = 0; formation->partners != NULL && p < formation->n_populations; p++)
        rw_vacant_partners_destroy(&formation->partners[p]);
    rw_free(formation->partners);
    rw_free(formation->vacant.items);
    rw_former_partners_destroy(&formation->former);
    rw_searching_elements_destroy(&formation->elements);
    rw_partner_sampling_destroy(&formation->sampling);
    rw_creation_requests_destroy(&formation->requests);
    *formation = (rw_formation){0};
}
