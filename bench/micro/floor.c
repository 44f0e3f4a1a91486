/* What this machine can do at best: the limits that the phases of a step are measured against.
 *
 * Prints one line a limit: name, value, unit, for one thread. `memory` is 512 MB, `network` the 80 MB of 10^7 synapses,
 * `cache` 160 kB. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/random.h"
#include "model/model.h"
#include "sim/limits.h"

enum { REPETITIONS = 7 };

static double now_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int by_value(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

typedef double (*measure)(void *work); /* seconds for one repetition */

static double median_of(measure run, void *work) {
    double seconds[REPETITIONS];
    (void)run(work);
    for (int r = 0; r < REPETITIONS; r++)
        seconds[r] = run(work);
    qsort(seconds, REPETITIONS, sizeof seconds[0], by_value);
    return seconds[REPETITIONS / 2];
}

typedef struct {
    double *a, *b;
    volatile uint64_t sink;
} work_space;

RW_KERNEL static void exp_all(double *y, const double *x, size_t n) {
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        y[i] = rw_exp(x[i]);
}

static double exponentials(void *pointer) {
    work_space *work = pointer;
    double start = now_s();
    for (int r = 0; r < 1000; r++)
        exp_all(work->b, work->a, RW_CHUNK);
    work->sink = (uint64_t)work->b[0];
    return now_s() - start;
}

enum { CHAIN = 32 };

/* Multiplications and additions in turn on numbers in registers: what the arithmetic units can do. */
RW_KERNEL static void multiply_add_all(double *y, const double *x, size_t n) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        double sum = x[i];
        for (int k = 0; k < CHAIN / 2; k++)
            sum = sum * 0.999 + 0.001;
        y[i] = sum;
    }
}

static double arithmetic(void *pointer) {
    work_space *work = pointer;
    double start = now_s();
    for (int r = 0; r < 1000; r++)
        multiply_add_all(work->b, work->a, RW_CHUNK);
    work->sink = (uint64_t)work->b[0];
    return now_s() - start;
}

RW_KERNEL static void divide_all(double *y, const double *x, size_t n) {
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        y[i] = 1.0 / x[i];
}

static double divisions(void *pointer) {
    work_space *work = pointer;
    double start = now_s();
    for (int r = 0; r < 1000; r++)
        divide_all(work->b, work->a, RW_CHUNK);
    work->sink = (uint64_t)work->b[0];
    return now_s() - start;
}

RW_KERNEL static void philox_all(uint32_t words[4][RW_CHUNK], uint32_t when) {
#pragma omp simd
    for (uint32_t i = 0; i < RW_CHUNK; i++) {
        rw_bits bits = rw_philox(1, i, when, 0, 7, 8);
        words[0][i] = bits.word[0];
        words[1][i] = bits.word[1];
        words[2][i] = bits.word[2];
        words[3][i] = bits.word[3];
    }
}

static double philox_words(void *pointer) {
    work_space *work = pointer;
    static uint32_t words[4][RW_CHUNK];
    double start = now_s();
    for (uint32_t r = 0; r < 1000; r++)
        philox_all(words, r);
    work->sink = words[3][1];
    return now_s() - start;
}

/* Read bandwidth and random accumulation of 1,000 synapses a row onto 10,000 cells. */
static rw_err print_limits(const char *from, size_t bytes) {
    const rw_limits_setting setting = {.bytes = bytes, .row_length = 1000, .n_cells = 10000, .n_threads = 1};
    rw_limits limits;
    RW_TRY(rw_limits_measure(&limits, &setting));
    printf("read_%s %.2f GB/s\n", from, 1e-9 * limits.read_bytes_per_s);
    printf("accumulate_%s %.3f ns/event\n", from, limits.accumulate_ns);
    printf("accumulate_compact_%s %.3f ns/event\n", from, limits.accumulate_compact_ns);
    return RW_OK;
}

int main(void) {
    work_space work = {0};
    if (RW_NEW(work.a, RW_CHUNK, "floor") != RW_OK || RW_NEW(work.b, RW_CHUNK, "floor") != RW_OK ||
        print_limits("memory", (size_t)512 << 20) != RW_OK || print_limits("network", (size_t)80 << 20) != RW_OK ||
        print_limits("cache", (size_t)160 << 10) != RW_OK) {
        (void)fprintf(stderr, "floor: %s\n", rw_error_message());
        return 3;
    }
    for (size_t i = 0; i < RW_CHUNK; i++)
        work.a[i] = -5.0 + 0.03 * (double)i;
    printf("arithmetic %.4f ns/operation\n", 1e9 * median_of(arithmetic, &work) / (1000.0 * CHAIN * RW_CHUNK));
    printf("divide %.3f ns\n", 1e9 * median_of(divisions, &work) / (1000.0 * RW_CHUNK));
    printf("exp %.3f ns\n", 1e9 * median_of(exponentials, &work) / (1000.0 * RW_CHUNK));
    printf("philox %.3f ns/word\n", 1e9 * median_of(philox_words, &work) / (4000.0 * RW_CHUNK));
    rw_free(work.a);
    rw_free(work.b);
    return 0;
}
