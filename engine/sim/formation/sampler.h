/* Sampling of partners by one thread. */
#ifndef RW_SIM_SAMPLER_H
#define RW_SIM_SAMPLER_H

#include "sim/formation/exhaustive_sampling.h"
#include "sim/formation/sampling_table.h"

/* Zeroed at first, and kept from search to search. */
typedef struct {
    const rw_partner_search *search;
    rw_sampling_tables tables;
    rw_partner_list list;
} rw_sampler;

/* The attempt of an element that has sampled a partner, or found none. */
#define RW_RESOLVED UINT32_MAX

/* Prepares the sampler for a search, with the bounds of rw_kernel_bounds. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sampler_begin(rw_sampler *sampler, const rw_partner_search *search, const double *bounds);

/* Frees what it holds. */
void rw_sampler_destroy(rw_sampler *sampler);

/* Samples a candidate for each of the elements [n], sorted by population and box, that is not resolved, from attempt[k]
 * on; those that this rank knows to be connected already are rejected. */
void rw_sampler_sample(rw_sampler *sampler, const rw_searching_element *elements, size_t n, uint32_t *attempt,
                       rw_candidate *candidates);

#endif
