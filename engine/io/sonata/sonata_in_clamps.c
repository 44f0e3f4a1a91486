#include "io/sonata/sonata_in_clamps.h"

#include <math.h>
#include <string.h>

#include "io/input_files.h"
#include "io/sonata/sonata_in_config.h"
#include "io/sonata/sonata_in_keys.h"
#include "io/sonata/sonata_in_sets.h"
#include "io/sonata/sonata_in_table.h"
#include "model/registry.h"

/* A current that changes in steps. */
typedef struct {
    size_t n;
    uint64_t *step; /* [n] from which it acts, ascending */
    double *pA;     /* [n] */
} course;

static rw_err course_create(course *made, rw_arena *arena, size_t most) {
    *made = (course){0};
    RW_TRY(RW_ARENA_NEW(arena, made->step, most + 1));
    RW_TRY(RW_ARENA_NEW(arena, made->pA, most + 1));
    made->n = 1; /* nothing at first */
    return RW_OK;
}

/* Sets the current from a time on; what was said for the same time or later is replaced. */
static void course_set(course *of, uint64_t step, double pA) {
    while (of->n > 1 && of->step[of->n - 1] >= step)
        of->n--;
    of->step[of->n] = step;
    of->pA[of->n++] = pA;
}

/* The step from which a current acts that is said to begin at a time. */
static bool begin_of(const rw_scenario *scenario, double time_ms, uint64_t *step) {
    double steps = round(time_ms / scenario->step_ms);
    *step = (uint64_t)steps + 1; /* the delay of NEST's generator */
    return time_ms >= 0.0 && steps < 0x1p53 && fabs(steps * scenario->step_ms - time_ms) <= 1e-6 * scenario->step_ms;
}

/* ---- amp, delay, duration ---- */

static size_t length_of(const rw_node *value) {
    return value->kind == RW_NODE_LIST ? value->count : 1;
}

static rw_err read_pulses(rw_sonata_reader *reader, const rw_node *input, course *current) {
    static const rw_sonata_section section = {
        .read = "input_type module node_set enabled amp delay duration", .idle = "", .strict = true};
    static const char *const names[] = {"amp", "delay", "duration"};
    const rw_node *values[3], *item[3];
    double number[3], before = -1.0;
    RW_TRY(rw_sonata_section_check(reader, input, &section));
    for (size_t k = 0; k < 3; k++) {
        values[k] = rw_node_get(input, names[k]);
        if (values[k] == NULL)
            return rw_sonata_json_wrong(reader, input, "'%s' is missing; a current clamp has amp, delay, duration",
                                        names[k]);
        if (length_of(values[k]) != length_of(values[0]))
            return rw_sonata_json_wrong(reader, values[k], "has %zu values where amp has %zu", length_of(values[k]),
                                        length_of(values[0]));
        item[k] = values[k]->kind == RW_NODE_LIST ? values[k]->first : values[k];
    }
    size_t n = length_of(values[0]);
    RW_TRY(course_create(current, reader->arena, 2 * n));
    for (size_t pulse = 0; pulse < n; pulse++) {
        uint64_t begin, end;
        for (size_t k = 0; k < 3; k++)
            RW_TRY(rw_sonata_json_number(reader, item[k], &number[k]));
        if (number[1] <= before)
            return rw_sonata_json_wrong(reader, item[1], "the delays of a clamp must ascend");
        if (number[2] < 0.0 || !begin_of(reader->scenario, number[1], &begin) ||
            !begin_of(reader->scenario, number[1] + number[2], &end))
            return rw_sonata_json_wrong(reader, item[1],
                                        "%g ms for %g ms does not begin and end at whole steps of %g ms", number[1],
                                        number[2], reader->scenario->step_ms);
        if (end > begin) {
            course_set(current, begin, number[0]);
            course_set(current, end, 0.0);
        }
        before = number[1];
        for (size_t k = 0; k < 3; k++)
            item[k] = item[k]->next;
    }
    return RW_OK;
}

/* ---- tables ---- */

static rw_err text_of(rw_sonata_reader *reader, const rw_node *input, const char *key, const char *otherwise,
                      const char **text) {
    const rw_node *node = rw_node_get(input, key);
    *text = otherwise;
    if (node == NULL)
        return RW_OK;
    RW_TRY(rw_sonata_json_need(reader, input, key, RW_NODE_SCALAR, &node));
    *text = node->text;
    return RW_OK;
}

static rw_err take_changes(rw_sonata_reader *reader, const rw_sonata_table *table, const char *times, const char *amps,
                           course *current) {
    double before = -1.0;
    RW_TRY(rw_sonata_table_need(table, times));
    RW_TRY(rw_sonata_table_need(table, amps));
    RW_TRY(course_create(current, reader->arena, table->n_rows));
    for (size_t row = 0; row < table->n_rows; row++) {
        double time_ms = -1.0, pA = NAN;
        uint64_t step;
        RW_TRY(rw_sonata_table_number(table, row, times, &time_ms));
        RW_TRY(rw_sonata_table_number(table, row, amps, &pA));
        RW_CHECK(!isnan(pA), RW_ERR_INPUT, "%s:%u: %s is missing", table->file, table->lines[row], amps);
        RW_CHECK(time_ms > before, RW_ERR_INPUT, "%s:%u: %s: %g ms does not come after the row before", table->file,
                 table->lines[row], times, time_ms);
        RW_CHECK(begin_of(reader->scenario, time_ms, &step), RW_ERR_INPUT,
                 "%s:%u: %s: %g ms is not a whole number of steps of %g ms", table->file, table->lines[row], times,
                 time_ms, reader->scenario->step_ms);
        course_set(current, step, pA);
        before = time_ms;
    }
    return RW_OK;
}

