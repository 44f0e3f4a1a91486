#include "net/distance_kernel.h"

#include "base/vmath.h"

/* A kernel that is an exponential. */
RW_KERNEL_BODY double exponential_at(bool gaussian, double sigma_um, double cutoff_um, double distance_um) {
    double x = distance_um / sigma_um;
    double value = rw_exp(gaussian ? -0.5 * x * x : -x);
    return distance_um > cutoff_um ? 0.0 : value;
}

RW_KERNEL double rw_kernel_value(const rw_kernel *kernel, double distance_um) {
    if (distance_um > kernel->cutoff_um)
        return 0.0;
    switch (kernel->kind) {
    case RW_KERNEL_GAUSSIAN:
    case RW_KERNEL_EXPONENTIAL:
        return exponential_at(kernel->kind == RW_KERNEL_GAUSSIAN, kernel->sigma_um, kernel->cutoff_um, distance_um);
    case RW_KERNEL_BOX:
        return distance_um <= kernel->sigma_um ? 1.0 : 0.0;
    case RW_KERNEL_POWER:
        return rw_power(1.0 + distance_um / kernel->sigma_um, -kernel->exponent);
    default:
        return 1.0;
    }
}

/* Puts the values of power kernels among the others. */
RW_KERNEL_BODY void put_powers(const rw_kernel *const *kernels, const double *distance_um, size_t n, double *values) {
    double sigma_um[RW_CHUNK], cutoff_um[RW_CHUNK], exponent[RW_CHUNK];
    int64_t power[RW_CHUNK];
    for (size_t k = 0; k < n; k++) {
        sigma_um[k] = kernels[k]->sigma_um;
        cutoff_um[k] = kernels[k]->cutoff_um;
        exponent[k] = kernels[k]->exponent;
        power[k] = kernels[k]->kind == RW_KERNEL_POWER;
    }
#pragma omp simd
    for (size_t k = 0; k < n; k++) {
        double value = rw_power(1.0 + distance_um[k] / sigma_um[k], -exponent[k]);
        value = distance_um[k] > cutoff_um[k] ? 0.0 : value;
        values[k] = power[k] != 0 ? value : values[k];
    }
}

RW_KERNEL void rw_kernel_values(const rw_kernel *const *kernels, const double *distance_um, size_t n, double *values) {
    double sigma_um[RW_CHUNK], cutoff_um[RW_CHUNK];
    int64_t gaussian[RW_CHUNK];
    bool powers = false;
    RW_ASSERT(n <= RW_CHUNK);
    for (size_t k = 0; k < n; k++) {
        sigma_um[k] = kernels[k]->sigma_um;
        cutoff_um[k] = kernels[k]->cutoff_um;
        gaussian[k] = kernels[k]->kind == RW_KERNEL_GAUSSIAN;
        powers |= kernels[k]->kind == RW_KERNEL_POWER;
    }
#pragma omp simd
    for (size_t k = 0; k < n; k++)
        values[k] = exponential_at(gaussian[k] != 0, sigma_um[k], cutoff_um[k], distance_um[k]);
    if (powers)
        put_powers(kernels, distance_um, n, values);
    for (size_t k = 0; k < n; k++)
        if (kernels[k]->kind == RW_KERNEL_BOX || kernels[k]->kind == RW_KERNEL_NONE)
            values[k] = rw_kernel_value(kernels[k], distance_um[k]);
}
