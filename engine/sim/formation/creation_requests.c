#include "sim/formation/creation_requests.h"

#include <stdlib.h>

#include "base/workspace.h"
#include "net/spatial_grid.h"

/* So few requests to a partner are sorted by insertion. */
enum { FEW = 16 };

/* The order among those to one partner. */
static int by_key(const void *left, const void *right) {
    const rw_creation_request *a = left, *b = right;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    if (a->projection != b->projection)
        return a->projection < b->projection ? -1 : 1;
    if (a->id != b->id)
        return a->id < b->id ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

static void sort_by_key(rw_creation_request *requests, size_t n) {
    if (n > FEW) {
        qsort(requests, n, sizeof *requests, by_key);
        return;
    }
    for (size_t k = 1; k < n; k++) {
        rw_creation_request request = requests[k];
        size_t to = k;
        for (; to > 0 && by_key(&requests[to - 1], &request) > 0; to--)
            requests[to] = requests[to - 1];
        requests[to] = request;
    }
}

static rw_err reserve(rw_creation_requests *requests, size_t n) {
    return RW_WORKSPACE_RESERVE(&requests->capacity, n, "partner search", RW_WORKSPACE_ARRAY(requests->items),
                                RW_WORKSPACE_ARRAY(requests->spare), RW_WORKSPACE_ARRAY(requests->keys));
}

rw_err rw_creation_requests_begin(rw_creation_requests *requests, const rw_partner_search *search, size_t n,
                                  rw_vacant_partners *partners) {
    requests->n_partners = 0;
    requests->by_dendrites = search->by_dendrites;
    for (size_t p = 0; p < search->network->n_populations; p++) {
        partners[p].first = requests->n_partners;
        requests->n_partners += partners[p].n;
    }
    RW_TRY(RW_WORKSPACE_RESERVE(&requests->start_capacity, (size_t)requests->n_partners + 2, "partner search",
                                RW_WORKSPACE_ARRAY(requests->start)));
    return reserve(requests, n);
}

/* Puts `unsorted` [requests->n] in the order of partners, and those to one partner in the order of their keys. */
static void sort(rw_creation_requests *requests, const rw_creation_request *unsorted, const rw_network *network,
                 const rw_vacant_partners *partners) {
    const uint32_t *start = requests->start;
    uint32_t *keys = requests->keys;
    for (size_t k = 0; k < requests->n; k++)
        keys[k] =
            partners[rw_searched_population(requests->by_dendrites, &network->projections[unsorted[k].projection])]
                .first +
            unsorted[k].partner;
    rw_counting_sort(keys, (uint32_t)requests->n, requests->n_partners, requests->start);
    for (size_t k = 0; k < requests->n; k++)
        requests->items[keys[k]] = unsorted[k];
    for (uint32_t d = 0; d < requests->n_partners; d++)
        sort_by_key(requests->items + start[d], start[d + 1] - start[d]);
}

/* The requests of this rank's elements; returns how many. */
static size_t list_own(rw_creation_request *own, const rw_network *network, const rw_searching_elements *elements,
                       const rw_candidate *candidates) {
    int rank = rw_comm_rank(network->partition.comm);
    size_t n = 0;
    for (size_t k = 0; k < elements->n; k++) {
        const rw_candidate *candidate = &candidates[k];
        const rw_searching_element *element = &elements->items[k];
        if (candidate->projection != RW_NO_PARTNER)
            own[n++] = (rw_creation_request){.projection = candidate->projection,
                                             .partner = candidate->partner,
                                             .key = candidate->key,
                                             .id = element->id,
                                             .number = element->number,
                                             .element = (uint32_t)k,
                                             .rank = rank};
    }
    return n;
}

rw_err rw_exchange_creation_requests(rw_creation_requests *requests, const rw_network *network,
                                     const rw_searching_elements *elements, const rw_candidate *candidates,
                                     const rw_vacant_partners *partners) {
    const rw_comm *comm = network->partition.comm;
    rw_creation_request *all = NULL;
    requests->n = list_own(requests->spare, network, elements, candidates);
    if (rw_comm_size(comm) == 1) {
        sort(requests, requests->spare, network, partners);
        return RW_OK;
    }
    RW_TRY(rw_comm_share(comm, requests->spare, requests->n, sizeof *all, &all, &requests->n));
    rw_err err = rw_comm_agree(comm, reserve(requests, requests->n));
    if (err == RW_OK)
        sort(requests, all, network, partners);
    rw_free(all);
    return err;
}

/* Whether two elements of one cell request the same partner: earlier [n_earlier] are the requests accepted there. */
static bool is_repeated(const rw_creation_request *next, const rw_creation_request *earlier, size_t n_earlier) {
    for (size_t k = 0; k < n_earlier; k++)
        if (earlier[k].projection == next->projection && earlier[k].id == next->id)
            return true;
    return false;
}

static size_t accept(rw_creation_requests *requests, const rw_network *network, rw_searching_elements *elements,
                     rw_vacant_partners *partners) {
    const rw_vacant_partner *last = NULL;
    int rank = rw_comm_rank(network->partition.comm);
    size_t n = 0, first = 0; /* of this partner */
    for (size_t k = 0; k < requests->n; k++) {
        const rw_creation_request *next = &requests->items[k];
        const rw_projection *projection = &network->projections[next->projection];
        rw_vacant_partner *partner =
            &partners[rw_searched_population(requests->by_dendrites, projection)].items[next->partner];
        first = partner == last ? first : n;
        last = partner;
        if (partner->vacant == 0 ||
            (!projection->spec->multapses && is_repeated(next, requests->items + first, n - first)))
            continue;
        partner->vacant--;
        if (next->rank == rank)
            elements->resolved[next->element] = true;
        requests->items[n++] = *next;
    }
    return n;
}

/* The rank of a source knows the serial number of its next synapse; it tells the others. */
static rw_err share_serials(const rw_creation_requests *requests, rw_network *network,
                            const rw_vacant_partners *partners, size_t n) {
    uint32_t *serials = requests->keys; /* of the sources, 0 for those of other ranks */
    for (size_t k = 0; k < n; k++) {
        const rw_projection *projection = &network->projections[requests->items[k].projection];
        uint32_t source = rw_ends_of_request(requests, projection, k, partners).source;
        bool is_own =
            rw_partition_thread_of(&network->partition, network->populations[projection->source].count, source) >= 0;
        serials[k] = is_own ? projection->next_serial[source] : 0;
    }
    RW_TRY(rw_comm_reduce(network->partition.comm, serials, n, RW_U32, RW_MAX));
    for (size_t k = 0; k < n; k++) {
        const rw_projection *projection = &network->projections[requests->items[k].projection];
        projection->next_serial[rw_ends_of_request(requests, projection, k, partners).source] = serials[k];
    }
    return RW_OK;
}

rw_err rw_accept_creation_requests(rw_creation_requests *requests, rw_network *network, rw_searching_elements *elements,
                                   rw_vacant_partners *partners, size_t *n) {
    *n = accept(requests, network, elements, partners);
    return rw_comm_size(network->partition.comm) == 1 ? RW_OK : share_serials(requests, network, partners, *n);
}

void rw_creation_requests_destroy(rw_creation_requests *requests) {
    rw_free(requests->items);
    rw_free(requests->spare);
    rw_free(requests->keys);
    rw_free(requests->start);
    *requests = (rw_creation_requests){0};
}
