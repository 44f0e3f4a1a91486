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

/* One class of synapses in one update. */
typedef struct {
    rw_formation *formation;
    const rw_connectivity_update *update;
    rw_element dendrite;
    bool inhibitory;
    uint64_t n_vacancies; /* vacant dendritic elements of all ranks */
    uint64_t n_elements;  /* vacant axonal elements of all ranks */
} pairing;

static bool is_target(const pairing *work, uint32_t population) {
    const rw_network *network = work->update->network;
    for (size_t p = 0; p < network->n_projections; p++)
        if (rw_forms_in_search(&network->projections[p], work->inhibitory) &&
            network->projections[p].target == population)
            return true;
    return false;
}

static bool is_source(const pairing *work, uint32_t population) {
    const rw_network *network = work->update->network;
    for (size_t p = 0; p < network->n_projections; p++)
        if (rw_forms_in_search(&network->projections[p], work->inhibitory) &&
            network->projections[p].source == population)
            return true;
    return false;
}

/* Lists the vacant dendrites of a population, of all ranks. */
static rw_err list_dendrites(pairing *work, uint32_t population) {
    rw_network *network = work->update->network;
    rw_vacant_list *own = &work->formation->vacant;
    rw_vacant *all = NULL;
    size_t n = 0;
    RW_TRY(rw_comm_agree(network->partition.comm,
                         rw_structure_list_vacant(work->update->structure, population, work->dendrite, own)));
    RW_TRY(rw_comm_share(network->partition.comm, own->items, own->n, sizeof *all, &all, &n));
    for (size_t k = 0; k < n; k++)
        work->n_vacancies += all[k].vacant;
    rw_err err =
        rw_vacant_dendrites_set(&work->formation->dendrites[population], &network->populations[population], all, n);
    rw_free(all);
    return rw_comm_agree(network->partition.comm, err);
}

static rw_err list_all_dendrites(pairing *work) {
    for (uint32_t p = 0; p < work->update->network->n_populations; p++) {
        work->formation->dendrites[p].n = 0;
        if (is_target(work, p))
            RW_TRY(list_dendrites(work, p));
    }
    return RW_OK;
}

/* Lists the vacant axonal elements of this rank. */
static rw_err list_own_elements(pairing *work) {
    const rw_network *network = work->update->network;
    rw_formation *formation = work->formation;
    formation->elements.n = 0;
    for (uint32_t p = 0; p < network->n_populations; p++) {
        if (!is_source(work, p))
            continue;
        RW_TRY(rw_structure_list_vacant(work->update->structure, p, RW_AXON, &formation->vacant));
        RW_TRY(rw_axonal_elements_add(&formation->elements, network, p, formation->vacant.items, formation->vacant.n));
    }
    return RW_OK;
}

static rw_err list_elements(pairing *work) {
    const rw_comm *comm = work->update->network->partition.comm;
    RW_TRY(rw_comm_agree(comm, list_own_elements(work)));
    work->n_elements = work->formation->elements.n;
    return rw_comm_reduce(comm, &work->n_elements, 1, RW_U64, RW_SUM);
}

/* Reserves the memory that a round needs. */
static rw_err begin_round(const pairing *work, const rw_partner_search *search) {
    rw_formation *formation = work->formation;
    size_t n_populations = work->update->network->n_populations;
    for (uint32_t p = 0; p < n_populations; p++)
        if (is_target(work, p))
            RW_TRY(rw_vacant_dendrites_reserve(&formation->dendrites[p], &search->grid));
    RW_TRY(rw_axonal_elements_reserve(&formation->elements, n_populations, &search->grid));
    RW_TRY(rw_partner_sampling_begin(&formation->sampling, search, formation->elements.n));
    return rw_creation_requests_begin(&formation->requests, formation->elements.n, n_populations, formation->dendrites);
}

/* Sorts dendrites and axonal elements by the boxes of the grid. */
static void sort_by_box(const pairing *work, const rw_spatial_grid *grid) {
    uint32_t n_populations = (uint32_t)work->update->network->n_populations;
    for (uint32_t p = 0; p < n_populations; p++)
        if (is_target(work, p))
            rw_vacant_dendrites_sort(&work->formation->dendrites[p], grid);
    rw_axonal_elements_sort(&work->formation->elements, n_populations, grid);
}

/* Drops the axonal elements that have found a partner, and the dendrites that are full. */
static void drop_resolved(const pairing *work) {
    rw_axonal_elements_drop_resolved(&work->formation->elements);
    for (uint32_t p = 0; p < work->update->network->n_populations; p++)
        rw_vacant_dendrites_drop_full(&work->formation->dendrites[p]);
}

/* One round; *n_formed = 0 when no element found a partner. */
static rw_err run_round(pairing *work, uint32_t round, size_t *n_formed) {
    rw_network *network = work->update->network;
    rw_formation *formation = work->formation;
    uint64_t at_most = work->n_elements < work->n_vacancies ? work->n_elements : work->n_vacancies;
    const rw_partner_search search = {.network = network,
                                      .step = work->update->step,
                                      .inhibitory = work->inhibitory,
                                      .round = round,
                                      .grid = rw_search_grid(network, work->inhibitory, at_most),
                                      .dendrites = formation->dendrites};
    RW_TRY(rw_comm_agree(network->partition.comm, begin_round(work, &search)));
    sort_by_box(work, &search.grid);
    RW_TRY(rw_sample_partners(&formation->sampling, &search, &formation->elements));
    RW_TRY(rw_exchange_creation_requests(&formation->requests, network, &formation->elements,
                                         formation->sampling.candidates, formation->dendrites));
    *n_formed = rw_accept_creation_requests(&formation->requests, network, &formation->elements, formation->dendrites);
    RW_TRY(rw_commit_synapses(work->update, formation->requests.items, *n_formed, formation->dendrites));
    drop_resolved(work);
    work->n_vacancies -= *n_formed;
    work->n_elements -= *n_formed;
    return RW_OK;
}

rw_err rw_form_synapses(rw_formation *formation, const rw_connectivity_update *update, rw_element dendrite) {
    pairing work = {
        .formation = formation, .update = update, .dendrite = dendrite, .inhibitory = dendrite == RW_DENDRITE_INH};
    RW_TRY(list_all_dendrites(&work));
    if (work.n_vacancies == 0)
        return RW_OK;
    RW_TRY(list_elements(&work));
    size_t n_formed = 1;
    for (uint32_t round = 0; round < MOST_ROUNDS && n_formed > 0 && work.n_vacancies > 0 && work.n_elements > 0;
         round++)
        RW_TRY(run_round(&work, round, &n_formed));
    return RW_OK;
}

rw_err rw_formation_create(rw_formation *formation, const rw_network *network) {
    formation->n_populations = network->n_populations;
    return RW_NEW(formation->dendrites, network->n_populations, "partner search");
}

void rw_formation_destroy(rw_formation *formation) {
    for (size_t p = 0; formation->dendrites != NULL && p < formation->n_populations; p++)
        rw_vacant_dendrites_destroy(&formation->dendrites[p]);
    rw_free(formation->dendrites);
    rw_free(formation->vacant.items);
    rw_axonal_elements_destroy(&formation->elements);
    rw_partner_sampling_destroy(&formation->sampling);
    rw_creation_requests_destroy(&formation->requests);
    *formation = (rw_formation){0};
}
