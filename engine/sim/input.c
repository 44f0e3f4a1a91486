#include "sim/input.h"

#include <math.h>
#include <string.h>

#include "base/philox_batch.h"

static const rw_purpose purposes[] = {[RW_INPUT_POISSON] = RW_PURPOSE_POISSON,
                                      [RW_INPUT_NOISE] = RW_PURPOSE_NOISE,
                                      [RW_INPUT_CURRENT] = RW_PURPOSE_NOISE,
                                      [RW_INPUT_PULSE] = RW_PURPOSE_NOISE};

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
    if (spec->targets.kind == RW_SELECT_ALL && spec->scale.kind == RW_CONSTANT)
        return RW_OK;
    uint64_t *ids = NULL;
    RW_TRY(RW_NEW(input->scale, count, "input"));
    rw_err err = rw_network_select(network, spec->target, &spec->targets, index, &ids);
    if (err != RW_OK) {
        rw_input_destroy(input);
        return err;
    }
    rw_stream stream = rw_stream_of(scenario->seed, RW_PURPOSE_RATE, index);
    for (uint64_t k = 0; k < spec->targets.count; k++)
        input->scale[ids[k]] = rw_value_draw(&spec->scale, stream, ids[k], 0);
    if (spec->targets.count > 0) {
        input->first = ids[0];
        input->last = ids[spec->targets.count - 1] + 1;
    } else {
        input->last = 0;
    }
    rw_free(ids);
    return RW_OK;
}

void rw_input_destroy(rw_input *input) {
    rw_free(input->scale);
    *input = (rw_input){0};
}

static bool misses(const rw_input *input, uint64_t first, size_t n) {
    return first >= input->last || first + n <= input->first;
}

/* Cumulative distribution of a Poisson count, as 32-bit thresholds: count = how many thresholds a word reaches.
 * Returns false when more than RW_POISSON_THRESHOLDS are needed. */
static bool tabulate(rw_input_scratch *scratch, double mean) {
    scratch->mean = mean;
    scratch->n_thresholds = 0;
    double probability = rw_exp(-mean), cumulative = probability;
    for (size_t k = 0; k < RW_POISSON_THRESHOLDS; k++) {
        double threshold = floor(cumulative * 0x1p32);
        if (threshold >= 0x1p32)
            return true;
        scratch->thresholds[scratch->n_thresholds++] = (uint32_t)threshold;
        probability *= mean / (double)(k + 1);
        if ((double)k + 1.0 > mean && probability < 0x1p-40)
            return true;
        cumulative += probability;
    }
    return false;
}

RW_KERNEL static void add_counts(const uint32_t *words, const uint32_t *thresholds, size_t n_thresholds, size_t n,
                                 float weight, float *arrivals) {
    uint32_t counts[RW_CHUNK];
    memset(counts, 0, n * sizeof counts[0]);
    size_t k = 0;
    for (; k + 4 <= n_thresholds; k += 4) {
        uint32_t t0 = thresholds[k], t1 = thresholds[k + 1], t2 = thresholds[k + 2], t3 = thresholds[k + 3];
#pragma omp simd
        for (size_t i = 0; i < n; i++) {
            uint32_t word = words[i];
            counts[i] +=
                (uint32_t)(word >= t0) + (uint32_t)(word >= t1) + (uint32_t)(word >= t2) + (uint32_t)(word >= t3);
        }
    }
    for (; k < n_thresholds; k++) {
        uint32_t threshold = thresholds[k];
#pragma omp simd
        for (size_t i = 0; i < n; i++)
            counts[i] += (uint32_t)(words[i] >= threshold);
    }
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

void rw_input_poisson(const rw_input *input, rw_input_scratch *scratch, uint64_t step, uint64_t first,
                      uint64_t first_gid, size_t n, float *arrivals) {
    const rw_input_spec *spec = input->spec;
    double mean = rw_schedule_at(&spec->level, step) * input->step_ms * 1e-3;
    if (misses(input, first, n) || mean <= 0.0)
        return;
    if (scratch->key != step >> 2) {
        scratch->key = step >> 2;
        uint32_t *const words[4] = {scratch->words[0], scratch->words[1], scratch->words[2], scratch->words[3]};
        rw_draw_for_each_who(input->stream, first_gid, step >> 2, n, words);
    }
    const uint32_t *words = scratch->words[step & 3];
    float weight = (float)spec->weight;
    if (input->scale == NULL) {
        double shared_mean = mean * input->shared_scale;
        if (shared_mean <= 0.0)
            return;
        if (scratch->mean == shared_mean || tabulate(scratch, shared_mean)) {
            add_counts(words, scratch->thresholds, scratch->n_thresholds, n, weight, arrivals);
            return;
        }
        scratch->mean = -1.0;
        for (size_t i = 0; i < n; i++)
            arrivals[i] += weight * (float)invert(shared_mean, words[i]);
        return;
    }
    for (size_t i = 0; i < n; i++)
        arrivals[i] += weight * (float)invert(mean * input->scale[first + i], words[i]);
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

RW_KERNEL static void draw_normals(rw_stream stream, uint64_t first_gid, uint64_t when, size_t n, double *normals) {
    for (size_t i = 0; i < n; i++)
        normals[i] = rw_normal(rw_draw(stream, first_gid + i, when));
}

static double scale_of(const rw_input *input, uint64_t cell) {
    return input->scale != NULL ? input->scale[cell] : input->shared_scale;
}

void rw_input_current(const rw_input *input, rw_input_scratch *scratch, uint64_t step, uint64_t first,
                      uint64_t first_gid, size_t n, double *I_ext) {
    const rw_input_spec *spec = input->spec;
    if (misses(input, first, n))
        return;
    if (spec->kind == RW_INPUT_PULSE && !pulse_on(spec, step))
        return;
    double level = rw_schedule_at(&spec->level, step);
    if (spec->kind != RW_INPUT_NOISE) {
        for (size_t i = 0; i < n; i++)
            I_ext[i] += level * scale_of(input, first + i);
        return;
    }
    uint64_t held = step / spec->hold_steps;
    if (scratch->key != held) {
        scratch->key = held;
        draw_normals(input->stream, first_gid, held, n, scratch->noise);
    }
    for (size_t i = 0; i < n; i++) {
        double scale = scale_of(input, first + i);
        I_ext[i] += level * scale + (scale != 0.0 ? spec->std_pA * scratch->noise[i] : 0.0);
    }
}
