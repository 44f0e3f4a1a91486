/* Vacant elements as the search for partners sees them: those that search of this rank, and their partners of all
 * ranks, listed box by box of a grid over space. */
#ifndef RW_SIM_VACANT_ELEMENTS_H
#define RW_SIM_VACANT_ELEMENTS_H

#include "net/network.h"
#include "net/spatial_grid.h"
#include "sim/elements/vacancies.h"

/* The grid for a search by about `n` searching elements; one box without space or kernel. */
rw_spatial_grid rw_search_grid(const rw_network *network, bool inhibitory, uint64_t n);

/* A partner with vacant elements. */
typedef struct {
    double at_um[3];
    uint64_t before; /* vacancies of the partners before it */
    uint32_t id, vacant;
} rw_vacant_partner;

/* The vacant elements in a box. */
typedef struct {
    uint64_t first, vacant; /* those before it, and its own */
} rw_vacant_box;

/* Those of one population; zeroed at first, and kept from search to search. */
typedef struct {
    rw_vacant_partner *items; /* [n + 1] box after box; the last one only ends the vacancies of the one before it */
    uint32_t n;
    uint32_t first;       /* index of the first one among those of all populations */
    rw_vacant_box *boxes; /* [n_boxes] of the grid */
    uint32_t *guide;      /* [] the partner of each 2^guide_shift-th vacancy */
    unsigned guide_shift;
    rw_vacant_partner *spare; /* [capacity] for sorting */
    uint32_t *keys;           /* [capacity] for sorting */
    uint32_t *start;          /* [boxes_capacity] for sorting */
    size_t capacity, boxes_capacity;
} rw_vacant_partners;

/* Makes the list that of cells [n] with vacant elements. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_vacant_partners_set(rw_vacant_partners *list, const rw_population *population,
                                            const rw_vacant *cells, size_t n);

/* Reserves memory to sort the list. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_vacant_partners_reserve(rw_vacant_partners *list, const rw_spatial_grid *grid);

/* Groups the partners by box, and numbers their vacancies. */
void rw_vacant_partners_sort(rw_vacant_partners *list, const rw_spatial_grid *grid);

/* Drops the partners that have no vacancy left. */
void rw_vacant_partners_drop_full(rw_vacant_partners *list);

/* Frees what it holds. */
void rw_vacant_partners_destroy(rw_vacant_partners *list);

/* A searching element. */
typedef struct {
    double at_um[3];
    uint32_t population, box;
    uint32_t id, number; /* of the cell; among its vacant elements */
} rw_searching_element;

/* Those of this rank; zeroed at first, and kept from search to search; n = 0 empties the list. */
typedef struct {
    rw_searching_element *items; /* [n] box after box of each population */
    bool *resolved;              /* [n] have found their partner since they were sorted */
    size_t n;
    rw_searching_element *spare; /* [capacity] for sorting */
    uint32_t *keys;              /* [capacity] for sorting */
    uint32_t *start;             /* [start_capacity] for sorting */
    size_t capacity, start_capacity;
} rw_searching_elements;

/* Adds the vacant elements of cells [n_cells] of a population. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_searching_elements_add(rw_searching_elements *list, const rw_network *network,
                                               uint32_t population, const rw_vacant *cells, size_t n_cells);

/* Reserves memory to sort the list. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_searching_elements_reserve(rw_searching_elements *list, size_t n_populations,
                                                   const rw_spatial_grid *grid);

/* Sorts the elements by (population, box); none is resolved then. */
void rw_searching_elements_sort(rw_searching_elements *list, size_t n_populations, const rw_spatial_grid *grid);

/* Drops the elements that are resolved. */
void rw_searching_elements_drop_resolved(rw_searching_elements *list);

/* Frees what it holds. */
void rw_searching_elements_destroy(rw_searching_elements *list);

#endif
