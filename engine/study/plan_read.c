#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/reader.h"
#include "study/plan.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

const char *const rw_design_names[RW_DESIGN_KINDS] = {"grid", "list",  "zip",     "one_at_a_time",
                                                      "lhs",  "sobol", "saltelli"};

/* ---- nodes as YAML text ---- */

static void print_scalar(FILE *out, const rw_node *node, bool nested) {
    if (!node->quoted && !(nested && strpbrk(node->text, ",[]{}\"#") != NULL)) {
        (void)fputs(node->text, out);
        return;
    }
    (void)fputc('"', out);
    for (const char *c = node->text; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            (void)fputc('\\', out);
        (void)fputs(*c == '\n' ? "\\n" : *c == '\t' ? "\\t" : (char[]){*c, '\0'}, out);
    }
    (void)fputc('"', out);
}

static void print_node(FILE *out, const rw_node *node, bool nested) {
    if (node->kind == RW_NODE_SCALAR) {
        print_scalar(out, node, nested);
        return;
    }
    const bool map = node->kind == RW_NODE_MAP;
    (void)fputc(map ? '{' : '[', out);
    for (const rw_node *child = node->first; child != NULL; child = child->next) {
        if (map)
            (void)fprintf(out, "%s: ", child->key);
        print_node(out, child, true);
        (void)fputs(child->next != NULL ? ", " : "", out);
    }
    (void)fputc(map ? '}' : ']', out);
}

/* The text that `--set` would take for this node. */
static rw_err node_text(rw_reader *r, const rw_node *node, const char **text) {
    char *buffer = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&buffer, &size);
    RW_CHECK(out != NULL, RW_ERR_SYSTEM, "out of memory for a sweep");
    print_node(out, node, false);
    rw_err err = fclose(out) == 0 ? rw_arena_string(r->arena, text, buffer)
                                  : rw_fail(RW_ERR_SYSTEM, "out of memory for a sweep");
    free(buffer); /* NOLINT: the C library's own */
    return err;
}

/* ---- numbers that share a unit ---- */

/* Splits "0.5 mg/kg" into number and unit; false if it does not begin with a number. */
static bool split_number(const char *text, double *number, const char **unit) {
    const char *rest = rw_number_parse(text, number);
    if (rest == NULL)
        return false;
    *unit = rest + strspn(rest, " ");
    return true;
}

/* Reads a list of two numbers with one unit. */
static bool read_pair(rw_reader *r, const rw_node *node, double pair[2], const char **unit) {
    const char *units[2] = {"", ""};
    if (!rw_read_list(r, node))
        return false;
    if (node->count != 2 || node->first->kind != RW_NODE_SCALAR || node->last->kind != RW_NODE_SCALAR ||
        !split_number(node->first->text, &pair[0], &units[0]) || !split_number(node->last->text, &pair[1], &units[1]) ||
        strcmp(units[0], units[1]) != 0) {
        rw_node_wrong(r->findings, node, "must be two numbers in the same unit, for example [0.1 nS, 0.5 nS]");
        return false;
    }
    *unit = units[0];
    return true;
}

/* ---- keys and overrides ---- */

static rw_err read_keys(rw_reader *r, const rw_node *node, rw_keys *keys) {
    if (node == NULL)
        return RW_OK;
    const char **names = NULL;
    size_t count = node->kind == RW_NODE_LIST ? node->count : 1;
    RW_TRY(RW_ARENA_NEW(r->arena, names, count));
    const rw_node *first = node->kind == RW_NODE_LIST ? node->first : node;
    for (size_t i = 0; i < count; i++, first = first->next) {
        if (!rw_read_text(r, first))
            return RW_OK;
        names[i] = first->text;
    }
    if (count == 0)
        rw_node_wrong(r->findings, node, "name at least one key of the scenario, for example populations.pyr.count");
    *keys = (rw_keys){names, count};
    return RW_OK;
}

/* A map of scenario keys and values. */
static rw_err read_set(rw_reader *r, const rw_node *node, const rw_override **set, size_t *n_set) {
    rw_override *list = NULL;
    if (node == NULL || rw_node_is_null(node))
        return RW_OK;
    if (node->kind != RW_NODE_MAP) {
        rw_node_wrong(r->findings, node, "must be a map of scenario keys and values, for example {seed: 2}");
        return RW_OK;
    }
    RW_TRY(RW_ARENA_NEW(r->arena, list, node->count));
    for (const rw_node *child = node->first; child != NULL; child = child->next) {
        list[child->index].key = child->key;
        RW_TRY(node_text(r, child, &list[child->index].value));
    }
    *set = list;
    *n_set = node->count;
    return RW_OK;
}

