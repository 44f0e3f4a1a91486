#include "sim/input.h"
#include "net/selection.h"
#include "net/value.h"

#include <string.h>

enum { COUNTS_BYTES = RW_POISSON_WINDOW * sizeof(uint16_t) }; /* of a cell */

/* Multipliers of the level for the selected cells. */
static rw_err create_scale(rw_input *input, const rw_network *network) {
    const rw_input_spec *spec = input->spec;
    uint64_t *ids = NULL;
    RW_TRY(RW_NEW(input->scale, network->populations[spec->target].count, "input"));
    RW_TRY(rw_selection_ids(network->scenario, spec->target, &spec->targets,
                            rw_substream_of(network->scenario->seed, RW_SUBSTREAM_INPUT_CELLS, input->index), &ids));
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
    input->n_held = count / 16 + 1;
    rw_input_forget(input);
    input->n_cells = count;
    if (rw_input_is_spikes(input->spec))
        RW_TRY(rw_reserve(&input->counts, count, COUNTS_BYTES, "input"));
    return input->spec->kind == RW_INPUT_NOISE ? rw_reserve(&input->normals, count, sizeof input->normals[0], "input")
                                               : RW_OK;
}

rw_err rw_input_create(rw_input *input, const rw_network *network, uint32_t index) {
    const rw_scenario *scenario = network->scenario;
    const rw_input_spec *spec = &scenario->inputs[index];
    uint64_t count = network->populations[spec->target].count;
    *input = (rw_input){.spec = spec,
                        .index = index,
                        .port = network->input_ports[index],
                        .stream = rw_stream_of(scenario->seed, RW_PURPOSE_NOISE, index),
                        .streams = {rw_stream_of(scenario->seed, RW_PURPOSE_POISSON, index),
                                    rw_stream_of(scenario->seed, RW_PURPOSE_POISSON_LOWER, index)},
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
    rw_free(input->cut);
    rw_free(input->held);
    rw_free(input->normals);
    rw_free(input->counts);
    *input = (rw_input){0};
}

void rw_input_forget(rw_input *input) {
    memset(input->held, 0xff, input->n_held * sizeof input->held[0]);
}

static uint64_t time_at(const rw_input *input, uint64_t step) {
    return input->clock != NULL ? rw_clock_time(input->clock, step) : step;
}

/* Whether a pulse or a presentation is on; where it is, the clock is in real time. */
static bool is_on(const rw_input_spec *spec, uint64_t time) {
    size_t low = 0, high = spec->n_onsets; /* the last onset at or before `time` */
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (spec->onset_step[middle] <= time)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && time - spec->onset_step[low - 1] < spec->width_steps;
}

static double level_at(const rw_input *input, uint64_t step) {
    const rw_schedule *level = &input->spec->level;
    if (input->spec->kind == RW_INPUT_SESSION && !is_on(input->spec, time_at(input, step)))
        return 0.0;
    return level->count == 1 ? level->value[0] : rw_schedule_at(level, time_at(input, step));
}

static bool misses(const rw_input *input, uint64_t first, size_t n) {
    return first >= input->last || first + n <= input->first;
}

RW_KERNEL static void add_weighted(const uint16_t *counts, float weight, size_t n, float *arrivals) {
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        arrivals[i] += weight * (float)counts[i];
}

/* The counts of the window with `step` for cells [first, first + n), step by step; drawn when the window begins. */
static const uint16_t *counts_of(rw_input *input, rw_poisson_table *table, uint64_t step, uint64_t first,
                                 uint64_t first_gid, size_t n) {
    uint64_t window = step / RW_POISSON_WINDOW;
    uint16_t *counts = input->counts + RW_POISSON_WINDOW * first;
    if (input->held[first / 16] == window)
        return counts;
    input->held[first / 16] = window;
    double mean[RW_POISSON_WINDOW];
    for (uint64_t k = 0; k < RW_POISSON_WINDOW; k++)
        mean[k] = level_at(input, window * RW_POISSON_WINDOW + k) * input->step_ms * 1e-3 *
                  (input->scale == NULL ? input->shared_scale : 1.0);
    rw_poisson_draw(input->streams, table, mean, input->scale == NULL ? NULL : input->scale + first, first_gid, window,
                    n, counts);
    for (size_t i = 0; input->cut != NULL && i < n; i++)
        for (size_t k = 0; input->cut[first + i] && k < RW_POISSON_WINDOW; k++)
            counts[k * n + i] = 0;
    return counts;
}

void rw_input_poisson(rw_input *input, rw_poisson_table *table, uint64_t step, uint64_t first, uint64_t first_gid,
                      size_t n, float *arrivals) {
    if (misses(input, first, n) || level_at(input, step) <= 0.0)
        return;
    const uint16_t *counts = counts_of(input, table, step, first, first_gid, n);
    add_weighted(counts + step % RW_POISSON_WINDOW * n, (float)input->spec->weight, n, arrivals);
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

RW_KERNEL static void add_constant(double current, size_t n, double *I_ext) {
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        I_ext[i] += current;
}

/* I_ext += factor x values */
RW_KERNEL static void add_scaled(double factor, const double *values, size_t n, double *I_ext) {
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        I_ext[i] += factor * values[i];
}

/* Cells that a lesion has cut get nothing, and cells of scale 0 no noise. */
static void add_by_cell(const rw_input *input, double level, const double *normals, uint64_t first, size_t n,
                        double *I_ext) {
    for (size_t i = 0; i < n; i++) {
        double scale = input->scale != NULL ? input->scale[first + i] : input->shared_scale;
        if (input->cut != NULL && input->cut[first + i])
            continue;
        I_ext[i] += level * scale;
        if (normals != NULL && scale != 0.0)
            I_ext[i] += input->spec->std_pA * normals[i];
    }
}

void rw_input_current(rw_input *input, uint64_t step, uint64_t first, uint64_t first_gid, size_t n, double *I_ext) {
    const rw_input_spec *spec = input->spec;
    if (misses(input, first, n) || (spec->kind == RW_INPUT_PULSE && !is_on(spec, time_at(input, step))))
        return;
    double level = level_at(input, step);
    const double *normals = spec->kind == RW_INPUT_NOISE ? normals_of(input, step, first, first_gid, n) : NULL;
    bool differs = input->cut != NULL || (normals != NULL && (input->scale != NULL || input->shared_scale == 0.0));
    if (differs) {
        add_by_cell(input, level, normals, first, n, I_ext);
        return;
    }
    if (input->scale != NULL)
        add_scaled(level, input->scale + first, n, I_ext);
    else
        add_constant(level * input->shared_scale, n, I_ext);
    if (normals != NULL)
        add_scaled(spec->std_pA, normals, n, I_ext);
}
