#include "net/skip.h"

#include "model/model.h"

double rw_skip_rate(double p) {
    if (p >= 1.0)
        return 40.0;
    if (p < 1e-4) /* the series, because 1 - p would round p away */
        return p * (1.0 + p * (1.0 / 2.0 + p * (1.0 / 3.0 + p / 4.0)));
    return -rw_log(1.0 - p);
}

RW_KERNEL void rw_skip_refill(rw_skipper *skipper) {
    double u[RW_SKIP_BATCH];
    for (uint32_t k = 0; k < RW_SKIP_BATCH / 2; k++) {
        rw_bits bits = rw_draw(skipper->stream, skipper->who, skipper->when + k);
        u[2 * k] = rw_uniform64(bits.word[0], bits.word[1]);
        u[2 * k + 1] = rw_uniform64(bits.word[2], bits.word[3]);
    }
    double scale = skipper->scale;
    for (uint32_t k = 0; k < RW_SKIP_BATCH; k++) {
        double gap = -rw_log(u[k]) * scale;
        skipper->gaps[k] = (uint32_t)(int32_t)(gap < 2147483647.0 ? gap : 2147483647.0);
    }
    skipper->when += RW_SKIP_BATCH / 2;
    skipper->used = 0;
}
