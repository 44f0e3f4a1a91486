#include "sim/poisson.h"

#include <math.h>
#include <string.h>

#include "base/philox_batch.h"

enum {
    FEW = 24,            /* thresholds up to which all are compared, in vectors */
    GUIDE_SHIFT = 4,     /* of the upper 16 bits: what remains is the index of the guide */
    GUIDE_OPEN = 0x8000, /* a threshold lies within this entry */
    MOST = 64,           /* thresholds for which cells with rates of their own are compared in vectors */
    BATCH = RW_POISSON_WINDOW * RW_CHUNK
};

static const double rare = 1e-4; /* chance beyond the last threshold that is compared */

/* A walk along the cumulative distribution: cumulative = P(at most count). */
typedef struct {
    double mean, count, probability, cumulative;
} walk;

/* log(n!) by Stirling's series, n >= 10: relative error of n! below 1e-8. */
static double log_factorial(double n) {
    const double half_log_two_pi = 0.91893853320467274178;
    return (n + 0.5) * rw_log(n) - n + half_log_two_pi + 1.0 / (12.0 * n) - 1.0 / (360.0 * n * n * n);
}

/* Starts 12 standard deviations below the mean, so that a walk's length grows with the distribution's width only. */
static walk begin(double mean) {
    double width = 12.0 * sqrt(mean) + 12.0;
    double count = mean - width >= 10.0 ? floor(mean - width) : 0.0;
    double start = count > 0.0 ? count * rw_log(mean) - mean - log_factorial(count) : -mean;
    double probability = rw_exp(start);
    return (walk){.mean = mean, .count = count, .probability = probability, .cumulative = probability};
}

static void next(walk *w) {
    w->count += 1.0;
    w->probability *= w->mean * (1.0 / w->count); /* as next_thresholds has it */
    w->cumulative += w->probability;
}

/* The threshold above which a word counts more than w->count, or the largest word and one. */
static double threshold(const walk *w) {
    return fmin(floor(w->cumulative * 0x1p32), 0x1p32);
}

/* The count of one whole word. */
static uint16_t count_of(double mean, uint32_t word) {
    if (mean <= 0.0)
        return 0;
    double farthest = mean + 12.0 * sqrt(mean) + 12.0;
    walk w = begin(mean);
    while ((double)word >= threshold(&w) && w.count < farthest)
        next(&w);
    return (uint16_t)fmin(w.count, UINT16_MAX);
}

/* guide[upper >> 4] is the count of every word with those bits; with GUIDE_OPEN, of the smallest of them. */
static void fill_guide(rw_poisson_table *table) {
    size_t k = 0;
    for (uint32_t entry = 0; entry < 4096; entry++) {
        uint32_t low = entry << GUIDE_SHIFT, high = (entry + 1) << GUIDE_SHIFT;
        while (k < table->n && table->thresholds[k] < low)
            k++;
        bool open = k < table->n && table->thresholds[k] < high;
        table->guide[entry] = (uint16_t)((table->least + k) | (open ? GUIDE_OPEN : 0u));
    }
    for (uint32_t entry = table->thresholds[table->n - 1] >> GUIDE_SHIFT; entry < 4096; entry++)
        table->guide[entry] |= GUIDE_OPEN;
}

static void tabulate(rw_poisson_table *table, double mean) {
    walk w = begin(mean);
    table->mean = mean;
    table->n = 0;
    table->least = (uint16_t)fmin(w.count, UINT16_MAX);
    if (w.count + RW_POISSON_THRESHOLDS >= GUIDE_OPEN)
        return;
    for (;; next(&w)) {
        if (table->n == RW_POISSON_THRESHOLDS) {
            table->n = 0;
            return;
        }
        table->thresholds[table->n++] = (uint16_t)(fmin(threshold(&w), 0xFFFFFFFFu) * 0x1p-16);
        if (1.0 - w.cumulative < rare && w.count > mean)
            break;
    }
    for (size_t k = table->n; k < FEW; k++)
        table->thresholds[k] = 0xFFFF; /* no word is larger */
    if (table->n > FEW)
        fill_guide(table);
}