/* ---- parameters ---- */

/* The unit that all levels share if they are numbers; NULL otherwise. */
static const char *shared_unit(const char *const *texts, size_t n) {
    const char *shared = NULL;
    for (size_t i = 0; i < n; i++) {
        double number = 0.0;
        const char *unit = NULL;
        if (!split_number(texts[i], &number, &unit) || (shared != NULL && strcmp(unit, shared) != 0))
            return NULL;
        shared = unit;
    }
    return shared;
}

static rw_err read_levels(rw_reader *r, const rw_node *node, rw_plan_parameter *parameter) {
    const char **labels = NULL, **texts = NULL;
    if (node->kind == RW_NODE_SCALAR || node->count == 0) {
        rw_node_wrong(r->findings, node, "must be a list of values, or a map that names them");
        return RW_OK;
    }
    RW_TRY(RW_ARENA_NEW(r->arena, labels, node->count));
    RW_TRY(RW_ARENA_NEW(r->arena, texts, node->count));
    for (const rw_node *child = node->first; child != NULL; child = child->next) {
        RW_TRY(node_text(r, child, &texts[child->index]));
        labels[child->index] = child->key != NULL ? child->key : texts[child->index];
    }
    parameter->labels = labels;
    parameter->texts = texts;
    parameter->n_levels = node->count;
    parameter->unit = node->kind == RW_NODE_LIST ? shared_unit(texts, node->count) : NULL;
    return RW_OK;
}

/* A number of the range at u in 0 .. 1. */
static double in_range(const rw_plan_parameter *parameter, double u) {
    return parameter->logarithmic ? exp(log(parameter->low) + u * (log(parameter->high) - log(parameter->low)))
                                  : parameter->low + u * (parameter->high - parameter->low);
}

/* Turns a range into `steps` levels. */
static rw_err spread_levels(rw_reader *r, rw_plan_parameter *parameter, uint64_t steps) {
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
    return RW_OK;
}

static rw_err read_range(rw_reader *r, const rw_node *node, rw_plan_parameter *parameter) {
    static const char *const scales[] = {"linear", "log"};
    double pair[2] = {0.0, 1.0};
    size_t scale = 0;
    uint64_t steps = 0;
    const rw_node *range = rw_node_get(node, "range");
    if (!read_pair(r, range, pair, &parameter->unit) ||
        !rw_read_choice(r, rw_node_get(node, "scale"), scales, 2, &scale) ||
        !rw_read_count(r, rw_node_get(node, "steps"), 1, RW_PLAN_MAX_POINTS, &steps))
        return RW_OK;
    parameter->low = pair[0];
    parameter->high = pair[1];
    parameter->logarithmic = scale == 1;
    if (!(pair[1] > pair[0]) || (scale == 1 && !(pair[0] > 0.0)))
        rw_node_wrong(r->findings, range, scale == 1 ? "on a log scale must ascend from above 0" : "must ascend");
    else if (steps > 0)
        RW_TRY(spread_levels(r, parameter, steps));
    return RW_OK;
}

static rw_err read_parameter(rw_reader *r, const rw_node *node, rw_plan_parameter *parameter) {
    static const rw_key keys[] = {
        {"set", true}, {"values", false}, {"range", false}, {"scale", false}, {"steps", false}};
    parameter->name = node->key;
    if (!rw_check_name(r, node, node->key) || !rw_read_map(r, node, keys, COUNT(keys)))
        return RW_OK;
    RW_TRY(read_keys(r, rw_node_get(node, "set"), &parameter->keys));
    const rw_node *values = rw_node_get(node, "values"), *range = rw_node_get(node, "range");
    if ((values == NULL) == (range == NULL)) {
        rw_node_key_wrong(r->findings, node, "give either values: [...] or range: [low, high]");
        return RW_OK;
    }
    return values != NULL ? read_levels(r, values, parameter) : read_range(r, node, parameter);
}

/* Whether the design takes levels (grid, zip, ...) rather than numbers from a unit cube. */
static bool wants_levels(rw_design_kind kind) {
    return kind == RW_DESIGN_GRID || kind == RW_DESIGN_LIST || kind == RW_DESIGN_ZIP || kind == RW_DESIGN_ONE_AT_A_TIME;
}

