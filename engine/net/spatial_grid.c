#include "net/spatial_grid.h"

#include <string.h>

rw_spatial_grid rw_spatial_grid_create(const rw_scenario *scenario, const uint32_t n[3], rw_grid_order order) {
    rw_spatial_grid grid = {.periodic = scenario->periodic, .n_boxes = 1};
    for (int k = 0; k < 3; k++) {
        int d = order == RW_GRID_X_FASTEST ? k : 2 - k;
        grid.n[d] = n[d];
        grid.side_um[d] = d < scenario->dimensions ? scenario->size_um[d] / n[d] : 0.0;
        grid.stride[d] = grid.n_boxes;
        grid.n_boxes *= n[d];
    }
    return grid;
}

/* The counts of keys stand two elements late in `start`, their sums one element late; filling moves each sum on to the
 * end of its key, which is the start of the next. */
void rw_counting_sort(uint32_t *keys, uint32_t n, uint32_t n_keys, uint32_t *start) {
    memset(start, 0, ((size_t)n_keys + 2) * sizeof *start);
    for (uint32_t k = 0; k < n; k++)
        start[keys[k] + 2]++;
    for (uint32_t key = 2; key <= n_keys + 1; key++)
        start[key] += start[key - 1];
    for (uint32_t k = 0; k < n; k++)
        keys[k] = start[keys[k] + 1]++;
}
