#include "sim/formation/creation_requests.h"

#include <stdlib.h>

#include "base/workspace.h"
#include "net/spatial_grid.h"

/* So few requests to a dendrite are sorted by insertion. */
enum { FEW = 16 };

/* The order among those to one dendrite. */
static int by_key(const void *left, const void *right) {
    const rw_creation_request *a = left, *b = right;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    if (a->projection != b->projection)
        return a->projection < b->projection ? -1 : 1;
    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
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

rw_err rw_creation_requests_begin(rw_creation_requests *requests, size_t n, size_t n_populations,
                                  rw_vacant_dendrites *dendrites) {
    requests->n_dendrites = 0;
    for (size_t p = 0; p < n_populations; p++) {
        dendrites[p].first = requests->n_dendrites;
        requests->n_dendrites += dendrites[p].n;
    }
    RW_TRY(RW_WORKSPACE_RESERVE(&requests->start_capacity, (size_t)requests->n_dendrites + 2, "partner search",
                                RW_WORKSPACE_ARRAY(requests->start)));
    return reserve(requests, n);
}

/* Puts `unsorted` [requests->n] in the order of dendrites, and those to one dendrite in the order of their keys. */
static void sort(rw_creation_requests *requests, const rw_creation_request *unsorted, const rw_network *network,
                 const rw_vacant_dendrites *dendrites) {
    const uint32_t *start = requests->start;
    uint32_t *keys = requests->keys;
    for (size_t k = 0; k < requests->n; k++)
        keys[k] = dendrites[network->projections[unsorted[k].projection].target].first + unsorted[k].dendrite;
    rw_counting_sort(keys, (uint32_t)requests->n, requests->n_dendrites, requests->start);
    for (size_t k = 0; k < requests->n; k++)
        requests->items[keys[k]] = unsorted[k];
    for (uint32_t d = 0; d < requests->n_dendrites; d++)
        sort_by_key(requests->items + start[d], start[d + 1] - start[d]);
}

/* The requests of this rank's elements; returns how many. */
static size_t list_own(rw_creation_request *own, const rw_network *network, const rw_axonal_elements *elements,
                       const rw_candidate *candidates) {
    int rank = rw_comm_rank(network->partition.comm);
    size_t n = 0;
    for (size_t k = 0; k < elements->n; k++) {
        const rw_candidate *candidate = &candidates[k];
        const rw_axonal_element *element = &elements->items[k];
        if (candidate->projection != RW_NO_PARTNER)
            own[n++] =
                (rw_creation_request){.projection = candidate->projection,
                                      .dendrite = candidate->dendrite,
                                      .key = candidate->key,
                                      .source = element->id,
                                      .number = element->number,
                                      .serial = network->projections[candidate->projection].next_serial[element->id],
                                      .element = (uint32_t)k,
                                      .rank = rank};
    }
    return n;
}

/* The serial numbers of sources on other ranks are known from their requests only. */
static void learn_serials(const rw_creation_requests *requests, rw_network *network) {
    int rank = rw_comm_rank(network->partition.comm);
    for (size_t k = 0; k < requests->n; k++) {
        const rw_creation_request *request = &requests->items[k];
        if (request->rank != rank)
            network->projections[request->projection].next_serial[request->source] = request->serial;
    }
}

rw_err rw_exchange_creation_requests(rw_creation_requests *requests, rw_network *network,
                                     const rw_axonal_elements *elements, const rw_candidate *candidates,
                                     const rw_vacant_dendrites *dendrites) {
    const rw_comm *comm = network->partition.comm;
    rw_creation_request *all = NULL;
    requests->n = list_own(requests->spare, network, elements, candidates);
    if (rw_comm_size(comm) == 1) {
        sort(requests, requests->spare, network, dendrites);
        return RW_OK;
    }
    RW_TRY(rw_comm_share(comm, requests->spare, requests->n, sizeof *all, &all, &requests->n));
    rw_err err = rw_comm_agree(comm, reserve(requests, requests->n));
    if (err == RW_OK) {
        sort(requests, all, network, dendrites);
        learn_serials(requests, network);
    }
    rw_free(all);
    return err;
}

/* Whether two elements of one axon request the same dendrite: earlier [n_earlier] are the requests accepted there. */
static bool is_repeated(const rw_creation_request *next, const rw_creation_request *earlier, size_t n_earlier) {
    for (size_t k = 0; k < n_earlier; k++)
        if (earlier[k].projection == next->projection && earlier[k].source == next->source)
            return true;
    return false;
}

size_t rw_accept_creation_requests(rw_creation_requests *requests, const rw_network *network,
                                   rw_axonal_elements *elements, rw_vacant_dendrites *dendrites) {
    const rw_vacant_dendrite *last = NULL;
    int rank = rw_comm_rank(network->partition.comm);
    size_t n = 0, first = 0; /* of this dendrite */
    for (size_t k = 0; k < requests->n; k++) {
        const rw_creation_request *next = &requests->items[k];
        const rw_projection *projection = &network->projections[next->projection];
        rw_vacant_dendrite *dendrite = &dendrites[projection->target].items[next->dendrite];
        first = dendrite == last ? first : n;
        last = dendrite;
        if (dendrite->vacant == 0 ||
            (!projection->spec->multapses && is_repeated(next, requests->items + first, n - first)))
            continue;
        dendrite->vacant--;
        if (next->rank == rank)
            elements->resolved[next->element] = true;
        requests->items[n++] = *next;
    }
    return n;
}

void rw_creation_requests_destroy(rw_creation_requests *requests) {
    rw_free(requests->items);
    rw_free(requests->spare);
    rw_free(requests->keys);
    rw_free(requests->start);
    *requests = (rw_creation_requests){0};
}
