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
                        .lower_bits = rw_stream_of(scenario->seed, RW_PURPOSE_POISSON_LOWER, index),
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
        if (1.0 - cumulative > 1e-4 || (double)table->n <= mean)
            table->common = table->n + 1;
        probability *= mean / (double)table->n;
        cumulative += probability;
    }
    table->mean = -1.0;
    return false;
}

/* The upper 16 bits of this step's uniform words: a half of the words drawn. */
RW_KERNEL static void take_halves(const uint32_t *words, uint32_t shift, size_t n, uint16_t *upper) {
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        upper[i] = (uint16_t)(words[i] >> shift);
}

/* counts[i] = common thresholds below upper[i] by their upper bits; open[i] != 0 where the lower bits could matter. */
RW_KERNEL static void count_thresholds(const uint16_t *upper, const rw_poisson_table *table, size_t n, uint16_t *counts,
                                       uint16_t *open) {
    uint16_t last = (uint16_t)(table->thresholds[table->common - 1] >> 16);
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        counts[i] = 0;
        open[i] = upper[i] >= last;
    }
    size_t k = 0;
    for (; k + 3 <= table->common; k += 3) {
        uint16_t t0 = (uint16_t)(table->thresholds[k] >> 16), t1 = (uint16_t)(table->thresholds[k + 1] >> 16),
                 t2 = (uint16_t)(table->thresholds[k + 2] >> 16);
#pragma omp simd
        for (size_t i = 0; i < n; i++) {
            counts[i] = (uint16_t)(counts[i] + (upper[i] > t0) + (upper[i] > t1) + (upper[i] > t2));
            open[i] |= (uint16_t)((upper[i] == t0) | (upper[i] == t1) | (upper[i] == t2));
        }
    }
    for (; k < table->common; k++) {
        uint16_t t = (uint16_t)(table->thresholds[k] >> 16);
#pragma omp simd
        for (size_t i = 0; i < n; i++) {
            counts[i] = (uint16_t)(counts[i] + (upper[i] > t));
            open[i] |= (uint16_t)(upper[i] == t);
        }
    }
}

RW_KERNEL static bool any_of(const uint16_t *flags, size_t n) {
    uint16_t any = 0;
#pragma omp simd reduction(| : any)
    for (size_t i = 0; i < n; i++)
        any |= flags[i];
    return any != 0;
}

/* The uniform word of one cell and step, all 32 bits. */
static uint32_t whole_word(const rw_input *input, uint16_t upper, uint64_t gid, uint64_t step) {
    return (uint32_t)upper << 16 | (rw_draw(input->lower_bits, gid, step).word[0] & 0xFFFFu);
}

/* Settles the open cases by all 32 bits and all thresholds. */
static void count_open(const rw_input *input, const rw_poisson_table *table, const uint16_t *upper,
                       const uint16_t *open, uint64_t first_gid, uint64_t step, size_t n, uint16_t *counts) {
    for (size_t i = 0; i < n; i++) {
        if (open[i] == 0)
            continue;
        uint32_t word = whole_word(input, upper[i], first_gid + i, step);
        uint16_t count = 0;
        while (count < table->n && word >= table->thresholds[count])
            count++;
        counts[i] = count;
    }
}

RW_KERNEL static void add_weighted(const uint16_t *counts, float weight, size_t n, float *arrivals) {
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        arrivals[i] += weight * (float)counts[i];
}

/* log(n!) by Stirling's series, n >= 10: relative error of n! below 1e-8. */
static double log_factorial(double n) {
    const double half_log_two_pi = 0.91893853320467274178;
    return (n + 0.5) * rw_log(n) - n + half_log_two_pi + 1.0 / (12.0 * n) - 1.0 / (360.0 * n * n * n);
}

/* Poisson count by inversion from one uniform: for means that differ between cells or are too large for the table. The
 * sum starts 12 standard deviations below the mean, so that its cost grows with the distribution's width only. */
static uint16_t invert(double mean, uint32_t word) {
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
    return (uint16_t)fmin(count, UINT16_MAX);
}

/* The upper 16 uniform bits of `step` for cells [first, first + n). A Philox block has those of eight steps, so what
 * one step does not use is kept for the next ones. */
static void upper_bits(rw_input *input, uint64_t step, uint64_t first, uint64_t first_gid, size_t n, uint16_t *upper) {
    if (input->held[first / 16] != step / 8) {
        input->held[first / 16] = step / 8;
        uint32_t *const words[4] = {input->words[0] + first, input->words[1] + first, input->words[2] + first,
                                    input->words[3] + first};
        rw_draw_for_each_who(input->stream, first_gid, step / 8, n, words);
    }
    take_halves(input->words[step % 8 / 2] + first, 16 * (uint32_t)(step % 2), n, upper);
}

void rw_input_poisson(rw_input *input, rw_poisson_table *table, uint64_t step, uint64_t first, uint64_t first_gid,
                      size_t n, float *arrivals) {
    double level = rw_schedule_at(&input->spec->level, step) * input->step_ms * 1e-3;
    double mean = level * input->shared_scale;
    if (misses(input, first, n) || (input->scale == NULL && mean <= 0.0))
        return;
    uint16_t upper[RW_CHUNK], counts[RW_CHUNK], open[RW_CHUNK];
    upper_bits(input, step, first, first_gid, n, upper);
    if (input->scale == NULL && (table->mean == mean || tabulate(table, mean))) {
        count_thresholds(upper, table, n, counts, open);
        if (any_of(open, n))
            count_open(input, table, upper, open, first_gid, step, n, counts);
    } else {
        for (size_t i = 0; i < n; i++)
            counts[i] = invert(input->scale != NULL ? level * input->scale[first + i] : mean,
                               whole_word(input, upper[i], first_gid + i, step));
    }
    add_weighted(counts, (float)input->spec->weight, n, arrivals);
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
