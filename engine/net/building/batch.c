#include "net/building/batch.h"

#include "net/network.h"

RW_KERNEL void rw_batch_draw(rw_batch *batch, rw_stream stream, uint64_t who, uint64_t when) {
    uint32_t first = (uint32_t)when;
    uint32_t high = (uint32_t)(who >> 32) << 16 | ((uint32_t)(when >> 32) & 0xFFFFu);
#pragma omp simd
    for (uint32_t k = 0; k < RW_BATCH; k++) {
        rw_bits bits = rw_philox(stream.domain, (uint32_t)who, first + k, high, stream.key[0], stream.key[1]);
        batch->word[0][k] = bits.word[0];
        batch->word[1][k] = bits.word[1];
        batch->word[2][k] = bits.word[2];
        batch->word[3][k] = bits.word[3];
    }
}

RW_KERNEL void rw_batch_exponentials(const rw_batch *batch, double *waits) {
    for (uint32_t pair = 0; pair < 2; pair++) {
        const uint32_t *high = batch->word[2 * pair], *low = batch->word[2 * pair + 1];
#pragma omp simd
        for (uint32_t k = 0; k < RW_BATCH; k++)
            waits[pair * RW_BATCH + k] = -rw_log(rw_uniform64(high[k], low[k]));
    }
}

RW_KERNEL void rw_batch_below(const rw_batch *batch, uint32_t first_bound, uint32_t step, uint32_t *picks) {
    for (uint32_t pair = 0; pair < 2; pair++) {
        const uint32_t *high = batch->word[2 * pair], *low = batch->word[2 * pair + 1];
        uint32_t bound = first_bound + pair * RW_BATCH * step;
#pragma omp simd
        for (uint32_t k = 0; k < RW_BATCH; k++) { /* rw_uniform_below for a bound of 32 bits */
            uint64_t n = bound + k * step;
            picks[pair * RW_BATCH + k] = (uint32_t)((high[k] * n + (low[k] * n >> 32)) >> 32);
        }
    }
}

RW_KERNEL static void uniforms(const rw_batch *batch, double a, double b, double *values) {
#pragma omp simd
    for (uint32_t k = 0; k < RW_BATCH; k++)
        values[k] = a + (b - a) * rw_uniform64(batch->word[0][k], batch->word[1][k]);
}

RW_KERNEL static void normals(const rw_batch *batch, double mean, double std, double *values) {
#pragma omp simd
    for (uint32_t k = 0; k < RW_BATCH; k++) {
        rw_bits bits = {{batch->word[0][k], batch->word[1][k], batch->word[2][k], batch->word[3][k]}};
        values[k] = mean + std * rw_normal(bits);
    }
}

RW_KERNEL static void lognormals(const rw_batch *batch, double mean, double std, double *values) {
#pragma omp simd
    for (uint32_t k = 0; k < RW_BATCH; k++) {
        rw_bits bits = {{batch->word[0][k], batch->word[1][k], batch->word[2][k], batch->word[3][k]}};
        values[k] = rw_lognormal(mean, std, rw_normal(bits));
    }
}

/* First attempts at the draws of a batch; the same arithmetic as rw_value_draw. */
static void first_attempts(const rw_value *value, const rw_batch *batch, double *values) {
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
        for (uint32_t k = 0; k < RW_BATCH; k++)
            values[k] = value->a;
    }
}

void rw_value_draw_run(const rw_value *value, rw_stream stream, uint64_t who, uint64_t when, size_t n, double *values) {
    RW_ASSERT(value->kind != RW_TABLE);
    rw_batch batch;
    double first[RW_BATCH];
    for (size_t done = 0; done < n;) {
        uint64_t offset = (when + done) % RW_BATCH;
        if (value->kind != RW_CONSTANT)
            rw_batch_draw(&batch, stream, who, when + done - offset);
        first_attempts(value, &batch, first);
        for (uint64_t k = offset; k < RW_BATCH && done < n; k++, done++) {
            bool inside = value->kind == RW_CONSTANT || (first[k] >= value->min && first[k] <= value->max);
            values[done] = inside ? first[k] : rw_value_draw(value, stream, who, when + done);
        }
    }
}
