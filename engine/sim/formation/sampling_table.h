/* What searching elements of one box sample from: boxes of vacant partners, weighed with an upper bound of the kernel.
 */
#ifndef RW_SIM_SAMPLING_TABLE_H
#define RW_SIM_SAMPLING_TABLE_H

#include "sim/formation/partner_search.h"

/* For the elements of one population and box: the boxes of every projection that they are sources of. */
typedef struct {
    uint32_t population, box;
    uint32_t users;      /* elements that are sampling from it now */
    uint64_t n_partners; /* in all boxes */
    uint32_t n_projections;
    uint32_t *projections; /* [n_projections] */
    uint32_t n;            /* n_projections x boxes of the grid; 0: all are out of reach, or have no vacancy */
    double *bound;         /* [n] of the kernel in a box */
    double *cumulative;    /* [n] bound x vacancies up to and with box k */
    uint32_t *guide;       /* [n + 2] for draws from k / n of all on: where the search for the box begins */
    size_t capacity;       /* of each array */
} rw_sampling_table;

/* Boxes whose elements sample side by side: batches stay full where there are few elements to a box. */
enum { RW_SAMPLING_TABLES = 8 };

/* Those of one thread; zeroed at first, and kept from search to search. */
typedef struct {
    const rw_partner_search *search;
    const double *bounds; /* of rw_kernel_bounds */
    rw_sampling_table items[RW_SAMPLING_TABLES];
    uint32_t *apart[3]; /* [n_boxes] how far boxes along each side are from that of the elements: parts of an index in
                           bounds */
    size_t apart_capacity;
} rw_sampling_tables;

/* Upper bounds of the kernels of all projections that take part, by how far boxes are apart: bounds
 * [n_projections x n_boxes]. */
void rw_kernel_bounds(const rw_partner_search *search, double *bounds);

/* Prepares the tables for a search. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sampling_tables_begin(rw_sampling_tables *tables, const rw_partner_search *search,
                                              const double *bounds);

/* Frees what they hold. */
void rw_sampling_tables_destroy(rw_sampling_tables *tables);

/* The table of an element's population and box, made if there is none; NULL if all have users. */
rw_sampling_table *rw_sampling_tables_find(rw_sampling_tables *tables, const rw_searching_element *element);

#endif