static rw_err read_parameters(rw_reader *r, const rw_node *node, rw_plan *plan) {
    rw_plan_parameter *parameters = NULL;
    if (node == NULL)
        return RW_OK;
    if (node->kind != RW_NODE_MAP) {
        rw_node_wrong(r->findings, node, "must be a map of parameters, for example {dose: {set: KEY, values: [...]}}");
        return RW_OK;
    }
    RW_TRY(RW_ARENA_NEW(r->arena, parameters, node->count));
    for (const rw_node *child = node->first; child != NULL; child = child->next) {
        rw_plan_parameter *parameter = &parameters[child->index];
        size_t before = r->findings->count;
        RW_TRY(read_parameter(r, child, parameter));
        if (r->findings->count == before && wants_levels(plan->design) && parameter->n_levels == 0)
            rw_node_key_wrong(r->findings, child, "a %s needs values: [...], or steps: beside the range",
                              rw_design_names[plan->design]);
        if (r->findings->count == before && plan->design == RW_DESIGN_ZIP &&
            parameter->n_levels != parameters[0].n_levels)
            rw_node_key_wrong(r->findings, child, "has %zu values, but %s has %zu; zip takes them together",
                              parameter->n_levels, parameters[0].name, parameters[0].n_levels);
    }
    plan->parameters = parameters;
    plan->n_parameters = node->count;
    return RW_OK;
}

/* ---- rows of a list ---- */

/* The level of `parameter` that `node` says; a finding if there is none. */
static rw_err find_level(rw_reader *r, const rw_node *node, const rw_plan_parameter *parameter, size_t *level) {
    const char *text = NULL;
    rw_suggestion suggestion = {0};
    RW_TRY(node_text(r, node, &text));
    suggestion.word = text;
    for (*level = 0; *level < parameter->n_levels; ++*level) {
        if (strcmp(parameter->labels[*level], text) == 0 || strcmp(parameter->texts[*level], text) == 0)
            return RW_OK;
        rw_suggestion_offer(&suggestion, parameter->labels[*level]);
    }
    char known[320];
    rw_node_wrong(r->findings, node, "\"%.60s\" is none of the values of %s; %s", text, parameter->name,
                  rw_suggestion_text(&suggestion, known, sizeof known));
    return RW_OK;
}

static rw_err read_rows(rw_reader *r, const rw_node *node, rw_plan *plan) {
    size_t *rows = NULL;
    if (node == NULL || !rw_read_list(r, node))
        return RW_OK;
    RW_TRY(RW_ARENA_NEW(r->arena, rows, node->count * plan->n_parameters));
    for (const rw_node *row = node->first; row != NULL; row = row->next) {
        if (row->kind != RW_NODE_MAP || row->count != plan->n_parameters) {
            rw_node_wrong(r->findings, row, "must give a value to each of the %zu parameters", plan->n_parameters);
            continue;
        }
        for (size_t p = 0; p < plan->n_parameters; p++) {
            const rw_node *value = rw_node_get(row, plan->parameters[p].name);
            if (value == NULL)
                rw_node_wrong(r->findings, row, "gives no value to %s", plan->parameters[p].name);
            else
                RW_TRY(find_level(r, value, &plan->parameters[p], &rows[row->index * plan->n_parameters + p]));
        }
    }
    plan->rows = rows;
    plan->n_rows = node->count;
    return RW_OK;
}

/* ---- the other sections ---- */

static void read_design(rw_reader *r, const rw_node *node, rw_plan *plan) {
    static const rw_key keys[] = {{"kind", true}, {"points", false}, {"seed", false}};
    size_t kind = RW_DESIGN_GRID;
    if (node == NULL || !rw_read_map(r, node, keys, COUNT(keys)))
        return;
    const rw_node *points = rw_node_get(node, "points"), *seed = rw_node_get(node, "seed");
    (void)rw_read_choice(r, rw_node_get(node, "kind"), rw_design_names, RW_DESIGN_KINDS, &kind);
    (void)rw_read_count(r, points, 1, RW_PLAN_MAX_POINTS, &plan->design_points);
    (void)rw_read_count(r, seed, 0, INT64_MAX, &plan->design_seed);
    plan->design = (rw_design_kind)kind;
    if (wants_levels(plan->design) && (points != NULL || seed != NULL))
        rw_node_key_wrong(r->findings, points != NULL ? points : seed, "a %s has no such choice; its values decide",
                          rw_design_names[kind]);
    if (!wants_levels(plan->design) && points == NULL)
        rw_node_key_wrong(r->findings, node, "say how many points: {kind: %s, points: 64}", rw_design_names[kind]);
}

