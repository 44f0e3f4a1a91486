/* Sampling without rejection: all vacant partners are listed with kernel x vacancies. For elements whose attempts have
 * cost about as much as that list. */
#ifndef RW_SIM_EXHAUSTIVE_SAMPLING_H
#define RW_SIM_EXHAUSTIVE_SAMPLING_H

#include "sim/formation/partner_search.h"

/* An element goes over to the list when its attempts x RW_PARTNERS_PER_ATTEMPT reach the number of partners; where
 * these are too many to list, it gives up for this update. */
enum {
    RW_MOST_LISTED = 32768,
    RW_PARTNERS_PER_ATTEMPT = 8,
    RW_MOST_ATTEMPTS = RW_MOST_LISTED / RW_PARTNERS_PER_ATTEMPT
};

/* Zeroed at first, and kept from search to search. */
typedef struct {
    double *sums; /* [capacity] of kernel x vacancies up to and with a partner, projection after projection */
    size_t capacity;
} rw_partner_list;

/* Makes the list long enough for a search. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_partner_list_reserve(rw_partner_list *list, const rw_partner_search *search);

/* Samples from all partners for an element, from an attempt on; only partners that are connected already are
 * rejected. If all are, the candidate stays as it is. */
void rw_sample_exhaustively(rw_partner_list *list, const rw_partner_search *search, const rw_searching_element *element,
                            uint32_t attempt, rw_candidate *candidate);

#endif
