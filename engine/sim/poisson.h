/* Poisson counts for many cells and a window of steps at a time.
 *
 * A count is the number of the distribution's cumulative thresholds that a uniform 32-bit word reaches. The upper 16
 * bits of the word decide in all but one of thousands of cases; only then the lower bits are drawn. So a Philox block
 * serves eight steps of a cell, and comparisons go through 16-bit numbers, many at a time. */
#ifndef RW_SIM_POISSON_H
#define RW_SIM_POISSON_H

#include "base/random.h"
#include "model/model.h"

/* Steps whose uniform bits come from one Philox block. */
#define RW_POISSON_WINDOW 8

/* Most thresholds of a table; beyond, counts are found one by one (means above about 5,000). */
#define RW_POISSON_THRESHOLDS 1024

/* The distribution for one mean, as upper halves of thresholds. */
typedef struct {
    double mean;                                /* negative: nothing yet */
    uint16_t least;                             /* count below the first threshold */
    size_t n;                                   /* thresholds; 0: too wide for the table */
    uint16_t thresholds[RW_POISSON_THRESHOLDS]; /* ascending; to reach the last of them is rare */
    uint16_t guide[4096];                       /* see poisson.c */
} rw_poisson_table;

/* Where the random words of a Poisson input come from; lower: of the cases that 16 bits leave open. */
typedef struct {
    rw_stream upper, lower;
} rw_poisson_streams;

/* Fills counts[k * n + i] for the steps window * 8 + k, k < 8, and the cells first_gid + i, i < n <= RW_CHUNK.
 * mean[k]: spikes per step of a cell; scale: NULL, or [n] the cells' multipliers of it (>= 0). `table` is the caller's,
 * kept between calls; start with mean -1. */
void rw_poisson_draw(rw_poisson_streams streams, rw_poisson_table *table, const double mean[RW_POISSON_WINDOW],
                     const double *scale, uint64_t first_gid, uint64_t window, size_t n, uint16_t *counts);

#endif
