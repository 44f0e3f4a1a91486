#include "study/sweep/plan_parameters.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/count.h"
#include "study/sweep/plan_values.h"

/* The levels as numbers in the unit of the first; unit stays NULL if they are not all numbers of one quantity. */
static rw_err read_numbers(rw_reader *r, rw_sweep_parameter *parameter) {
    double *numbers = NULL;
    const char *shared = NULL;
    char problem[320];
    RW_TRY(RW_ARENA_NEW(r->arena, numbers, parameter->n_levels));
    for (size_t i = 0; i < parameter->n_levels; i++) {
        const char *unit = NULL, *text = parameter->texts[i];
        if (!rw_sweep_plan_split_number(text, &numbers[i], &unit))
            return RW_OK;
        shared = shared != NULL ? shared : unit;
        if (strcmp(unit, shared) != 0 &&
            (shared[0] == '\0' || !rw_units_parse(r->units, text, shared, &numbers[i], problem, sizeof problem)))
            return RW_OK;
    }
    parameter->unit = shared;
    parameter->numbers = numbers;
    return RW_OK;
}

static rw_err read_levels(rw_reader *r, const rw_node *node, rw_sweep_parameter *parameter) {
    const char **labels = NULL, **texts = NULL;
    if (node->kind == RW_NODE_SCALAR || node->count == 0) {
        rw_node_wrong(r->diagnostics, node, "must be a list of values, or a map that names them");
        return RW_OK;
    }
    RW_TRY(RW_ARENA_NEW(r->arena, labels, node->count));
    RW_TRY(RW_ARENA_NEW(r->arena, texts, node->count));
    for (const rw_node *child = node->first; child != NULL; child = child->next) {
        RW_TRY(rw_sweep_plan_node_text(r, child, &texts[child->index]));
        labels[child->index] = child->key != NULL ? child->key : texts[child->index];
    }
    parameter->labels = labels;
    parameter->texts = texts;
    parameter->n_levels = node->count;
    return node->kind == RW_NODE_LIST ? read_numbers(r, parameter) : RW_OK;
}

/* A number of the range at u in 0 .. 1. */
static double in_range(const rw_sweep_parameter *parameter, double u) {
    return parameter->logarithmic ? exp(log(parameter->low) + u * (log(parameter->high) - log(parameter->low)))
                                  : parameter->low + u * (parameter->high - parameter->low);
}

/* Turns a range into `steps` levels. */
static rw_err spread_levels(rw_reader *r, rw_sweep_parameter *parameter, uint64_t steps) {
    const char **texts = NULL;
    RW_TRY(RW_ARENA_NEW(r->arena, texts, (size_t)steps));
    for (size_t i = 0; i < steps; i++) {
        double u = steps > 1 ? (double)i / (double)(steps - 1) : 0.0;
        char number[RW_NUMBER_SIZE], text[128];
        (void)snprintf(text, sizeof text, "%s%s%.60s", rw_number_print(number, rw_number_tidy(in_range(parameter, u))),
                       parameter->unit[0] != '\0' ? " " : "", parameter->unit);
        RW_TRY(rw_arena_string(r->arena, &texts[i], text));
    }
    parameter->labels = parameter->texts = texts;
    parameter->n_levels = (size_t)steps;
    return read_numbers(r, parameter);
}

static rw_err read_range(rw_reader *r, const rw_node *node, rw_sweep_parameter *parameter) {
    static const char *const scales[] = {"linear", "log"};
    double pair[2] = {0.0, 1.0};
    size_t scale = 0;
    uint64_t steps = 0;
    const rw_node *range = rw_node_get(node, "range");
    if (!rw_sweep_plan_read_pair(r, range, pair, &parameter->unit) ||
        !rw_read_choice(r, rw_node_get(node, "scale"), scales, 2, &scale) ||
        !rw_read_count(r, rw_node_get(node, "steps"), 1, RW_SWEEP_MAX_POINTS, &steps))
        return RW_OK;
    parameter->low = pair[0];
    parameter->high = pair[1];
    parameter->logarithmic = scale == 1;
    if (!(pair[1] > pair[0]) || (scale == 1 && !(pair[0] > 0.0)))
        rw_node_wrong(r->diagnostics, range, scale == 1 ? "on a log scale must ascend from above 0" : "must ascend");
    else if (steps > 0)
        RW_TRY(spread_levels(r, parameter, steps));
    return RW_OK;
}

