/* How a probability falls with distance. */
#ifndef RW_NET_DISTANCE_KERNEL_H
#define RW_NET_DISTANCE_KERNEL_H

#include "config/scenario.h"

/* Value of `kernel` at distance_um, 0 .. 1. Must never rise with distance: the partner search bounds the values in a
 * box by the value at its smallest distance. */
double rw_kernel_value(const rw_kernel *kernel, double distance_um);

/* Values [n] of a kernel each at a distance each; n <= RW_CHUNK. Bitwise equal to rw_kernel_value. */
void rw_kernel_values(const rw_kernel *const *kernels, const double *distance_um, size_t n, double *values);

#endif