static rw_err read_arms(rw_reader *r, const rw_node *node, rw_plan *plan) {
    rw_arm *arms = NULL;
    size_t count = node != NULL && node->kind == RW_NODE_MAP ? node->count : 0;
    if (node != NULL && count == 0)
        rw_node_wrong(r->findings, node, "must be a map: the name of each arm, and what it sets in the scenario");
    RW_TRY(RW_ARENA_NEW(r->arena, arms, count > 0 ? count : 1));
    arms[0].name = "";
    for (const rw_node *child = count > 0 ? node->first : NULL; child != NULL; child = child->next) {
        (void)rw_check_name(r, child, child->key);
        arms[child->index].name = child->key;
        RW_TRY(read_set(r, child, &arms[child->index].set, &arms[child->index].n_set));
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
    if (!rw_check_name(r, node, node->key) || !rw_read_map(r, node, keys, COUNT(keys)))
        return RW_OK;
    RW_TRY(read_keys(r, rw_node_get(node, "set"), &draw->keys));
    for (size_t k = 0; k < COUNT(kinds); k++) {
        const rw_node *given = rw_node_get(node, keys[1 + k].name);
        if (given == NULL)
            continue;
        found++;
        draw->kind = kinds[k];
        if (!read_pair(r, given, pair, &draw->unit))
            return RW_OK;
        if (!(pair[1] > (draw->kind == RW_UNIFORM ? pair[0] : 0.0)) || (draw->kind == RW_LOGNORMAL && !(pair[0] > 0)))
            rw_node_wrong(r->findings, given, "%s",
                          draw->kind == RW_UNIFORM ? "must ascend" : "must be a mean and a spread above 0");
    }
    if (found != 1)
        rw_node_key_wrong(r->findings, node,
                          "give one of uniform: [a, b], normal: [mean, std], lognormal: [mean, std]");
    draw->a = pair[0];
    draw->b = pair[1];
    const char *unit = NULL;
    const rw_node *min = rw_node_get(node, "min"), *max = rw_node_get(node, "max");
    bool right = (min == NULL || (rw_read_text(r, min) && split_number(min->text, &draw->min, &unit) &&
                                  draw->unit != NULL && strcmp(unit, draw->unit) == 0)) &&
                 (max == NULL || (rw_read_text(r, max) && split_number(max->text, &draw->max, &unit) &&
                                  draw->unit != NULL && strcmp(unit, draw->unit) == 0));
    if (found == 1 && (!right || !(draw->max > draw->min)))
        rw_node_key_wrong(r->findings, node, "min and max must be numbers in the unit of the distribution, and ascend");
    return RW_OK;
}

static rw_err read_subjects(rw_reader *r, const rw_node *node, rw_plan *plan) {
    static const rw_key keys[] = {{"count", true}, {"seed", false}, {"draw", true}};
    rw_subject_draw *draws = NULL;
    if (node == NULL || !rw_read_map(r, node, keys, COUNT(keys)))
        return RW_OK;
    const rw_node *draw = rw_node_get(node, "draw");
    (void)rw_read_count(r, rw_node_get(node, "count"), 1, RW_PLAN_MAX_POINTS, &plan->n_subjects);
    (void)rw_read_count(r, rw_node_get(node, "seed"), 0, INT64_MAX, &plan->subject_seed);
    if (draw->kind != RW_NODE_MAP || draw->count == 0) {
        rw_node_wrong(r->findings, draw,
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

static rw_err read_windows(rw_reader *r, const rw_node *node, rw_plan *plan) {
    static const rw_key keys[] = {{"windows", true}};
    const rw_quantity time = {"ms", 0.0, 1e15, 0.0};
    rw_window *windows = NULL;
    if (node == NULL || !rw_read_map(r, node, keys, COUNT(keys)))
        return RW_OK;
    const rw_node *list = rw_node_get(node, "windows");
    if (list->kind != RW_NODE_MAP) {
        rw_node_wrong(r->findings, list, "must be a map, for example {baseline: [20 s, 60 s]}");
        return RW_OK;
    }
    RW_TRY(RW_ARENA_NEW(r->arena, windows, list->count));
    for (const rw_node *child = list->first; child != NULL; child = child->next) {
        rw_window *window = &windows[child->index];
        window->name = child->key;
        if (!rw_check_name(r, child, child->key) || !rw_read_list(r, child))
            continue;
        if (child->count != 2)
            rw_node_wrong(r->findings, child, "must be two times, for example [20 s, 60 s]");
        else if (rw_read_number(r, child->first, time, &window->from_ms) &&
                 rw_read_number(r, child->last, time, &window->to_ms) && !(window->to_ms > window->from_ms))
            rw_node_wrong(r->findings, child, "must ascend");
    }
    plan->windows = windows;
    plan->n_windows = list->count;
    return RW_OK;
}

static void read_run(rw_reader *r, const rw_node *node, rw_plan *plan) {
    static const rw_key keys[] = {{"threads", false}, {"time_limit", false}, {"memory_limit", false}, {"keep", false}};
    static const char *const keep[] = {"all", "series", "measures"};
    uint64_t threads = 0;
    size_t choice = RW_KEEP_ALL;
    if (node == NULL || !rw_read_map(r, node, keys, COUNT(keys)))
        return;
    (void)rw_read_count(r, rw_node_get(node, "threads"), 1, 4096, &threads);
    (void)rw_read_number(r, rw_node_get(node, "time_limit"), (rw_quantity){"s", 0.1, 1e8, 0.0}, &plan->time_limit_s);
    (void)rw_read_number(r, rw_node_get(node, "memory_limit"), (rw_quantity){"byte", 1e7, 1e15, 0.0},
                         &plan->memory_limit_byte);
    (void)rw_read_choice(r, rw_node_get(node, "keep"), keep, COUNT(keep), &choice);
    plan->threads = (int)threads;
    plan->keep = (rw_keep)choice;
}

/* The path of the scenario beside the sweep's file. */
static rw_err read_scenario_path(rw_reader *r, const rw_node *node, const char *name, rw_plan *plan) {
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

static rw_err read_sections(rw_reader *r, const rw_node *root, const char *name, rw_plan *plan) {
    static const rw_key keys[] = {{"sweep", true},     {"title", false},      {"scenario", true}, {"set", false},
                                  {"design", false},   {"parameters", false}, {"rows", false},    {"arms", false},
                                  {"subjects", false}, {"replicates", false}, {"measure", false}, {"run", false}};
    if (!rw_read_map(r, root, keys, COUNT(keys)) && root->kind != RW_NODE_MAP)
        return RW_OK;
    const rw_node *version = rw_node_get(root, "sweep"), *title = rw_node_get(root, "title");
    if (rw_read_text(r, version) && strcmp(version->text, "1") != 0)
        rw_node_wrong(r->findings, version, "this program reads sweeps of version 1, not \"%.40s\"", version->text);
    if (rw_read_text(r, title))
        plan->title = title->text;
    RW_TRY(read_scenario_path(r, rw_node_get(root, "scenario"), name, plan));
    RW_TRY(read_set(r, rw_node_get(root, "set"), &plan->set, &plan->n_set));
    read_design(r, rw_node_get(root, "design"), plan);
    RW_TRY(read_parameters(r, rw_node_get(root, "parameters"), plan));
    const rw_node *rows = rw_node_get(root, "rows");
    if ((rows != NULL) != (plan->design == RW_DESIGN_LIST))
        rw_node_key_wrong(r->findings, rows != NULL ? rows : root, "rows: and design: {kind: list} belong together");
    else if (r->findings->count == 0)
        RW_TRY(read_rows(r, rows, plan));
    RW_TRY(read_arms(r, rw_node_get(root, "arms"), plan));
    RW_TRY(read_subjects(r, rw_node_get(root, "subjects"), plan));
    (void)rw_read_count(r, rw_node_get(root, "replicates"), 1, RW_PLAN_MAX_POINTS, &plan->n_replicates);
    RW_TRY(read_windows(r, rw_node_get(root, "measure"), plan));
    read_run(r, rw_node_get(root, "run"), plan);
    return RW_OK;
}

rw_err rw_plan_read(rw_plan **plan, rw_arena *arena, const char *name, const char *text, size_t length) {
    rw_findings *findings = NULL;
    rw_reader r = {.arena = arena};
    const rw_node *root = NULL;
    *plan = NULL;
    RW_TRY(RW_ARENA_NEW(arena, findings, 1));
    RW_TRY(RW_ARENA_NEW(arena, *plan, 1));
    **plan =
        (rw_plan){.arena = arena, .title = "", .design_seed = 1, .n_subjects = 1, .subject_seed = 1, .n_replicates = 1};
    r.findings = findings;
    RW_TRY(rw_units_create(&r.units));
    rw_err err = rw_document_parse(&root, arena, findings, name, text, length);
    if (err == RW_OK && root != NULL)
        err = read_sections(&r, root, name, *plan);
    rw_units_destroy(&r.units);
    return err == RW_OK ? rw_findings_result(findings) : err;
}
