#include "study/sweep/plan_read.h"

#include <math.h>
#include <string.h>

#include "base/count.h"
#include "study/sweep/plan_parameters.h"
#include "study/sweep/plan_recovery.h"
#include "study/sweep/plan_subjects.h"
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
        if (has_key(&plan->draws[d].keys, key) || has_key(&plan->draws[d].remainder, key))
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
    for (const rw_node *child = draws != NULL ? draws->first : NULL; child != NULL; child = child->next) {
        const rw_subject_draw *drawn = &plan->draws[child->index];
        check_keys(r, child, plan, plan->n_parameters, child->index, &drawn->keys);
        check_keys(r, child, plan, plan->n_parameters, child->index, &drawn->remainder);
        for (size_t i = 0; i < drawn->remainder.count; i++)
            if (has_key(&drawn->keys, drawn->remainder.names[i]))
                rw_node_key_wrong(r->diagnostics, child, "sets %s, which remainder sets too",
                                  drawn->remainder.names[i]);
    }
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
                                  {"subjects", false}, {"replicates", false}, {"measure", false}, {"recovery", false},
                                  {"run", false}};
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
    RW_TRY(rw_sweep_plan_read_subjects(r, rw_node_get(root, "subjects"), plan));
    (void)rw_read_count(r, rw_node_get(root, "replicates"), 1, RW_SWEEP_MAX_POINTS, &plan->n_replicates);
    if (r->diagnostics->count == 0)
        check_all_keys(r, root, plan);
    RW_TRY(read_windows(r, rw_node_get(root, "measure"), plan));
    read_run(r, rw_node_get(root, "run"), plan);
    const rw_node *recovery = rw_node_get(root, "recovery");
    RW_TRY(rw_recovery_read(r, recovery, plan->windows, plan->n_windows, &plan->recovery));
    if (recovery != NULL && plan->keep == RW_KEEP_MEASURES)
        rw_node_key_wrong(r->diagnostics, recovery, "is found in the series of the points; say run: {keep: series}");
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
