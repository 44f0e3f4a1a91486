/* Requests to create synapses: the candidates of all ranks, as dendrites see them. */
#ifndef RW_SIM_CREATION_REQUESTS_H
#define RW_SIM_CREATION_REQUESTS_H

#include "sim/formation/partner_search.h"

/* A candidate as ranks exchange it: of whom, and which serial number the source's next synapse has. */
typedef struct {
    uint32_t projection, dendrite, key;
    uint32_t source, number, serial; /* number: of the axonal element */
    uint32_t element;                /* index on its rank */
    int32_t rank;
} rw_creation_request;

/* Zeroed at first, and kept from search to search. */
typedef struct {
    rw_creation_request *items; /* [n] of all ranks, by dendrite and key */
    size_t n;
    rw_creation_request *spare; /* [capacity] for sorting */
    uint32_t *keys;             /* [capacity] for sorting */
    uint32_t *start;            /* [start_capacity] of each dendrite, for sorting */
    size_t capacity, start_capacity;
    uint32_t n_dendrites; /* of all populations */
} rw_creation_requests;

/* Reserves memory for the requests of n axonal elements of this rank, and numbers the dendrites of all populations.
 * Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_creation_requests_begin(rw_creation_requests *requests, size_t n, size_t n_populations,
                                                rw_vacant_dendrites *dendrites);

/* Exchanges the candidates [elements->n] of this rank's elements for the requests of all ranks. Collective. Errors:
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_exchange_creation_requests(rw_creation_requests *requests, rw_network *network,
                                                   const rw_axonal_elements *elements, const rw_candidate *candidates,
                                                   const rw_vacant_dendrites *dendrites);

/* Dendrites accept as many requests as they have vacant elements, those with the smallest keys: the accepted ones move
 * together at the front, and their elements of this rank are resolved. Returns how many there are. */
size_t rw_accept_creation_requests(rw_creation_requests *requests, const rw_network *network,
                                   rw_axonal_elements *elements, rw_vacant_dendrites *dendrites);

/* Frees what they hold. */
void rw_creation_requests_destroy(rw_creation_requests *requests);

#endif
