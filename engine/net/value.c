#include "net/value.h"

#include <math.h>
#include <string.h>

#include "base/vmath.h"
#include "net/draw_batch.h"

/* The lognormal number with its own mean and standard deviation, from a standard normal z; a negative mean mirrors it.
 */
static inline double lognormal(double mean, double std, double z) {
    double magnitude = fabs(mean);
    double ratio = std / magnitude;
    double variance = rw_log(1.0 + ratio * ratio);
    double x = rw_exp(rw_log(magnitude) - 0.5 * variance + sqrt(variance) * z);
    x = mean == 0.0 ? 0.0 : x;
    return mean < 0.0 ? -x : x;
}

/* Draws that fall outside the range are drawn again with the attempt in the high bits of `when`. */
enum { MAX_ATTEMPTS = 65536 };

static double draw_once(const rw_value *value, rw_bits bits) {
    switch (value->kind) {
    case RW_UNIFORM:
        return value->a + (value->b - value->a) * rw_uniform64(bits.word[0], bits.word[1]);
    case RW_NORMAL:
        return value->a + value->b * rw_normal(bits);
    case RW_LOGNORMAL:
        return lognormal(value->a, value->b, rw_normal(bits));
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

RW_KERNEL void rw_delays_steps(const double *delays_ms, double step_ms, size_t n, uint32_t *steps) {
#pragma omp simd
    for (size_t k = 0; k < n; k++) {
        double rounded = floor(delays_ms[k] / step_ms + 0.5);
        rounded = rounded > 1.0 ? rounded : 1.0;
        rounded = rounded < 0x1p31 ? rounded : 0x1p31;
        steps[k] = (uint32_t)(int32_t)(rounded - 1.0) + 1; /* at most 2^31, whose predecessor is signed */
    }
}

RW_KERNEL static void uniforms(const rw_draw_batch *batch, double a, double b, double *values) {
#pragma omp simd
    for (uint32_t k = 0; k < RW_DRAW_BATCH; k++)
        values[k] = a + (b - a) * rw_uniform64(batch->word[0][k], batch->word[1][k]);
}

RW_KERNEL static void normals(const rw_draw_batch *batch, double mean, double std, double *values) {
#pragma omp simd
    for (uint32_t k = 0; k < RW_DRAW_BATCH; k++) {
        rw_bits bits = {{batch->word[0][k], batch->word[1][k], batch->word[2][k], batch->word[3][k]}};
        values[k] = mean + std * rw_normal(bits);
    }
}

RW_KERNEL static void lognormals(const rw_draw_batch *batch, double mean, double std, double *values) {
#pragma omp simd
    for (uint32_t k = 0; k < RW_DRAW_BATCH; k++) {
        rw_bits bits = {{batch->word[0][k], batch->word[1][k], batch->word[2][k], batch->word[3][k]}};
        values[k] = lognormal(mean, std, rw_normal(bits));
    }
}

/* First attempts at the draws of a batch; the same arithmetic as rw_value_draw. */
static void first_attempts(const rw_value *value, const rw_draw_batch *batch, double *values) {
    switch (value->kind) {
    case RW_UNIFORM:
        uniforms(batch, value->a, value->b, values);
        return;
    case RW_NORMAL:
        normals(batch, value->a, value->b, values);
        return;
    case RW_LOGNORMAL:
        lognormals(batch, value->a, value->b, values);
        return;
    default:
        for (uint32_t k = 0; k < RW_DRAW_BATCH; k++)
            values[k] = value->a;
    }
}

/* Whether one of n values is out of the range of a value. */
RW_KERNEL static bool any_outside(const rw_value *value, const double *values, uint64_t n) {
    double min = value->min, max = value->max;
    uint32_t outside = 0;
#pragma omp simd reduction(| : outside)
    for (uint64_t k = 0; k < n; k++)
        outside |= values[k] >= min && values[k] <= max ? 0u : 1u;
    return outside != 0;
}

void rw_value_draw_run(const rw_value *value, rw_stream stream, uint64_t who, uint64_t when, size_t n, double *values) {
    RW_ASSERT(value->kind != RW_TABLE);
    rw_draw_batch batch;
    double first[RW_DRAW_BATCH];
    for (size_t done = 0; done < n;) {
        uint64_t offset = (when + done) % RW_DRAW_BATCH, left = n - done;
        uint64_t run = RW_DRAW_BATCH - offset < left ? RW_DRAW_BATCH - offset : left;
        if (value->kind != RW_CONSTANT)
            rw_draw_batch_fill(&batch, stream, who, when + done - offset);
        first_attempts(value, &batch, first);
        memcpy(values + done, first + offset, run * sizeof *values);
        if (value->kind != RW_CONSTANT && any_outside(value, values + done, run))
            for (uint64_t k = done; k < done + run; k++)
                if (!(values[k] >= value->min && values[k] <= value->max))
                    values[k] = rw_value_draw(value, stream, who, when + k);
        done += run;
    }
}