static rw_err read_parameter(rw_reader *r, const rw_node *node, rw_sweep_parameter *parameter) {
    static const rw_key keys[] = {
        {"set", true}, {"values", false}, {"range", false}, {"scale", false}, {"steps", false}};
    parameter->name = node->key;
    if (!rw_check_name(r, node, node->key) || !rw_read_map(r, node, keys, RW_COUNT(keys)))
        return RW_OK;
    RW_TRY(rw_sweep_plan_read_keys(r, rw_node_get(node, "set"), &parameter->keys));
    const rw_node *values = rw_node_get(node, "values"), *range = rw_node_get(node, "range");
    if ((values == NULL) == (range == NULL)) {
        rw_node_key_wrong(r->diagnostics, node, "give either values: [...] or range: [low, high]");
        return RW_OK;
    }
    return values != NULL ? read_levels(r, values, parameter) : read_range(r, node, parameter);
}

rw_err rw_sweep_plan_read_parameters(rw_reader *r, const rw_node *node, rw_sweep_plan *plan) {
    rw_sweep_parameter *parameters = NULL;
    if (node == NULL)
        return RW_OK;
    if (node->kind != RW_NODE_MAP) {
        rw_node_wrong(r->diagnostics, node,
                      "must be a map of parameters, for example {dose: {set: KEY, values: [...]}}");
        return RW_OK;
    }
    RW_TRY(RW_ARENA_NEW(r->arena, parameters, node->count));
    for (const rw_node *child = node->first; child != NULL; child = child->next) {
        rw_sweep_parameter *parameter = &parameters[child->index];
        size_t before = r->diagnostics->count;
        RW_TRY(read_parameter(r, child, parameter));
        if (r->diagnostics->count == before && rw_design_has_levels(plan->design) && parameter->n_levels == 0)
            rw_node_key_wrong(r->diagnostics, child, "a %s needs values: [...], or steps: beside the range",
                              rw_design_names[plan->design]);
        if (r->diagnostics->count == before && !rw_design_has_levels(plan->design) && parameter->n_levels == 1)
            rw_node_key_wrong(r->diagnostics, child, "has one value only; what does not vary stands under set:");
        if (r->diagnostics->count == before && plan->design == RW_DESIGN_ZIP &&
            parameter->n_levels != parameters[0].n_levels)
            rw_node_key_wrong(r->diagnostics, child, "has %zu values, but %s has %zu; zip takes them together",
                              parameter->n_levels, parameters[0].name, parameters[0].n_levels);
    }
    plan->parameters = parameters;
    plan->n_parameters = node->count;
    return RW_OK;
}

/* ---- rows of a list ---- */

/* The level of `parameter` that `node` names; a diagnostic if there is none. */
static rw_err find_level(rw_reader *r, const rw_node *node, const rw_sweep_parameter *parameter, size_t *level) {
    const char *text = NULL;
    rw_suggestion suggestion = {0};
    RW_TRY(rw_sweep_plan_node_text(r, node, &text));
    suggestion.word = text;
    for (*level = 0; *level < parameter->n_levels; ++*level) {
        if (strcmp(parameter->labels[*level], text) == 0 || strcmp(parameter->texts[*level], text) == 0)
            return RW_OK;
        rw_suggestion_offer(&suggestion, parameter->labels[*level]);
    }
    char known[320];
    rw_node_wrong(r->diagnostics, node, "\"%.60s\" is none of the values of %s; %s", text, parameter->name,
                  rw_suggestion_text(&suggestion, known, sizeof known));
    return RW_OK;
}

rw_err rw_sweep_plan_read_rows(rw_reader *r, const rw_node *node, rw_sweep_plan *plan) {
    size_t *rows = NULL;
    if (node == NULL || !rw_read_list(r, node))
        return RW_OK;
    RW_TRY(RW_ARENA_NEW(r->arena, rows, node->count * plan->n_parameters));
    for (const rw_node *row = node->first; row != NULL; row = row->next) {
        if (row->kind != RW_NODE_MAP || row->count != plan->n_parameters) {
            rw_node_wrong(r->diagnostics, row, "must give a value to each of the %zu parameters", plan->n_parameters);
            continue;
        }
        for (size_t p = 0; p < plan->n_parameters; p++) {
            const rw_node *value = rw_node_get(row, plan->parameters[p].name);
            if (value == NULL)
                rw_node_wrong(r->diagnostics, row, "gives no value to %s", plan->parameters[p].name);
            else
                RW_TRY(find_level(r, value, &plan->parameters[p], &rows[row->index * plan->n_parameters + p]));
        }
    }
    plan->rows = rows;
    plan->n_rows = node->count;
    return RW_OK;
}