/* upper[k * n + i]: the upper bits of cell i in step k of the window; a step's bits are half of a word. */
RW_KERNEL static void take_halves(uint32_t *const words[4], size_t n, uint16_t *upper) {
    for (size_t k = 0; k < RW_POISSON_WINDOW; k++) {
        const uint32_t *word = words[k / 2];
        uint32_t shift = 16 * (uint32_t)(k % 2);
#pragma omp simd
        for (size_t i = 0; i < n; i++)
            upper[k * n + i] = (uint16_t)(word[i] >> shift);
    }
}

/* Compares with n_thresholds of t, a constant, so that the inner loop unrolls and its thresholds stay in registers.
 * open[i] != 0 where 16 bits do not decide. */
RW_KERNEL_BODY void compare(const uint16_t *upper, const uint16_t *thresholds, size_t n_thresholds, uint16_t last,
                            uint16_t least, size_t n, uint16_t *counts, uint16_t *open) {
    uint16_t t[FEW];
    memcpy(t, thresholds, sizeof t);
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        uint16_t bits = upper[i], count = least, equal = bits >= last;
        for (size_t k = 0; k < n_thresholds; k++) {
            count = (uint16_t)(count + (bits > t[k]));
            equal |= (uint16_t)(bits == t[k]);
        }
        counts[i] = count;
        open[i] = equal;
    }
}

RW_KERNEL static void compare_all(const uint16_t *upper, const rw_poisson_table *table, size_t n, uint16_t *counts,
                                  uint16_t *open) {
    const uint16_t *t = table->thresholds, last = t[table->n - 1], least = table->least;
    switch ((table->n + 3) / 4) {
    case 1:
        compare(upper, t, 4, last, least, n, counts, open);
        break;
    case 2:
        compare(upper, t, 8, last, least, n, counts, open);
        break;
    case 3:
        compare(upper, t, 12, last, least, n, counts, open);
        break;
    case 4:
        compare(upper, t, 16, last, least, n, counts, open);
        break;
    case 5:
        compare(upper, t, 20, last, least, n, counts, open);
        break;
    default:
        compare(upper, t, FEW, last, least, n, counts, open);
        break;
    }
}

/* Looks counts up; for distributions of many thresholds. */
static void look_up(const uint16_t *upper, const rw_poisson_table *table, size_t n, uint16_t *counts, uint16_t *open) {
    uint16_t last = table->thresholds[table->n - 1];
    for (size_t i = 0; i < n; i++) {
        uint16_t guide = table->guide[upper[i] >> GUIDE_SHIFT];
        counts[i] = guide;
        open[i] = 0;
        if ((guide & GUIDE_OPEN) == 0)
            continue;
        size_t k = (size_t)(guide & ~GUIDE_OPEN) - table->least;
        while (k < table->n && table->thresholds[k] < upper[i])
            k++;
        counts[i] = (uint16_t)(table->least + k);
        open[i] = upper[i] >= last || (k < table->n && table->thresholds[k] == upper[i]);
    }
}

/* The thresholds of cells with means of their own, one after another: those of count j for all cells at once. */
RW_KERNEL static bool next_thresholds(const double *mean, double count, size_t n, double *probability,
                                      double *cumulative, uint16_t *thresholds) {
    double inverse = 1.0 / count, least = 1.0;
#pragma omp simd reduction(min : least)
    for (size_t i = 0; i < n; i++) {
        double share = count > 0.0 ? probability[i] * (mean[i] * inverse) : rw_exp(-mean[i]);
        probability[i] = share;
        cumulative[i] = count > 0.0 ? cumulative[i] + share : share;
        double capped = cumulative[i] < 1.0 - 0x1p-32 ? cumulative[i] : 1.0 - 0x1p-32;
        thresholds[i] = (uint16_t)(int32_t)(capped * 0x1p16);
        least = cumulative[i] < least ? cumulative[i] : least;
    }
    return least < 1.0 - rare;
}

RW_KERNEL static void compare_own(const uint16_t *upper, const uint16_t *thresholds, bool last, size_t steps, size_t n,
                                  uint16_t *counts, uint16_t *open) {
    for (size_t k = 0; k < steps; k++) {
#pragma omp simd
        for (size_t i = 0; i < n; i++) {
            uint16_t bits = upper[k * n + i], t = thresholds[i];
            counts[k * n + i] = (uint16_t)(counts[k * n + i] + (bits > t));
            open[k * n + i] |= (uint16_t)(last ? bits >= t : bits == t);
        }
    }
}

