#include "study/sweep/plan_read.h"

#include <math.h>
#include <string.h>

#include "base/count.h"
#include "config/distribution.h"
#include "study/sweep/plan_parameters.h"
#include "study/sweep/plan_values.h"

static void read_design(rw_reader *r, const rw_node *node, rw_sweep_plan *plan) {
    static const rw_key keys[] = {{"kind", true}, {"points", false}, {"seed", false}};
    size_t kind = RW_DESIGN_GRID;
    if (node == NULL || !rw_read_map(r, node, keys, RW_COUNT(keys)))
        return;
    const rw_node *points = rw_node_get(node, "points"), *seed = rw_node_get(node, "seed");
    (void)rw_read_choice(r, rw_node_get(node, "kind"), rw_design_names, RW_DESIGN_KINDS, &kind);
    (void)rw_read_count(r, points, 1, RW_SWEEP_MAX_POINTS, &plan->design_points);
    (void)rw_read_count(r, seed, 0, INT64_MAX, &plan->design_seed);
    plan->design = (rw_design_kind)kind;
    if (rw_design_has_levels(plan->design) && (points != NULL || seed != NULL))
        rw_node_key_wrong(r->diagnostics, points != NULL ? points : seed, "a %s has no such choice; its values decide",
                          rw_design_names[kind]);
    if (!rw_design_has_levels(plan->design) && points == NULL)
        rw_node_key_wrong(r->diagnostics, node, "say how many points: {kind: %s, points: 64}", rw_design_names[kind]);
}

static rw_err read_arms(rw_reader *r, const rw_node *node, rw_sweep_plan *plan) {
    rw_arm *arms = NULL;
    size_t count = node != NULL && node->kind == RW_NODE_MAP ? node->count : 0;
    if (node != NULL && count == 0)
        rw_node_wrong(r->diagnostics, node, "must be a map: the name of each arm, and what it sets in the scenario");
    RW_TRY(RW_ARENA_NEW(r->arena, arms, count > 0 ? count : 1));
    arms[0].name = "";
    for (const rw_node *child = count > 0 ? node->first : NULL; child != NULL; child = child->next) {
        (void)rw_check_name(r, child, child->key);
        arms[child->index].name = child->key;
        RW_TRY(rw_sweep_plan_read_set(r, child, &arms[child->index].set, &arms[child->index].n_set));
    }
    plan->arms = arms;
    plan->n_arms = count > 0 ? count : 1;
    return RW_OK;
}

static rw_err read_draw(rw_reader *r, const rw_node *node, rw_subject_draw *draw) {
    static const rw_key keys[] = {{"set", true},        {"uniform", false}, {"normal", false},
                                  {"lognormal", false}, {"min", false},     {"max", false}};
    static const rw_value_kind kinds[] = {RW_UNIFORM, RW_NORMAL, RW_LOGNORMAL};
    double pair[2] = {0.0, 1.0};
    size_t found = 0;
    *draw = (rw_subject_draw){.name = node->key, .min = -INFINITY, .max = INFINITY};
    if (!rw_check_name(r, node, node->key) || !rw_read_map(r, node, keys, RW_COUNT(keys)))
        return RW_OK;
    RW_TRY(rw_sweep_plan_read_keys(r, rw_node_get(node, "set"), &draw->keys));
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
    return RW_OK;
}

