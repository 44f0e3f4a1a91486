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

RW_KERNEL double rw_kernel_value(const rw_kernel *kernel, double distance_um) {
    if (distance_um > kernel->cutoff_um)
        return 0.0;
    double x = distance_um / kernel->sigma_um;
    switch (kernel->kind) {
    case RW_KERNEL_GAUSSIAN:
        return rw_exp(-0.5 * x * x);
    case RW_KERNEL_EXPONENTIAL:
        return rw_exp(-x);
    case RW_KERNEL_BOX:
        return distance_um <= kernel->sigma_um ? 1.0 : 0.0;
    case RW_KERNEL_POWER:
        return rw_power(1.0 + x, -kernel->exponent);
    default:
        return 1.0;
    }
}