static rw_err read_table(rw_sonata_reader *reader, const rw_node *input, course *current) {
    static const rw_sonata_section section = {
        .read = "input_type module node_set enabled file separator timestamps_column amplitudes_column",
        .idle = "",
        .strict = true};
    const rw_node *file;
    const char *path, *separator, *times, *amps;
    rw_sonata_table table;
    RW_TRY(rw_sonata_section_check(reader, input, &section));
    RW_TRY(rw_sonata_json_need(reader, input, "file", RW_NODE_SCALAR, &file));
    RW_TRY(rw_sonata_json_path(reader, &reader->simulation, file, &path));
    RW_TRY(text_of(reader, input, "separator", " ", &separator));
    RW_TRY(text_of(reader, input, "timestamps_column", "timestamps", &times));
    RW_TRY(text_of(reader, input, "amplitudes_column", "amps", &amps));
    if (strlen(separator) != 1)
        return rw_sonata_json_wrong(reader, rw_node_get(input, "separator"), "one character separates columns");
    RW_TRY(rw_input_files_add(&reader->scenario->inputs_read, reader->arena, path));
    RW_TRY(rw_sonata_table_read(&table, reader->arena, path, separator[0], NULL));
    return take_changes(reader, &table, times, amps, current);
}

/* ---- inputs ---- */

/* Like spikes, currents that come after the end of the run are told. */
static rw_err tell_late(const rw_sonata_reader *reader, const rw_node *input, const course *current) {
    const rw_scenario *scenario = reader->scenario;
    size_t late = 0;
    for (size_t k = 1; k < current->n; k++)
        late += current->step[k] >= scenario->n_steps && current->pA[k] != 0.0;
    return late == 0 ? RW_OK
                     : rw_scenario_warn(reader->scenario,
                                        "%s:%u: inputs.%s: %zu of its currents begin after the end of "
                                        "the run, %.12g ms, and do not act",
                                        input->mark.file, input->mark.line, input->key, late,
                                        (double)scenario->n_steps * scenario->step_ms);
}

static rw_err add_input(rw_sonata_reader *reader, const rw_node *input, const rw_sonata_part *part,
                        const course *current) {
    rw_scenario *scenario = reader->scenario;
    rw_input_spec *longer = NULL;
    const rw_population_spec *target = &scenario->populations[part->population];
    if (rw_model_field(target->model, "I_ext") == RW_NO_FIELD)
        return rw_sonata_json_wrong(reader, input, "cells of '%s' take no current", target->name);
    RW_TRY(RW_ARENA_NEW(reader->arena, longer, scenario->n_inputs + 1));
    for (size_t k = 0; k < scenario->n_inputs; k++)
        longer[k] = scenario->inputs[k];
    longer[scenario->n_inputs++] =
        (rw_input_spec){.mark = input->mark,
                        .kind = RW_INPUT_CURRENT,
                        .target = (uint32_t)part->population,
                        .targets = part->cells,
                        .level = {.count = current->n, .step = current->step, .value = current->pA},
                        .scale = {.kind = RW_CONSTANT, .a = 1.0, .min = -HUGE_VAL, .max = HUGE_VAL},
                        .hold_steps = 1,
                        .width_steps = 1};
    scenario->inputs = longer;
    return RW_OK;
}

rw_err rw_sonata_read_clamp(rw_sonata_reader *reader, const rw_node *input, const rw_node *type) {
    static const rw_node everything = {.kind = RW_NODE_SCALAR, .quoted = true, .text = "all"};
    const rw_node *cells = rw_node_get(input, "node_set");
    const rw_sonata_part *parts;
    size_t n, n_driven = 0;
    course current;
    if (strcmp(type->text, "current_clamp") == 0)
        RW_TRY(read_pulses(reader, input, &current));
    else if (strcmp(type->text, "csv") == 0 || strcmp(type->text, "file") == 0)
        RW_TRY(read_table(reader, input, &current));
    else
        return rw_sonata_json_wrong(
            reader, type, "a current clamp of type '%s' is not read; there are current_clamp and csv%s", type->text,
            strcmp(type->text, "nwb") == 0 || strcmp(type->text, "allen") == 0
                ? ": write the sweep of the NWB file as a table"
                : "");
    RW_TRY(tell_late(reader, input, &current));
    RW_TRY(rw_sonata_node_set(reader, cells != NULL ? cells : &everything, &parts, &n));
    for (size_t k = 0; k < n; k++) {
        if (reader->populations[parts[k].population].nest == NULL)
            continue; /* virtual cells have no potential */
        RW_TRY(add_input(reader, input, &parts[k], &current));
        n_driven++;
    }
    if (n_driven == 0)
        return rw_sonata_json_wrong(reader, cells != NULL ? cells : input,
                                    "all cells of the node set are virtual; they take no current");
    return RW_OK;
}