static rw_err read_subjects(rw_reader *r, const rw_node *node, rw_sweep_plan *plan) {
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

static rw_err read_windows(rw_reader *r, const rw_node *node, rw_sweep_plan *plan) {
    static const rw_key keys[] = {{"windows", true}};
    const rw_quantity time = {"ms", 0.0, 1e15, 0.0};
    rw_window *windows = NULL;
    if (node == NULL || !rw_read_map(r, node, keys, RW_COUNT(keys)))
        return RW_OK;
    const rw_node *list = rw_node_get(node, "windows");
    if (list->kind != RW_NODE_MAP) {
        rw_node_wrong(r->diagnostics, list, "must be a map, for example {baseline: [20 s, 60 s]}");
        return RW_OK;
    }
    RW_TRY(RW_ARENA_NEW(r->arena, windows, list->count));
    for (const rw_node *child = list->first; child != NULL; child = child->next) {
        rw_window *window = &windows[child->index];
        window->name = child->key;
        if (!rw_check_name(r, child, child->key) || !rw_read_list(r, child))
            continue;
        if (child->count != 2)
            rw_node_wrong(r->diagnostics, child, "must be two times, for example [20 s, 60 s]");
        else if (rw_read_number(r, child->first, time, &window->from_ms) &&
                 rw_read_number(r, child->last, time, &window->to_ms) && !(window->to_ms > window->from_ms))
            rw_node_wrong(r->diagnostics, child, "must ascend");
    }
    plan->windows = windows;
    plan->n_windows = list->count;
    return RW_OK;
}

static void read_run(rw_reader *r, const rw_node *node, rw_sweep_plan *plan) {
    static const rw_key keys[] = {
        {"threads", false}, {"time_limit", false}, {"memory_limit", false}, {"keep", false}, {"baselines", false}};
    static const char *const keep[] = {"all", "series", "measures"}, *const baselines[] = {"shared", "own"};
    uint64_t threads = 0;
    size_t choice = RW_KEEP_ALL, own = 0;
    if (node == NULL || !rw_read_map(r, node, keys, RW_COUNT(keys)))
        return;
    (void)rw_read_count(r, rw_node_get(node, "threads"), 1, 4096, &threads);
    (void)rw_read_number(r, rw_node_get(node, "time_limit"), (rw_quantity){"s", 0.1, 1e8, 0.0}, &plan->time_limit_s);
    (void)rw_read_number(r, rw_node_get(node, "memory_limit"), (rw_quantity){"byte", 1e7, 1e15, 0.0},
                         &plan->memory_limit_byte);
    (void)rw_read_choice(r, rw_node_get(node, "keep"), keep, RW_COUNT(keep), &choice);
    plan->threads = (int)threads;
    (void)rw_read_choice(r, rw_node_get(node, "baselines"), baselines, RW_COUNT(baselines), &own);
    plan->keep = (rw_keep)choice;
    plan->share = own == 0;
}

static bool has_key(const rw_keys *keys, const char *key) {
    size_t i = 0;
    while (i < keys->count && strcmp(keys->names[i], key) != 0)
        i++;
    return i < keys->count;
}

/* What sets a key beside the parameters from `parameter` on and the draws from `draw` on; NULL: nothing. */
static const char *other_setter(const rw_sweep_plan *plan, size_t parameter, size_t draw, const char *key) {
    for (size_t p = 0; p < parameter; p++)
        if (has_key(&plan->parameters[p].keys, key))
            return plan->parameters[p].name;
    for (size_t d = 0; d < draw; d++)
        if (has_key(&plan->draws[d].keys, key))
            return plan->draws[d].name;
    for (size_t a = 0; a < plan->n_arms; a++)
        for (size_t i = 0; i < plan->arms[a].n_set; i++)
            if (strcmp(plan->arms[a].set[i].key, key) == 0)
                return plan->arms[a].name;
    return NULL;
}

/* A key that two of them set would get the value of one, silently; and seeds are the sweep's own. */
static void check_keys(rw_reader *r, const rw_node *node, const rw_sweep_plan *plan, size_t parameter, size_t draw,
                       const rw_keys *keys) {
    for (size_t i = 0; i < keys->count; i++) {
        const char *other = other_setter(plan, parameter, draw, keys->names[i]);
        if (strcmp(keys->names[i], "seed") == 0)
            rw_node_key_wrong(r->diagnostics, node, "seeds count on from the scenario's; replicates: N says how many");
        else if (other != NULL)
            rw_node_key_wrong(r->diagnostics, node, "sets %s, which %s sets too", keys->names[i], other);
    }
}

static void check_all_keys(rw_reader *r, const rw_node *root, const rw_sweep_plan *plan) {
    const rw_node *parameters = rw_node_get(root, "parameters"), *subjects = rw_node_get(root, "subjects");
    const rw_node *number = rw_node_get(subjects, "number"), *draws = rw_node_get(subjects, "draw");
    for (const rw_node *child = parameters != NULL ? parameters->first : NULL; child != NULL; child = child->next)
        check_keys(r, child, plan, child->index, 0, &plan->parameters[child->index].keys);
    for (const rw_node *child = draws != NULL ? draws->first : NULL; child != NULL; child = child->next)
        check_keys(r, child, plan, plan->n_parameters, child->index, &plan->draws[child->index].keys);
    if (number != NULL)
        check_keys(r, number, plan, plan->n_parameters, plan->n_draws, &plan->numbered);
}

/* The path of the scenario beside the sweep's file. */
static rw_err read_scenario_path(rw_reader *r, const rw_node *node, const char *name, rw_sweep_plan *plan) {
    if (!rw_read_text(r, node))
        return RW_OK;
    const char *slash = strrchr(name, '/');
    size_t directory = node->text[0] == '/' || slash == NULL ? 0 : (size_t)(slash - name) + 1;
    char *path = NULL;
    RW_TRY(rw_arena_allocate(r->arena, &path, directory + strlen(node->text) + 1, 1));
    memcpy(path, name, directory);
    memcpy(path + directory, node->text, strlen(node->text) + 1);
    plan->scenario = path;
    return RW_OK;
}

static rw_err read_sections(rw_reader *r, const rw_node *root, const char *name, rw_sweep_plan *plan) {
    static const rw_key keys[] = {{"sweep", true},     {"title", false},      {"scenario", true}, {"set", false},
                                  {"design", false},   {"parameters", false}, {"rows", false},    {"arms", false},
                                  {"subjects", false}, {"replicates", false}, {"measure", false}, {"run", false}};
    RW_CHECK(rw_node_get(root, "sweep") != NULL || rw_node_get(root, "rewire") == NULL, RW_ERR_INPUT,
             "%s: this is a scenario, not a sweep; `rewire run %s` runs it, and a sweep names it under scenario:", name,
             name);
    if (!rw_read_map(r, root, keys, RW_COUNT(keys)) && root->kind != RW_NODE_MAP)
        return RW_OK;
    const rw_node *version = rw_node_get(root, "sweep"), *title = rw_node_get(root, "title");
    if (rw_read_text(r, version) && strcmp(version->text, "1") != 0)
        rw_node_wrong(r->diagnostics, version, "this program reads sweeps of version 1, not \"%.40s\"", version->text);
    if (rw_read_text(r, title))
        plan->title = title->text;
    RW_TRY(read_scenario_path(r, rw_node_get(root, "scenario"), name, plan));
    RW_TRY(rw_sweep_plan_read_set(r, rw_node_get(root, "set"), &plan->set, &plan->n_set));
    read_design(r, rw_node_get(root, "design"), plan);
    RW_TRY(rw_sweep_plan_read_parameters(r, rw_node_get(root, "parameters"), plan));
    const rw_node *rows = rw_node_get(root, "rows");
    if ((rows != NULL) != (plan->design == RW_DESIGN_LIST))
        rw_node_key_wrong(r->diagnostics, rows != NULL ? rows : root, "rows: and design: {kind: list} belong together");
    else if (r->diagnostics->count == 0)
        RW_TRY(rw_sweep_plan_read_rows(r, rows, plan));
    RW_TRY(read_arms(r, rw_node_get(root, "arms"), plan));
    RW_TRY(read_subjects(r, rw_node_get(root, "subjects"), plan));
    (void)rw_read_count(r, rw_node_get(root, "replicates"), 1, RW_SWEEP_MAX_POINTS, &plan->n_replicates);
    if (r->diagnostics->count == 0)
        check_all_keys(r, root, plan);
    RW_TRY(read_windows(r, rw_node_get(root, "measure"), plan));
    read_run(r, rw_node_get(root, "run"), plan);
    return RW_OK;
}

rw_err rw_sweep_plan_read_with(rw_sweep_plan **plan, rw_arena *arena, rw_units *units, const char *name,
                               const char *text, size_t length) {
    rw_diagnostics *diagnostics = NULL;
    rw_reader r = {.arena = arena, .units = units};
    const rw_node *root = NULL;
    *plan = NULL;
    RW_TRY(RW_ARENA_NEW(arena, diagnostics, 1));
    RW_TRY(RW_ARENA_NEW(arena, *plan, 1));
    **plan = (rw_sweep_plan){.arena = arena,
                             .title = "",
                             .design_seed = 1,
                             .n_subjects = 1,
                             .subject_seed = 1,
                             .n_replicates = 1,
                             .share = true};
    r.diagnostics = diagnostics;
    RW_TRY(rw_document_parse(&root, arena, diagnostics, name, text, length));
    if (root != NULL)
        RW_TRY(read_sections(&r, root, name, *plan));
    return rw_diagnostics_result(diagnostics);
}

rw_err rw_sweep_plan_read(rw_sweep_plan **plan, rw_arena *arena, const char *name, const char *text, size_t length) {
    rw_units *units = NULL;
    *plan = NULL;
    RW_TRY(rw_units_create(&units));
    rw_err err = rw_sweep_plan_read_with(plan, arena, units, name, text, length);
    rw_units_destroy(&units);
    return err;
}
