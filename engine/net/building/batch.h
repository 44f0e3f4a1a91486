/* Draws of one cell with consecutive numbers, many at once, so that they vectorise. Equal to rw_draw one by one. */
#ifndef RW_NET_BATCH_H
#define RW_NET_BATCH_H

#include "base/random.h"
#include "config/scenario.h"

enum { RW_BATCH = 32 };

typedef struct {
    uint32_t word[4][RW_BATCH];
} rw_batch;

/* The draws of `who` numbered when .. when + RW_BATCH - 1; `when` is a multiple of RW_BATCH. */
void rw_batch_draw(rw_batch *batch, rw_stream stream, uint64_t who, uint64_t when);

/* Standard exponential numbers from each word pair of a batch: first those of words 0 and 1, then of
 * words 2 and 3. waits [2 RW_BATCH]. */
void rw_batch_exponentials(const rw_batch *batch, double *waits);

/* Numbers below first_bound + step k from the k-th word pair of a batch; pairs are taken as for exponentials.
 * All bounds are below 2^32. picks [2 RW_BATCH]. */
void rw_batch_below(const rw_batch *batch, uint32_t first_bound, uint32_t step, uint32_t *picks);

/* The lognormal number with its own mean and standard deviation, from a standard normal z; a negative mean mirrors it.
 */
static inline double rw_lognormal(double mean, double std, double z) {
    double magnitude = fabs(mean);
    double ratio = std / magnitude;
    double variance = rw_log(1.0 + ratio * ratio);
    double x = rw_exp(rw_log(magnitude) - 0.5 * variance + sqrt(variance) * z);
    x = mean == 0.0 ? 0.0 : x;
    return mean < 0.0 ? -x : x;
}

/* values[k] = rw_value_draw(value, stream, who, when + k) for k < n; `value` is no table. */
void rw_value_draw_run(const rw_value *value, rw_stream stream, uint64_t who, uint64_t when, size_t n, double *values);

#endif
