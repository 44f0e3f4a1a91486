/* What this machine can do at best: the limits that the phases of a step are measured against.
 *
 * Prints one line a limit: name, value, unit. Medians of several repetitions on one thread. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/random.h"
#include "model/model.h"
#include "net/synapses.h"

enum { REPETITIONS = 7, CELLS = 10000, ROW = 1000 };

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
    size_t n;
    uint64_t *words;
    double *a, *b;
    rw_synapse *row;
    float *slot;
    volatile uint64_t sink;
} work_space;

RW_KERNEL static uint64_t sum_words(const uint64_t *words, size_t n) {
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += words[i];
    return sum;
}

static double read_memory(void *pointer) {
    work_space *work = pointer;
    double start = now_s();
    work->sink = sum_words(work->words, work->n);
    return now_s() - start;
}

/* The delivery of rows as long as a spike's, targets ascending with random gaps, from memory into one slot. */
static double accumulate(void *pointer) {
    work_space *work = pointer;
    double start = now_s();
    for (size_t first = 0; first < work->n; first += ROW) {
        const rw_synapse *row = work->row + first;
        for (size_t k = 0; k < ROW; k++)
            work->slot[row[k].word] += row[k].weight;
    }
    return now_s() - start;
}

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

static void fill_rows(work_space *work) {
    rw_stream stream = rw_stream_of(1, RW_PURPOSE_CONNECT, 0);
    for (size_t k = 0; k < work->n; k++) {
        uint32_t gap = rw_draw(stream, k, 0).word[0] % 19;
        uint32_t target = k % ROW == 0 ? gap : work->row[k - 1].word + gap + 1;
        work->row[k] = (rw_synapse){.word = target % CELLS, .weight = 1.0f};
    }
}

int main(void) {
    work_space work = {0};
    size_t large = 64u << 20; /* 512 MB of words: beyond every cache */
    if (RW_NEW(work.words, large, "floor") != RW_OK || RW_NEW(work.a, RW_CHUNK, "floor") != RW_OK ||
        RW_NEW(work.b, RW_CHUNK, "floor") != RW_OK || RW_NEW(work.slot, CELLS, "floor") != RW_OK ||
        RW_NEW(work.row, large / ROW * ROW, "floor") != RW_OK) {
        (void)fprintf(stderr, "floor: %s\n", rw_error_message());
        return 3;
    }
    for (size_t i = 0; i < RW_CHUNK; i++)
        work.a[i] = -5.0 + 0.03 * (double)i;
    for (size_t i = 0; i < large; i++)
        work.words[i] = i;
    work.n = large;
    printf("read_bandwidth %.2f GB/s\n", (double)large * 8e-9 / median_of(read_memory, &work));
    work.n = large / ROW * ROW;
    fill_rows(&work);
    printf("accumulate_from_memory %.3f ns/event\n", 1e9 * median_of(accumulate, &work) / (double)work.n);
    work.n = 20 * ROW;
    printf("accumulate_from_cache %.3f ns/event\n", 1e9 * median_of(accumulate, &work) / (double)work.n);
    printf("exp %.3f ns\n", 1e9 * median_of(exponentials, &work) / (1000.0 * RW_CHUNK));
    printf("philox %.3f ns/word\n", 1e9 * median_of(philox_words, &work) / (4000.0 * RW_CHUNK));
    rw_free(work.words);
    rw_free(work.a);
    rw_free(work.b);
    rw_free(work.slot);
    rw_free(work.row);
    return 0;
}
