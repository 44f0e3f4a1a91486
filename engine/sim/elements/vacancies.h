/* Cells with vacant elements, floor(z) > connected, and cells with excess elements, floor(z) < connected. */
#ifndef RW_SIM_VACANCIES_H
#define RW_SIM_VACANCIES_H

#include "sim/elements/structure.h"

/* A cell with elements that are not part of a synapse. */
typedef struct {
    uint32_t id, vacant;
} rw_vacant;

/* Zeroed at first, and kept from use to use; items are to be freed. */
typedef struct {
    rw_vacant *items; /* [n] */
    size_t n, capacity;
} rw_vacant_list;

/* A cell with more elements connected than grown: so many of its synapses must go. */
typedef struct {
    uint64_t cell;
    uint64_t excess;
} rw_excess;

/* Lists this rank's cells with vacant elements of a kind, ascending. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_structure_list_vacant(const rw_structure *structure, uint32_t population, rw_element element,
                                              rw_vacant_list *list);

/* How many vacant elements of a kind this rank's cells have. */
uint64_t rw_structure_count_vacant(const rw_structure *structure, uint32_t population, rw_element element);

/* Lists the cells of all ranks with excess elements of a kind that grows, ascending; *cells [*n] are to be freed, also
 * after an error. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_structure_list_excess(const rw_structure *structure, uint32_t population, rw_element element,
                                              rw_excess **cells, size_t *n);

/* A share vacant_decay of the vacant elements of each of this rank's cells is lost. */
void rw_structure_decay_vacant(rw_structure *structure);

#endif
