#include "sim/formation/search_grid.h"

#include <math.h>

/* Boxes for each square root of the elements, and at least. */
enum { BOXES_PER_ROOT = 2, FEWEST_BOXES = 36 };

/* The shortest distance over which a kernel changes; infinity if none does. */
static double shortest_reach(const rw_network *network, bool inhibitory) {
    double shortest = INFINITY;
    for (size_t p = 0; p < network->n_projections; p++) {
        const rw_projection_spec *spec = network->projections[p].spec;
        const rw_kernel *kernel = &spec->search;
        double reach = kernel->kind == RW_KERNEL_NONE ? kernel->cutoff_um : fmin(kernel->sigma_um, kernel->cutoff_um);
        if (spec->structural && spec->inhibitory == inhibitory)
            shortest = fmin(shortest, reach);
    }
    return shortest;
}

rw_spatial_grid rw_search_grid(const rw_network *network, bool inhibitory, uint64_t n) {
    const rw_scenario *scenario = network->scenario;
    uint32_t boxes[3] = {1, 1, 1};
    double reach = shortest_reach(network, inhibitory);
    /* Each box of axonal elements lists each box of vacancies, so the number of boxes grows with the square root of the
     * elements to keep the cost of these lists linear. Boxes narrower than an eighth of the reach would hardly make a
     * draw more likely to be accepted. */
    double n_boxes = fmax(BOXES_PER_ROOT * sqrt((double)n), FEWEST_BOXES);
    for (int d = 0; d < scenario->dimensions && !isinf(reach); d++) {
        double per_side = floor(pow(n_boxes + 1.0, 1.0 / scenario->dimensions));
        boxes[d] = (uint32_t)fmax(1.0, fmin(per_side, ceil(8.0 * scenario->size_um[d] / reach)));
    }
    return rw_spatial_grid_create(scenario, boxes, RW_GRID_X_SLOWEST);
}
