/* A grid of boxes over space, and a counting sort of items by box: for drawing partners by distance, when a network is
 * built and when synapses form. */
#ifndef RW_NET_SPATIAL_GRID_H
#define RW_NET_SPATIAL_GRID_H

#include "config/scenario.h"

/* Which coordinate changes fastest from one box to the next. */
typedef enum { RW_GRID_X_FASTEST, RW_GRID_X_SLOWEST } rw_grid_order;

/* Boxes of equal size. A zeroed grid with n = {1, 1, 1} and n_boxes = 1 is one box without bounds. */
typedef struct {
    uint32_t n[3];      /* boxes along each side */
    uint32_t stride[3]; /* from a box to its neighbour along each side */
    double side_um[3];  /* of a box; 0 in dimensions the space does not have */
    bool periodic;
    uint32_t n_boxes;
} rw_spatial_grid;

/* Divides the space into n[0] x n[1] x n[2] < 2^32 boxes; n is 1 in dimensions the space does not have. */
rw_spatial_grid rw_spatial_grid_create(const rw_scenario *scenario, const uint32_t n[3], rw_grid_order order);

/* The box of a position [3]; positions outside of the space count to the nearest box. */
static inline uint32_t rw_spatial_grid_box(const rw_spatial_grid *grid, const double *at_um) {
    uint32_t box = 0;
    for (int d = 0; d < 3; d++) {
        if (grid->n[d] == 1)
            continue;
        double along = at_um[d] / grid->side_um[d], last = grid->n[d] - 1;
        along = along > 0.0 ? along : 0.0;
        box += grid->stride[d] * (uint32_t)(int32_t)(along < last ? along : last);
    }
    return box;
}

/* Counting sort, stable: replaces each keys[n], all below n_keys, by the item's index in ascending order of keys. Items
 * of key k are then those from start[k] to start[k + 1] - 1; start [n_keys + 2]. */
void rw_counting_sort(uint32_t *keys, uint32_t n, uint32_t n_keys, uint32_t *start);

#endif