/* Steps for cells with means of their own. */
static void compare_each(const uint16_t *upper, const double *mean, size_t steps, size_t n, uint16_t *counts,
                         uint16_t *open) {
    double probability[RW_CHUNK], cumulative[RW_CHUNK];
    uint16_t thresholds[RW_CHUNK];
    memset(counts, 0, steps * n * sizeof *counts);
    memset(open, 0, steps * n * sizeof *open);
    for (int j = 0; j < MOST; j++) {
        bool more = next_thresholds(mean, j, n, probability, cumulative, thresholds);
        bool last = !more || j == MOST - 1;
        compare_own(upper, thresholds, last, steps, n, counts, open);
        if (last)
            return;
    }
}

RW_KERNEL static bool any_of(const uint16_t *flags, size_t n) {
    uint16_t any = 0;
#pragma omp simd reduction(| : any)
    for (size_t i = 0; i < n; i++)
        any |= flags[i];
    return any != 0;
}

/* Determines one step's counts where 16 bits do not decide, by all 32. */
static void resolve(rw_stream lower, double mean, const double *scale, uint64_t first_gid, uint64_t step, size_t n,
                    const uint16_t *upper, const uint16_t *open, uint16_t *counts) {
    if (!any_of(open, n))
        return;
    for (size_t i = 0; i < n; i++) {
        if (open[i] == 0)
            continue;
        uint32_t bits = rw_draw(lower, first_gid + i, step).word[0] & 0xFFFFu;
        counts[i] = count_of(scale != NULL ? mean * scale[i] : mean, (uint32_t)upper[i] << 16 | bits);
    }
}

/* Steps [k, end), in which all cells have one mean. */
static void count_homogeneous(rw_poisson_table *table, double mean, size_t n, const uint16_t *upper, uint16_t *open,
                              uint16_t *counts) {
    if (mean <= 0.0) {
        memset(counts, 0, n * sizeof *counts);
        memset(open, 0, n * sizeof *open);
        return;
    }
    if (table->mean != mean)
        tabulate(table, mean);
    if (table->n == 0)
        memset(open, 0xff, n * sizeof *open);
    else if (table->n <= FEW)
        compare_all(upper, table, n, counts, open);
    else
        look_up(upper, table, n, counts, open);
}

/* The step after `k` from which the mean differs. */
static size_t end_of_run(const double mean[RW_POISSON_WINDOW], size_t k) {
    size_t end = k + 1;
    while (end < RW_POISSON_WINDOW && mean[end] == mean[k])
        end++;
    return end;
}

void rw_poisson_draw(rw_poisson_streams streams, rw_poisson_table *table, const double mean[RW_POISSON_WINDOW],
                     const double *scale, uint64_t first_gid, uint64_t window, size_t n, uint16_t *counts) {
    uint32_t words[4][RW_CHUNK];
    uint32_t *const columns[4] = {words[0], words[1], words[2], words[3]};
    uint16_t upper[BATCH], open[BATCH];
    rw_draw_for_each_who(streams.upper, first_gid, window, n, columns);
    take_halves(columns, n, upper);
    for (size_t k = 0; k < RW_POISSON_WINDOW; k = end_of_run(mean, k)) {
        size_t end = end_of_run(mean, k);
        if (scale == NULL) {
            count_homogeneous(table, mean[k], (end - k) * n, upper + k * n, open + k * n, counts + k * n);
        } else {
            double own[RW_CHUNK];
            for (size_t i = 0; i < n; i++)
                own[i] = mean[k] * scale[i];
            compare_each(upper + k * n, own, end - k, n, counts + k * n, open + k * n);
        }
    }
    for (size_t k = 0; k < RW_POISSON_WINDOW; k++)
        resolve(streams.lower, mean[k], scale, first_gid, window * RW_POISSON_WINDOW + k, n, upper + k * n,
                open + k * n, counts + k * n);
}
