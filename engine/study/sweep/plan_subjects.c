#include "study/sweep/plan_subjects.h"

#include <math.h>
#include <string.h>

#include "base/count.h"
#include "config/distribution.h"
#include "study/sweep/plan_values.h"

/* What is left of a whole is a share, too. */
static void check_remainder(rw_reader *r, const rw_node *node, const rw_subject_draw *draw) {
    const bool uniform = draw->kind == RW_UNIFORM;
    const double low = uniform ? fmax(draw->a, draw->min) : draw->min;
    const double high = uniform ? fmin(draw->b, draw->max) : draw->max;
    if (draw->remainder.count > 0 && (draw->unit == NULL || draw->unit[0] != '\0' || !(low >= 0.0 && high <= 1.0)))
        rw_node_key_wrong(r->diagnostics, rw_node_get(node, "remainder"),
                          "gets 1 minus what is drawn, which must be a share without a unit between 0 and 1; limit it "
                          "with min: 0 and max: 1");
}

static rw_err read_draw(rw_reader *r, const rw_node *node, rw_subject_draw *draw) {
    static const rw_key keys[] = {{"set", true},  {"uniform", false}, {"normal", false},   {"lognormal", false},
                                  {"min", false}, {"max", false},     {"remainder", false}};
    static const rw_value_kind kinds[] = {RW_UNIFORM, RW_NORMAL, RW_LOGNORMAL};
    double pair[2] = {0.0, 1.0};
    size_t found = 0;
    *draw = (rw_subject_draw){.name = node->key, .min = -INFINITY, .max = INFINITY};
    if (!rw_check_name(r, node, node->key) || !rw_read_map(r, node, keys, RW_COUNT(keys)))
        return RW_OK;
    RW_TRY(rw_sweep_plan_read_keys(r, rw_node_get(node, "set"), &draw->keys));
    RW_TRY(rw_sweep_plan_read_keys(r, rw_node_get(node, "remainder"), &draw->remainder));
    for (size_t k = 0; k < RW_COUNT(kinds); k++) {
        const rw_node *given = rw_node_get(node, keys[1 + k].name);
        if (given == NULL)
            continue;
        found++;
        draw->kind = kinds[k];
        if (!rw_sweep_plan_read_pair(r, given, pair, &draw->unit))
            return RW_OK;
        if (!(pair[1] > (draw->kind == RW_UNIFORM ? pair[0] : 0.0)) || (draw->kind == RW_LOGNORMAL && !(pair[0] > 0)))
            rw_node_wrong(r->diagnostics, given, "%s",
                          draw->kind == RW_UNIFORM ? "must ascend" : "must be a mean and a spread above 0");
    }
    if (found != 1)
        rw_node_key_wrong(r->diagnostics, node,
                          "give one of uniform: [a, b], normal: [mean, std], lognormal: [mean, std]");
    draw->a = pair[0];
    draw->b = pair[1];
    const char *unit = NULL;
    const rw_node *min = rw_node_get(node, "min"), *max = rw_node_get(node, "max");
    bool right = (min == NULL || (rw_read_text(r, min) && rw_sweep_plan_split_number(min->text, &draw->min, &unit) &&
                                  draw->unit != NULL && strcmp(unit, draw->unit) == 0)) &&
                 (max == NULL || (rw_read_text(r, max) && rw_sweep_plan_split_number(max->text, &draw->max, &unit) &&
                                  draw->unit != NULL && strcmp(unit, draw->unit) == 0));
    rw_value value = {.kind = draw->kind, .a = draw->a, .b = draw->b, .min = draw->min, .max = draw->max};
    if (found == 1 && (!right || !(draw->max > draw->min)))
        rw_node_key_wrong(r->diagnostics, node,
                          "min and max must be numbers in the unit of the distribution, and ascend");
    else if (found == 1)
        (void)rw_narrow_value(r, node, &value,
                              (rw_quantity){"1", -INFINITY, INFINITY, 0.0}); /* a diagnostic, if it is impossible */
    check_remainder(r, node, draw);
    return RW_OK;
}

rw_err rw_sweep_plan_read_subjects(rw_reader *r, const rw_node *node, rw_sweep_plan *plan) {
    static const rw_key keys[] = {{"count", true}, {"seed", false}, {"draw", false}, {"number", false}};
    rw_subject_draw *draws = NULL;
    if (node == NULL || !rw_read_map(r, node, keys, RW_COUNT(keys)))
        return RW_OK;
    const rw_node *draw = rw_node_get(node, "draw"), *number = rw_node_get(node, "number");
    (void)rw_read_count(r, rw_node_get(node, "count"), 1, RW_SWEEP_MAX_POINTS, &plan->n_subjects);
    (void)rw_read_count(r, rw_node_get(node, "seed"), 0, INT64_MAX, &plan->subject_seed);
    RW_TRY(rw_sweep_plan_read_keys(r, number, &plan->numbered));
    if (draw == NULL && number == NULL)
        rw_node_key_wrong(r->diagnostics, node,
                          "say what differs between subjects: draw: {...}, or number: KEY, which gets "
                          "the number of the subject");
    if (draw == NULL)
        return RW_OK;
    if (draw->kind != RW_NODE_MAP || draw->count == 0) {
        rw_node_wrong(r->diagnostics, draw,
                      "must be a map: what differs between subjects, for example "
                      "{mass: {set: KEY, normal: [70 kg, 10 kg]}}");
        return RW_OK;
    }
    RW_TRY(RW_ARENA_NEW(r->arena, draws, draw->count));
    for (const rw_node *child = draw->first; child != NULL; child = child->next)
        RW_TRY(read_draw(r, child, &draws[child->index]));
    plan->draws = draws;
    plan->n_draws = draw->count;
    return RW_OK;
}
