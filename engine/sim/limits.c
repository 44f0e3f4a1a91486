#include "sim/limits.h"

#include <math.h>

#include "base/memory.h"
#include "base/random.h"
#include "comm/team.h"
#include "model/model.h"
#include "net/adjacency/adjacency.h"
#include "sim/profile.h"

enum { PASSES = 5, LEAST_BYTES = 1 << 16, DRAWS = 1 << 19 };

/* The work of one thread. */
typedef struct {
    size_t n_words, n_synapses, n_targets;
    uint64_t *words; /* the same memory as synapses or as targets */
    rw_synapse *synapses;
    uint16_t *targets;
    float *bin; /* [n_cells] */
    rw_limits limits;
    volatile uint64_t sink; /* keeps sums from being optimised away */
} thread_bench;

typedef struct {
    const rw_limits_setting *setting;
    thread_bench *benches; /* [n_threads] */
} job;

RW_KERNEL static uint64_t sum_words(const uint64_t *words, size_t n) {
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += words[i];
    return sum;
}

static void read_all(thread_bench *bench) {
    bench->sink = sum_words(bench->words, bench->n_words);
}

/* With and without prefetching: which is faster depends on where the synapses are. */
enum { AHEAD_BYTES = 1024 };

static void accumulate(thread_bench *bench) {
    const rw_synapse *synapses = bench->synapses;
    float *bin = bench->bin;
    for (size_t k = 0; k < bench->n_synapses; k++)
        bin[synapses[k].packed] += synapses[k].weight;
}

static void accumulate_ahead(thread_bench *bench) {
    const rw_synapse *synapses = bench->synapses;
    float *bin = bench->bin;
    for (size_t k = 0; k < bench->n_synapses; k++) {
        if (k % 8 == 0)
            __builtin_prefetch((const char *)(synapses + k) + AHEAD_BYTES, 0, 2);
        bin[synapses[k].packed] += synapses[k].weight;
    }
}

static void accumulate_compact(thread_bench *bench) {
    const uint16_t *targets = bench->targets;
    float *bin = bench->bin;
    for (size_t k = 0; k < bench->n_targets; k++)
        bin[targets[k]] += 0.5f;
}

static void accumulate_compact_ahead(thread_bench *bench) {
    const uint16_t *targets = bench->targets;
    float *bin = bench->bin;
    for (size_t k = 0; k < bench->n_targets; k++) {
        if (k % 32 == 0)
            __builtin_prefetch((const char *)(targets + k) + AHEAD_BYTES, 0, 2);
        bin[targets[k]] += 0.5f;
    }
}

/* Synapses after which the rows repeat themselves. */
static size_t period(const rw_limits_setting *setting) {
    return (DRAWS / setting->row_length + 1) * setting->row_length;
}

/* Rows whose targets ascend with random gaps and reach over all cells. */
static uint32_t next_target(rw_stream stream, size_t k, const rw_limits_setting *setting, uint32_t last) {
    uint32_t widest = (uint32_t)(2 * setting->n_cells / setting->row_length);
    uint32_t gap = 1 + rw_draw(stream, k, 0).word[0] % (widest > 1 ? widest - 1 : 1);
    return (k % setting->row_length == 0 ? gap - 1 : last + gap) % (uint32_t)setting->n_cells;
}

static double best_of(void (*pass)(thread_bench *), thread_bench *bench) {
    double best_s = INFINITY;
    for (int i = 0; i < PASSES; i++) {
        double start_s = rw_clock_s();
        pass(bench);
        best_s = fmin(best_s, rw_clock_s() - start_s);
    }
    return best_s;
}

static rw_err prepare(void *context, int thread) {
    const job *work = context;
    thread_bench *bench = &work->benches[thread];
    bench->n_words = work->setting->bytes / sizeof(uint64_t);
    bench->n_synapses =
        bench->n_words * sizeof(uint64_t) / sizeof(rw_synapse); /* in the same memory, and so are targets */
    bench->n_targets = bench->n_words * sizeof(uint64_t) / sizeof(uint16_t);
    RW_TRY(RW_NEW(bench->words, bench->n_words, "limits"));
    RW_TRY(RW_NEW(bench->bin, work->setting->n_cells, "limits"));
    bench->synapses = (rw_synapse *)bench->words;
    bench->targets = (uint16_t *)bench->words;
    rw_stream stream = rw_stream_of(1, RW_PURPOSE_CONNECT, 0);
    uint32_t target = 0;
    size_t repeat = period(work->setting);
    for (size_t k = 0; k < bench->n_synapses; k++) {
        target = k < repeat ? next_target(stream, k, work->setting, target) : bench->synapses[k - repeat].packed;
        bench->synapses[k] = (rw_synapse){target, 0.5f};
    }
    return RW_OK;
}

static rw_err measure(void *context, int thread) {
    const job *work = context;
    thread_bench *bench = &work->benches[thread];
    bench->limits.read_bytes_per_s = 8.0 * (double)bench->n_words / best_of(read_all, bench);
    bench->limits.accumulate_ns =
        1e9 * fmin(best_of(accumulate, bench), best_of(accumulate_ahead, bench)) / (double)bench->n_synapses;
    rw_stream stream = rw_stream_of(1, RW_PURPOSE_CONNECT, 0);
    uint32_t target = 0;
    size_t repeat = period(work->setting);
    for (size_t k = 0; k < bench->n_targets; k++) {
        target = k < repeat ? next_target(stream, k, work->setting, target) : bench->targets[k - repeat];
        bench->targets[k] = (uint16_t)target;
    }
    bench->limits.accumulate_compact_ns =
        1e9 * fmin(best_of(accumulate_compact, bench), best_of(accumulate_compact_ahead, bench)) /
        (double)bench->n_targets;
    return RW_OK;
}

rw_err rw_limits_measure(rw_limits *limits, const rw_limits_setting *asked) {
    rw_limits_setting setting = *asked;
    job work = {.setting = &setting};
    int n = setting.n_threads;
    *limits = (rw_limits){0};
    RW_ASSERT(setting.row_length >= 1 && setting.row_length <= setting.n_cells && setting.n_cells <= 65536);
    if (setting.bytes < LEAST_BYTES)
        setting.bytes = LEAST_BYTES;
    RW_TRY(RW_NEW(work.benches, (size_t)n, "limits"));
    rw_err err = rw_team_run(n, prepare, &work);
    if (err == RW_OK)
        err = rw_team_run(n, measure, &work);
    for (int t = 0; t < n; t++) {
        limits->read_bytes_per_s += work.benches[t].limits.read_bytes_per_s / n;
        limits->accumulate_ns += work.benches[t].limits.accumulate_ns / n;
        limits->accumulate_compact_ns += work.benches[t].limits.accumulate_compact_ns / n;
        rw_free(work.benches[t].words);
        rw_free(work.benches[t].bin);
    }
    rw_free(work.benches);
    return err;
}
