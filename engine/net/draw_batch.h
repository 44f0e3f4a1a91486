/* Draws of one cell with consecutive numbers, many at once, so that they vectorise. Equal to rw_draw one by one. */
#ifndef RW_NET_DRAW_BATCH_H
#define RW_NET_DRAW_BATCH_H

#include "base/random.h"

enum { RW_DRAW_BATCH = 32 };

typedef struct {
    uint32_t word[4][RW_DRAW_BATCH];
} rw_draw_batch;

/* The draws of `who` numbered when .. when + RW_DRAW_BATCH - 1; `when` is a multiple of RW_DRAW_BATCH. */
void rw_draw_batch_fill(rw_draw_batch *batch, rw_stream stream, uint64_t who, uint64_t when);

/* Standard exponential numbers from each word pair of a batch: first those of words 0 and 1, then of
 * words 2 and 3. waits [2 RW_DRAW_BATCH]. */
void rw_draw_batch_exponentials(const rw_draw_batch *batch, double *waits);

/* Numbers below first_bound + step k from the k-th word pair of a batch; pairs are taken as for exponentials.
 * All bounds are below 2^32. picks [2 RW_DRAW_BATCH]. */
void rw_draw_batch_below(const rw_draw_batch *batch, uint32_t first_bound, uint32_t step, uint32_t *picks);

#endif
