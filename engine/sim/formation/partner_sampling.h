/* Sampling of partners by all threads and ranks. */
#ifndef RW_SIM_PARTNER_SAMPLING_H
#define RW_SIM_PARTNER_SAMPLING_H

#include "sim/formation/sampler.h"

/* Zeroed at first, and kept from search to search. */
typedef struct {
    rw_candidate *candidates; /* [searching elements] */
    uint32_t *attempt;        /* [searching elements] to continue with */
    size_t capacity;          /* of both */
    double *bounds;           /* [bounds_capacity] of kernels */
    size_t bounds_capacity;
    rw_sampler *samplers; /* [n_samplers] one for each thread */
    size_t n_samplers;
} rw_partner_sampling;

/* Prepares a search by n searching elements. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_partner_sampling_begin(rw_partner_sampling *sampling, const rw_partner_search *search,
                                               size_t n);

/* Samples a partner for every searching element of this rank: sampling->candidates [elements->n]. Elements and partners
 * are sorted by the grid of the search, which the sampling has begun. No candidate is connected already, if its
 * projection has no multapses. Parallel, and the same for any team. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sample_partners(rw_partner_sampling *sampling, const rw_partner_search *search,
                                        const rw_searching_elements *elements);

/* Frees what it holds. */
void rw_partner_sampling_destroy(rw_partner_sampling *sampling);

#endif
