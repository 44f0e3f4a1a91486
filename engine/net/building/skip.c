#include "net/building/skip.h"

#include "base/vmath.h"
#include "model/model.h"

double rw_skip_rate(double p) {
    if (p >= 1.0)
        return 40.0;
    if (p < 1e-4) /* the series, because 1 - p would round p away */
        return p * (1.0 + p * (1.0 / 2.0 + p * (1.0 / 3.0 + p / 4.0)));
    return -rw_log(1.0 - p);
}

RW_KERNEL static void scale_waits(const double *waits, double scale, uint32_t *gaps) {
    for (uint32_t k = 0; k < RW_SKIP_BATCH; k++) {
        double gap = waits[k] * scale;
        gaps[k] = (uint32_t)(int32_t)(gap < 2147483647.0 ? gap : 2147483647.0);
    }
}

void rw_skip_refill(rw_skipper *skipper) {
    rw_draw_batch batch;
    double waits[RW_SKIP_BATCH];
    rw_draw_batch_fill(&batch, skipper->stream, skipper->who, skipper->when);
    rw_draw_batch_exponentials(&batch, waits);
    scale_waits(waits, skipper->scale, skipper->gaps);
    skipper->when += RW_DRAW_BATCH;
    skipper->used = 0;
}
