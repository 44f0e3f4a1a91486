#include "net/space.h"

#include <math.h>
#include <string.h>

/* Adds the squares of the distances of n pairs of positions along one side, `period_um` long or infinite. */
RW_KERNEL_BODY void add_squares(const double *from_um, const double *to_um, size_t n, double period_um,
                                double *square) {
#pragma omp simd
    for (size_t k = 0; k < n; k++) {
        double along = fabs(from_um[k] - to_um[k]);
        along = along > 0.5 * period_um ? period_um - along : along;
        square[k] += along * along;
    }
}

RW_KERNEL void rw_space_distances(const rw_scenario *scenario, const double *const *from_um, const double *const *to_um,
                                  size_t n, double *distance_um) {
    memset(distance_um, 0, n * sizeof *distance_um);
    for (int d = 0; d < scenario->dimensions; d++)
        add_squares(from_um[d], to_um[d], n, scenario->periodic ? scenario->size_um[d] : INFINITY, distance_um);
#pragma omp simd
    for (size_t k = 0; k < n; k++)
        distance_um[k] = sqrt(distance_um[k]);
}

double rw_space_distance(const rw_scenario *scenario, const double *a_um, const double *b_um) {
    double square = 0.0;
    for (int d = 0; d < scenario->dimensions; d++)
        add_squares(&a_um[d], &b_um[d], 1, scenario->periodic ? scenario->size_um[d] : INFINITY, &square);
    return sqrt(square);
}
