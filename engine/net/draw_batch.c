#include "net/draw_batch.h"

#include "base/philox_batch.h"
#include "model/model.h"

void rw_draw_batch_fill(rw_draw_batch *batch, rw_stream stream, uint64_t who, uint64_t when) {
    uint32_t *const words[4] = {batch->word[0], batch->word[1], batch->word[2], batch->word[3]};
    rw_draw_for_each_when(stream, who, when, RW_DRAW_BATCH, words);
}

RW_KERNEL void rw_draw_batch_exponentials(const rw_draw_batch *batch, double *waits) {
    for (uint32_t pair = 0; pair < 2; pair++) {
        const uint32_t *high = batch->word[2 * pair], *low = batch->word[2 * pair + 1];
#pragma omp simd
        for (uint32_t k = 0; k < RW_DRAW_BATCH; k++)
            waits[pair * RW_DRAW_BATCH + k] = -rw_log(rw_uniform64(high[k], low[k]));
    }
}

RW_KERNEL void rw_draw_batch_below(const rw_draw_batch *batch, uint32_t first_bound, uint32_t step, uint32_t *picks) {
    for (uint32_t pair = 0; pair < 2; pair++) {
        const uint32_t *high = batch->word[2 * pair], *low = batch->word[2 * pair + 1];
        uint32_t bound = first_bound + pair * RW_DRAW_BATCH * step;
#pragma omp simd
        for (uint32_t k = 0; k < RW_DRAW_BATCH; k++) { /* rw_uniform_below for a bound of 32 bits */
            uint64_t n = bound + k * step;
            picks[pair * RW_DRAW_BATCH + k] = (uint32_t)((high[k] * n + (low[k] * n >> 32)) >> 32);
        }
    }
}
