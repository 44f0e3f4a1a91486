/* Geometric skipping: which of many equally likely events happen, at a cost in proportion to those that do.
 *
 * The number of failures before the next success has P(gap >= g) = (1 - p)^g, so gap = floor(-ln u / -ln(1 - p)) with u
 * uniform. Logarithms are rw_log, so that the same pairs are chosen everywhere. */
#ifndef RW_NET_SKIP_H
#define RW_NET_SKIP_H

#include "net/draw_batch.h"

enum { RW_SKIP_BATCH = 2 * RW_DRAW_BATCH };

typedef struct {
    rw_stream stream;
    uint64_t who, when;
    double scale; /* 1 / rw_skip_rate(p) */
    uint32_t used;
    uint32_t gaps[RW_SKIP_BATCH];
} rw_skipper;

/* -ln(1 - p) for 0 < p <= 1; 40 at p = 1, more than -ln u ever is, so that nothing is skipped. */
double rw_skip_rate(double p);

/* Draws the next batch of gaps; a gap is at most 2^31 - 1. */
void rw_skip_refill(rw_skipper *skipper);

/* Starts the sequence of gaps at probability p (0 < p <= 1) of `who`, whose draws are numbered from `when`. */
static inline rw_skipper rw_skip_begin(rw_stream stream, uint64_t who, uint64_t when, double p) {
    return (rw_skipper){
        .stream = stream, .who = who, .when = when, .scale = 1.0 / rw_skip_rate(p), .used = RW_SKIP_BATCH};
}

/* The next gap. */
static inline uint64_t rw_skip(rw_skipper *skipper) {
    if (skipper->used == RW_SKIP_BATCH)
        rw_skip_refill(skipper);
    return skipper->gaps[skipper->used++];
}

#endif
