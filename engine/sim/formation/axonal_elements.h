/* Vacant axonal elements of this rank, listed box by box. */
#ifndef RW_SIM_AXONAL_ELEMENTS_H
#define RW_SIM_AXONAL_ELEMENTS_H

#include "net/spatial_grid.h"
#include "sim/elements/vacancies.h"
#include "sim/formation/search_grid.h"

/* A vacant axonal element. */
typedef struct {
    double at_um[3];
    uint32_t population, box;
    uint32_t id, number; /* of the cell; among the vacant elements of its axon */
} rw_axonal_element;

/* Zeroed at first, and kept from search to search; n = 0 empties the list. */
typedef struct {
    rw_axonal_element *items; /* [n] box after box of each population */
    bool *resolved;           /* [n] have found their partner since they were sorted */
    size_t n;
    rw_axonal_element *spare; /* [capacity] for sorting */
    uint32_t *keys;           /* [capacity] for sorting */
    uint32_t *start;          /* [start_capacity] for sorting */
    size_t capacity, start_capacity;
} rw_axonal_elements;

/* Adds the vacant elements of cells [n_cells] of a population. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_axonal_elements_add(rw_axonal_elements *list, const rw_network *network, uint32_t population,
                                            const rw_vacant *cells, size_t n_cells);

/* Sorts the elements by (population, box); none is resolved then. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_axonal_elements_sort(rw_axonal_elements *list, uint32_t n_populations,
                                             const rw_spatial_grid *grid);

/* Drops the elements that are resolved. */
void rw_axonal_elements_drop_resolved(rw_axonal_elements *list);

/* Frees what it holds. */
void rw_axonal_elements_destroy(rw_axonal_elements *list);

#endif
