/* inputs: what drives the cells from outside. */
#include <math.h>
#include <string.h>

#include "config/sections/parts.h"
#include "config/sections/sections.h"
#include "model/registry.h"

static const rw_quantity rate_hz = {"Hz", 0.0, 1e7, 0.0};
static const rw_quantity current_pA = {"pA", -1e9, 1e9, 0.0};

/* rate, amplitude or mean: a number or a schedule for all neurons, or a distribution with one number for each. */
static rw_err read_level(rw_reader *r, const rw_node *node, rw_quantity quantity, rw_input_spec *input) {
    input->scale = (rw_value){.kind = RW_CONSTANT, .a = 1.0, .min = -INFINITY, .max = INFINITY};
    if (node == NULL || !rw_is_distribution(node))
        return rw_read_schedule(r, node, quantity, &input->level);
    uint64_t *step = NULL;
    double *one = NULL;
    RW_TRY(RW_ARENA_NEW(r->arena, step, 1));
    RW_TRY(RW_ARENA_NEW(r->arena, one, 1));
    one[0] = 1.0;
    if (rw_read_value(r, node, quantity, &input->scale))
        input->level = (rw_schedule){.count = 1, .step = step, .value = one};
    return RW_OK;
}

static rw_err read_poisson(rw_reader *r, const rw_node *node, rw_input_spec *input) {
    static const rw_key keys[] = {{"to", true},     {"kind", true},      {"rate", true},
                                  {"weight", true}, {"receptors", true}, {"targets", false}};
    const char *unit = NULL;
    (void)rw_read_map(r, node, keys, RW_COUNT(keys));
    RW_TRY(read_level(r, rw_node_get(node, "rate"), rate_hz, input));
    RW_TRY(rw_read_shares(r, rw_node_get(node, "receptors"), input->target, false, &input->shares, &input->n_shares,
                          &unit));
    const rw_node *weight = rw_node_get(node, "weight");
    if (unit != NULL)
        (void)rw_read_number(r, weight, rw_weight_quantity(weight, input->shares, input->n_shares, unit),
                             &input->weight);
    return RW_OK;
}

static rw_err read_current(rw_reader *r, const rw_node *node, rw_input_spec *input) {
    static const rw_key keys[] = {{"to", true}, {"kind", true}, {"amplitude", true}, {"targets", false}};
    (void)rw_read_map(r, node, keys, RW_COUNT(keys));
    return read_level(r, rw_node_get(node, "amplitude"), current_pA, input);
}

static rw_err read_noise(rw_reader *r, const rw_node *node, rw_input_spec *input) {
    static const rw_key keys[] = {{"to", true},  {"kind", true},  {"mean", true},
                                  {"std", true}, {"hold", false}, {"targets", false}};
    uint64_t hold_steps = 1;
    (void)rw_read_map(r, node, keys, RW_COUNT(keys));
    (void)rw_read_number(r, rw_node_get(node, "std"), (rw_quantity){"pA", 0.0, current_pA.max, 0.0}, &input->std_pA);
    if (rw_read_steps(r, rw_node_get(node, "hold"), 1, &hold_steps) && hold_steps > UINT32_MAX)
        rw_node_wrong(r->diagnostics, rw_node_get(node, "hold"), "is too long: at most %u steps", UINT32_MAX);
    input->hold_steps = (uint32_t)hold_steps;
    return read_level(r, rw_node_get(node, "mean"), current_pA, input);
}

static rw_err read_pulse(rw_reader *r, const rw_node *node, rw_input_spec *input) {
    static const rw_key keys[] = {{"to", true}, {"kind", true},  {"amplitude", true},
                                  {"at", true}, {"width", true}, {"targets", false}};
    const rw_node *at = rw_node_get(node, "at");
    (void)rw_read_map(r, node, keys, RW_COUNT(keys));
    input->width_steps = 1;
    (void)rw_read_steps(r, rw_node_get(node, "width"), 1, &input->width_steps);
    RW_TRY(rw_read_times(r, at, &input->onset_step, &input->n_onsets));
    for (size_t k = 1; k < input->n_onsets; k++) {
        uint64_t before = input->onset_step[k - 1], now = input->onset_step[k];
        if (now > before && now - before < input->width_steps) {
            rw_node_wrong(r->diagnostics, at, "pulses %zu and %zu overlap; give them an entry each", k - 1, k);
            break;
        }
    }
    return read_level(r, rw_node_get(node, "amplitude"), current_pA, input);
}

static rw_err read_input(rw_reader *r, const rw_node *node, rw_input_spec *input) {
    static const rw_key least[] = {{"to", true}, {"kind", true}};
    static rw_err (*const read_kind[])(rw_reader *, const rw_node *, rw_input_spec *) = {read_poisson, read_current,
                                                                                         read_noise, read_pulse};
    const rw_node *to = rw_node_get(node, "to"), *kind_node = rw_node_get(node, "kind");
    input->mark = node->mark;
    if (to == NULL || kind_node == NULL) {
        (void)rw_read_map(r, node, least, RW_COUNT(least)); /* says what is missing */
        return RW_OK;
    }
    size_t kind = RW_INPUT_POISSON;
    bool right = rw_read_choice(r, kind_node, rw_input_kind_names, 4, &kind);
    right = rw_read_population(r, to, &input->target) && right;
    if (!right)
        return RW_OK;
    const rw_population_spec *target = &r->scenario->populations[input->target];
    input->kind = (rw_input_kind)kind;
    if (target->model == NULL && r->model_known[input->target])
        rw_node_wrong(r->diagnostics, to, "population %s only replays spikes: nothing acts on its cells", target->name);
    else
        RW_TRY(read_kind[kind](r, node, input));
    if (kind != RW_INPUT_POISSON && target->model != NULL && rw_model_field(target->model, "I_ext") == RW_NO_FIELD)
        rw_node_wrong(r->diagnostics, to, "cells of model %s take no current", target->model->name);
    return rw_read_selection(r, rw_node_get(node, "targets"), target->count, &input->targets);
}

rw_err rw_read_inputs(rw_reader *r, const rw_node *node) {
    if (!rw_read_list(r, node))
        return RW_OK;
    RW_TRY(RW_ARENA_NEW(r->arena, r->scenario->inputs, node->count));
    r->scenario->n_inputs = node->count;
    for (const rw_node *child = node->first; child != NULL; child = child->next)
        RW_TRY(read_input(r, child, &r->scenario->inputs[child->index]));
    return RW_OK;
}
