/* Requests to create synapses: the candidates of all ranks, as partners see them. */
#ifndef RW_SIM_CREATION_REQUESTS_H
#define RW_SIM_CREATION_REQUESTS_H

#include "sim/formation/partner_search.h"

/* A candidate as ranks exchange it: for whom. */
typedef struct {
    uint32_t projection, partner, key;
    uint32_t id, number; /* cell and number of the searching element */
    uint32_t element;    /* index on its rank */
    int32_t rank;
} rw_creation_request;

/* Zeroed at first, and kept from search to search. */
typedef struct {
    rw_creation_request *items; /* [n] of all ranks, by partner and key */
    size_t n;
    rw_creation_request *spare; /* [capacity] for sorting */
    uint32_t *keys;             /* [capacity] for sorting */
    uint32_t *start;            /* [start_capacity] of each partner, for sorting */
    size_t capacity, start_capacity;
    uint32_t n_partners; /* of all populations */
    bool by_dendrites;   /* who searched */
} rw_creation_requests;

/* Reserves memory for the requests of n searching elements of this rank, and numbers the partners of all populations.
 * Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_creation_requests_begin(rw_creation_requests *requests, const rw_partner_search *search,
                                                size_t n, rw_vacant_partners *partners);

/* Exchanges the candidates [elements->n] of this rank's elements for the requests of all ranks. Collective. Errors:
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_exchange_creation_requests(rw_creation_requests *requests, const rw_network *network,
                                                   const rw_searching_elements *elements,
                                                   const rw_candidate *candidates, const rw_vacant_partners *partners);

/* Partners accept as many requests as they have vacant elements, those with the smallest keys: the accepted ones move
 * together at the front, and their elements of this rank are resolved. Every rank then knows the serial number that the
 * next synapse of each of their sources has; *n is how many there are. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_accept_creation_requests(rw_creation_requests *requests, rw_network *network,
                                                 rw_searching_elements *elements, rw_vacant_partners *partners,
                                                 size_t *n);

/* Source and target of request k. */
static inline rw_synapse_ends rw_ends_of_request(const rw_creation_requests *requests, const rw_projection *projection,
                                                 size_t k, const rw_vacant_partners *partners) {
    const rw_creation_request *request = &requests->items[k];
    uint32_t population = rw_searched_population(requests->by_dendrites, projection);
    return rw_ends_of_pair(requests->by_dendrites, request->id, partners[population].items[request->partner].id);
}

/* Frees what they hold. */
void rw_creation_requests_destroy(rw_creation_requests *requests);

#endif
