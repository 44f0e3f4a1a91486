#include "sim/input.h"

#include <math.h>
#include <string.h>

#include "base/philox_batch.h"

static const rw_purpose purposes[] = {[RW_INPUT_POISSON] = RW_PURPOSE_POISSON,
                                      [RW_INPUT_NOISE] = RW_PURPOSE_NOISE,
                                      [RW_INPUT_CURRENT] = RW_PURPOSE_NOISE,
                                      [RW_INPUT_PULSE] = RW_PURPOSE_NOISE};

/* Multipliers of the level for the selected cells. */
static rw_err create_scale(rw_input *input, const rw_network *network) {
    const rw_input_spec *spec = input->spec;
    uint64_t *ids = NULL;
    RW_TRY(RW_NEW(input->scale, network->populations[spec->target].count, "input"));
    RW_TRY(rw_network_select(network, spec->target, &spec->targets, input->index, &ids));
    rw_stream stream = rw_stream_of(network->scenario->seed, RW_PURPOSE_RATE, input->index);
    for (uint64_t k = 0; k < spec->targets.count; k++)
        input->scale[ids[k]] = rw_value_draw(&spec->scale, stream, ids[k], 0);
    input->first = spec->targets.count > 0 ? ids[0] : 0;
    input->last = spec->targets.count > 0 ? ids[spec->targets.count - 1] + 1 : 0;
    rw_free(ids);
    return RW_OK;
}

static rw_err create_buffers(rw_input *input, uint64_t count) {
    RW_TRY(RW_NEW(input->held, count / 16 + 1, "input"));
    memset(input->held, 0xff, (count / 16 + 1) * sizeof input->held[0]); /* nothing is held */
    for (int w = 0; w < 4 && input->spec->kind == RW_INPUT_POISSON; w++)
        RW_TRY(RW_NEW(input->words[w], count, "input"));
    return input->spec->kind == RW_INPUT_NOISE ? RW_NEW(input->normals, count, "input") : RW_OK;
}

rw_err rw_input_create(rw_input *input, const rw_network *network, uint32_t index) {
    const rw_scenario *scenario = network->scenario;
    const rw_input_spec *spec = &scenario->inputs[index];
    uint64_t count = network->populations[spec->target].count;
    *input = (rw_input){.spec = spec,
                        .index = index,
                        .port = network->input_ports[index],
                        .stream = rw_stream_of(scenario->seed, purposes[spec->kind], index),
                        .step_ms = scenario->step_ms,
                        .last = count,
                        .shared_scale = spec->scale.a};
    rw_err err = create_buffers(input, count);
    if (err == RW_OK && (spec->targets.kind != RW_SELECT_ALL || spec->scale.kind != RW_CONSTANT))
        err = create_scale(input, network);
    if (err != RW_OK)
        rw_input_destroy(input);
    return err;
}

void rw_input_destroy(rw_input *input) {
    rw_free(input->scale);
    rw_free(input->held);
    rw_free(input->normals);
    for (int w = 0; w < 4; w++)
        rw_free(input->words[w]);
    *input = (rw_input){0};
}

static bool misses(const rw_input *input, uint64_t first, size_t n) {
    return first >= input->last || first + n <= input->first;
}

/* Fills the table; false when the distribution is too wide for it. */
static bool tabulate(rw_poisson_table *table, double mean) {
    *table = (rw_poisson_table){.mean = mean};
    double probability = rw_exp(-mean), cumulative = probability;
    while (table->n < RW_POISSON_THRESHOLDS) {
        double threshold = floor(cumulative * 0x1p32);
        if (threshold >= 0x1p32 || ((double)table->n > mean && probability < 0x1p-40))
            return true;
        table->thresholds[table->n++] = (uint32_t)threshold;
        if (1.0 - cumulative > 1e-3 || (double)table->n <= mean)
            table->common = table->n + 1;
        probability *= mean / (double)table->n;
        cumulative += probability;
    }
    table->mean = -1.0;
    return false;
}

/* counts[i] = thresholds among the first `common` that words[i] reaches. */
RW_KERNEL static void count_thresholds(const uint32_t *words, const uint32_t *thresholds, size_t common, size_t n,
                                       uint32_t *counts) {
    memset(counts, 0, n * sizeof counts[0]);
    size_t k = 0;
    for (; k + 3 <= common; k += 3) {
        uint32_t t0 = thresholds[k], t1 = thresholds[k + 1], t2 = thresholds[k + 2];
#pragma omp simd
        for (size_t i = 0; i < n; i++)
            counts[i] += (uint32_t)(words[i] >= t0) + (uint32_t)(words[i] >= t1) + (uint32_t)(words[i] >= t2);
    }
    for (; k < common; k++) {
        uint32_t threshold = thresholds[k];
#pragma omp simd
        for (size_t i = 0; i < n; i++)
            counts[i] += (uint32_t)(words[i] >= threshold);
    }
}

