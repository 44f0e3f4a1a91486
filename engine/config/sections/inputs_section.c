#include "config/sections/inputs_section.h"

#include <math.h>

#include "config/distribution.h"
#include "config/key_table_reader.h"
#include "config/render.h"
#include "config/schedule.h"
#include "config/shares.h"
#include "model/registry.h"

static const char *const kind_words[] = {"poisson", "current", "noise", "pulse"};

enum {
    POISSON = RW_ONLY(RW_INPUT_POISSON),
    CURRENT = RW_ONLY(RW_INPUT_CURRENT),
    NOISE = RW_ONLY(RW_INPUT_NOISE),
    PULSE = RW_ONLY(RW_INPUT_PULSE)
};

static void begin(rw_reader *r, const rw_node *node, void *object) {
    rw_input_spec *input = object;
    (void)r;
    (void)node;
    input->hold_steps = input->width_steps = 1;
    input->scale = (rw_value){.kind = RW_CONSTANT, .a = 1.0, .min = -INFINITY, .max = INFINITY};
}

static void check_target(rw_reader *r, const rw_node *node, void *object) {
    const rw_population_spec *target = &r->scenario->populations[((const rw_input_spec *)object)->target];
    if (target->model == NULL && target->model_known)
        rw_node_wrong(r->diagnostics, node, "population %s only replays spikes: nothing acts on its cells",
                      target->name);
}

/* A number or a course for all cells, or a distribution with one number for each. */
static rw_err read_level(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    rw_input_spec *input = object;
    const rw_quantity quantity = {entry->unit, entry->min, entry->max, 0.0};
    if (!rw_is_distribution(node))
        return rw_read_schedule(r, node, quantity, entry->default_text, &input->level);
    if (rw_read_value(r, node, quantity, &input->scale))
        input->level = rw_constant_one;
    return RW_OK;
}

static void write_level(FILE *out, const rw_scenario *scenario, const void *object) {
    const rw_input_spec *input = object;
    const char *unit = input->kind == RW_INPUT_POISSON ? "Hz" : "pA";
    if (input->scale.kind == RW_CONSTANT && input->scale.a == 1.0)
        rw_render_schedule(out, scenario->step_ms, &input->level, unit);
    else
        rw_render_value(out, &input->scale, unit);
}

/* The same, where a current drives the cells. */
static rw_err read_current(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    const rw_population_spec *target = &r->scenario->populations[((const rw_input_spec *)object)->target];
    if (target->model != NULL && rw_model_field(target->model, "I_ext") == RW_NO_FIELD)
        rw_node_wrong(r->diagnostics, rw_node_get(r->map, "to"), "cells of model %s take no current",
                      target->model->name);
    return read_level(r, node, entry, object);
}

static rw_err read_receptors(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    rw_input_spec *input = object;
    (void)entry;
    return rw_read_shares(r, node, input->target, false, &input->shares, &input->n_shares);
}

static rw_quantity weight_quantity(const rw_scenario *scenario, const void *object, bool drawn) {
    const rw_input_spec *input = object;
    return rw_weight_quantity(scenario, input->target, input->shares, input->n_shares, drawn);
}

static void check_hold(rw_reader *r, const rw_node *node, void *object) {
    if (((const rw_input_spec *)object)->hold_steps > UINT32_MAX)
        rw_node_wrong(r->diagnostics, node, "is too long: at most %u steps", UINT32_MAX);
}

#define LEVEL(unit_, min_, max_) RW_COURSE(rw_input_spec, level, unit_, min_, max_), .per_cell = true, .required = true

static const rw_entry entries[] = {
    {"to", RW_POPULATION(rw_input_spec, target), .required = true, .decides = true, .check = check_target,
     .help = "Population that gets the input."},
    {"kind", RW_CHOICE(rw_input_spec, kind, kind_words, RW_COUNT(kind_words)), .required = true,
     .help = "poisson: spikes at random times, independent for each cell; current: a current; noise: a current that is "
             "drawn again at every step, or after each hold; pulse: a current during pulses."},
    {"rate", LEVEL("Hz", 0.0, 1e7), .depends = true, .only = POISSON, .read = read_level, .write = write_level,
     .help = "Rate of the spikes onto each cell."},
    {"amplitude", LEVEL("pA", -1e9, 1e9), .depends = true, .only = CURRENT | PULSE, .read = read_current,
     .write = write_level, .help = "Current into each cell."},
    {"mean", LEVEL("pA", -1e9, 1e9), .depends = true, .only = NOISE, .read = read_current, .write = write_level,
     .help = "Mean of the current."},
    {"receptors", RW_SHARES(rw_input_spec, shares, n_shares, target), .required = true, .depends = true,
     .only = POISSON, .read = read_receptors,
     .help = "Receptors on which a spike acts, each with its share of the weight; ports of cells without receptors."},
    {"weight", RW_QUANTITY(rw_input_spec, weight, NULL, 0.0, 0.0), .required = true, .depends = true, .only = POISSON,
     .quantity = weight_quantity, .help = "Weight of a spike, in the unit of the receptors."},
    {"std", RW_QUANTITY(rw_input_spec, std_pA, "pA", 0.0, 1e9), .required = true, .only = NOISE,
     .help = "Standard deviation of the current."},
    {"hold", RW_TIME(rw_input_spec, hold_steps, 1), .default_words = "a step", .only = NOISE, .check = check_hold,
     .help = "Time for which a draw is held."},
    {"at", RW_TIMES(rw_input_spec, onset_step, n_onsets), .moments = true, .lasts = "width", .required = true,
     .only = PULSE, .help = "Times at which a pulse begins."},
    {"width", RW_TIME(rw_input_spec, width_steps, 1), .required = true, .only = PULSE,
     .help = "How long a pulse lasts."},
    {"targets", RW_SELECTION(rw_input_spec, targets, target), .depends = true, .default_text = "all",
     .help = "Which cells of the population."},
};

static rw_err check_pulses(rw_reader *r, const rw_node *node, void *object) {
    const rw_input_spec *input = object;
    for (size_t k = 1; input->kind == RW_INPUT_PULSE && k < input->n_onsets; k++) {
        uint64_t before = input->onset_step[k - 1], now = input->onset_step[k];
        if (now > before && now - before < input->width_steps) {
            rw_node_wrong(r->diagnostics, rw_node_get(node, "at"),
                          "pulses %zu and %zu overlap; give them an entry each", k - 1, k);
            break;
        }
    }
    return RW_OK;
}

const rw_key_table rw_input_table = {.name = "inputs",
                                     .help = "What drives the cells from outside.",
                                     RW_ENTRIES(entries),
                                     RW_ITEM(rw_input_spec),
                                     .by = "kind",
                                     .begin = begin,
                                     .finish = check_pulses};
