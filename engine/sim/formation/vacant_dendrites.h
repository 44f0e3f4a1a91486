/* Vacant dendritic elements of all ranks, listed box by box, for sampling in proportion to their number. */
#ifndef RW_SIM_VACANT_DENDRITES_H
#define RW_SIM_VACANT_DENDRITES_H

#include "net/spatial_grid.h"
#include "sim/elements/vacancies.h"
#include "sim/formation/search_grid.h"

/* A dendrite with vacant elements. */
typedef struct {
    double at_um[3];
    uint64_t before; /* vacancies of the dendrites before it */
    uint32_t id, vacant;
} rw_vacant_dendrite;

/* The vacant elements in a box. */
typedef struct {
    uint64_t first, vacant; /* those before it, and its own */
} rw_vacant_box;

/* Those of one population; zeroed at first, and kept from search to search. */
typedef struct {
    rw_vacant_dendrite *items; /* [n + 1] box after box; the last one only ends the vacancies of the one before it */
    uint32_t n;
    uint32_t first;       /* index of the first one among those of all populations */
    rw_vacant_box *boxes; /* [n_boxes] of the grid */
    uint32_t *guide;      /* [] the dendrite of each 2^guide_shift-th vacancy */
    unsigned guide_shift;
    rw_vacant_dendrite *spare; /* [capacity] for sorting */
    uint32_t *keys;            /* [capacity] for sorting */
    uint32_t *start;           /* [boxes_capacity] for sorting */
    size_t capacity, boxes_capacity;
} rw_vacant_dendrites;

/* Makes the list that of cells [n] with vacant elements. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_vacant_dendrites_set(rw_vacant_dendrites *list, const rw_population *population,
                                             const rw_vacant *cells, size_t n);

/* Groups the dendrites by box, and numbers their vacancies. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_vacant_dendrites_sort(rw_vacant_dendrites *list, const rw_spatial_grid *grid);

/* Drops the dendrites that have no vacancy left. */
void rw_vacant_dendrites_drop_full(rw_vacant_dendrites *list);

/* Frees what it holds. */
void rw_vacant_dendrites_destroy(rw_vacant_dendrites *list);

#endif