/* Adds the thresholds beyond the common ones for the few words that reach them. */
RW_KERNEL static void count_rare(const uint32_t *words, const rw_poisson_table *table, size_t n, uint32_t *counts) {
    uint32_t last = table->thresholds[table->common - 1];
    for (size_t i = 0; i < n; i += 16) {
        size_t end = n - i < 16 ? n : i + 16;
        uint32_t largest = 0;
        for (size_t j = i; j < end; j++)
            largest = words[j] > largest ? words[j] : largest;
        for (size_t j = i; largest >= last && j < end; j++)
            for (size_t k = table->common; k < table->n && words[j] >= table->thresholds[k]; k++)
                counts[j]++;
    }
}

RW_KERNEL static void add_weighted(const uint32_t *counts, float weight, size_t n, float *arrivals) {
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        arrivals[i] += weight * (float)(int32_t)counts[i];
}

/* log(n!) by Stirling's series, n >= 10: relative error of n! below 1e-8. */
static double log_factorial(double n) {
    const double half_log_two_pi = 0.91893853320467274178;
    return (n + 0.5) * rw_log(n) - n + half_log_two_pi + 1.0 / (12.0 * n) - 1.0 / (360.0 * n * n * n);
}

/* Poisson count by inversion from one uniform: for means that differ between cells or are too large for the table. The
 * sum starts 12 standard deviations below the mean, so that its cost grows with the distribution's width only. */
static uint32_t invert(double mean, uint32_t word) {
    if (mean <= 0.0)
        return 0;
    double u = rw_uniform32(word);
    double width = 12.0 * sqrt(mean) + 12.0;
    double count = mean - width >= 10.0 ? floor(mean - width) : 0.0;
    double start = count > 0.0 ? count * rw_log(mean) - mean - log_factorial(count) : -mean;
    double probability = rw_exp(start), cumulative = probability;
    while (u > cumulative && count < mean + width) {
        count += 1.0;
        probability *= mean / count;
        cumulative += probability;
    }
    return (uint32_t)count;
}

/* The uniform bits of `step` for cells [first, first + n). A Philox block has the bits of four steps, so what one step
 * does not use is kept for the next ones. */
static const uint32_t *words_of(rw_input *input, uint64_t step, uint64_t first, uint64_t first_gid, size_t n) {
    if (input->held[first / 16] != step / 4) {
        input->held[first / 16] = step / 4;
        uint32_t *const words[4] = {input->words[0] + first, input->words[1] + first, input->words[2] + first,
                                    input->words[3] + first};
        rw_draw_for_each_who(input->stream, first_gid, step / 4, n, words);
    }
    return input->words[step % 4] + first;
}

void rw_input_poisson(rw_input *input, rw_poisson_table *table, uint64_t step, uint64_t first, uint64_t first_gid,
                      size_t n, float *arrivals) {
    const rw_input_spec *spec = input->spec;
    double mean = rw_schedule_at(&spec->level, step) * input->step_ms * 1e-3 * input->shared_scale;
    if (misses(input, first, n) || (input->scale == NULL && mean <= 0.0))
        return;
    const uint32_t *words = words_of(input, step, first, first_gid, n);
    uint32_t counts[RW_CHUNK];
    if (input->scale != NULL) {
        double level = rw_schedule_at(&spec->level, step) * input->step_ms * 1e-3;
        for (size_t i = 0; i < n; i++)
            counts[i] = invert(level * input->scale[first + i], words[i]);
    } else if (table->mean == mean || tabulate(table, mean)) {
        count_thresholds(words, table->thresholds, table->common, n, counts);
        if (table->common < table->n)
            count_rare(words, table, n, counts);
    } else {
        for (size_t i = 0; i < n; i++)
            counts[i] = invert(mean, words[i]);
    }
    add_weighted(counts, (float)spec->weight, n, arrivals);
}

/* Whether a pulse is on during `step`. */
static bool pulse_on(const rw_input_spec *spec, uint64_t step) {
    size_t low = 0, high = spec->n_onsets; /* the last onset at or before step */
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (spec->onset_step[middle] <= step)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && step - spec->onset_step[low - 1] < spec->width_steps;
}

/* The standard normals held during `step` by cells [first, first + n). */
static const double *normals_of(rw_input *input, uint64_t step, uint64_t first, uint64_t first_gid, size_t n) {
    uint64_t held = step / input->spec->hold_steps;
    if (input->held[first / 16] != held) {
        input->held[first / 16] = held;
        for (size_t i = 0; i < n; i++)
            input->normals[first + i] = rw_normal(rw_draw(input->stream, first_gid + i, held));
    }
    return input->normals + first;
}

void rw_input_current(rw_input *input, uint64_t step, uint64_t first, uint64_t first_gid, size_t n, double *I_ext) {
    const rw_input_spec *spec = input->spec;
    if (misses(input, first, n) || (spec->kind == RW_INPUT_PULSE && !pulse_on(spec, step)))
        return;
    double level = rw_schedule_at(&spec->level, step);
    const double *normals = spec->kind == RW_INPUT_NOISE ? normals_of(input, step, first, first_gid, n) : NULL;
    for (size_t i = 0; i < n; i++) {
        double scale = input->scale != NULL ? input->scale[first + i] : input->shared_scale;
        I_ext[i] += level * scale;
        if (normals != NULL && scale != 0.0)
            I_ext[i] += spec->std_pA * normals[i];
    }
}
