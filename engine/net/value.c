/* Numbers from distributions, and how a probability falls with distance. */
#include "net/building/batch.h"
#include "net/network.h"

/* Draws that fall outside the range are drawn again with the attempt in the high bits of `when`. */
enum { MAX_ATTEMPTS = 65536 };

static double draw_once(const rw_value *value, rw_bits bits) {
    switch (value->kind) {
    case RW_UNIFORM:
        return value->a + (value->b - value->a) * rw_uniform64(bits.word[0], bits.word[1]);
    case RW_NORMAL:
        return value->a + value->b * rw_normal(bits);
    case RW_LOGNORMAL:
        return rw_lognormal(value->a, value->b, rw_normal(bits));
    default:
        return value->a;
    }
}

double rw_value_draw(const rw_value *value, rw_stream stream, uint64_t who, uint64_t when) {
    if (value->kind == RW_CONSTANT)
        return value->a;
    if (value->kind == RW_TABLE)
        return value->table[who];
    double x = 0.0;
    for (uint64_t attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        x = draw_once(value, rw_draw(stream, who, when | attempt << 32));
        if (x >= value->min && x <= value->max)
            return x;
    }
    return x < value->min ? value->min : value->max;
}

uint32_t rw_delay_steps(double delay_ms, double step_ms) {
    double steps = floor(delay_ms / step_ms + 0.5);
    if (!(steps > 1.0))
        return 1;
    return steps < 0x1p31 ? (uint32_t)steps : (uint32_t)1 << 31;
}

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
