/* A scenario from its text: the head here, the sections each by itself. */
#include "config/parse.h"

#include <math.h>
#include <string.h>

#include "config/overrides.h"
#include "config/render.h"
#include "config/sections/sections.h"

static const rw_key keys[] = {{"rewire", true},     {"title", false},     {"seed", false},       {"time", true},
                              {"space", false},     {"stop", false},      {"populations", true}, {"projections", false},
                              {"inputs", false},    {"blockade", false},  {"drugs", false},      {"growth", false},
                              {"signals", false},   {"structure", false}, {"lesions", false},    {"record", false},
                              {"checkpoint", false}};

static void read_head(rw_reader *r, const rw_node *root) {
    rw_scenario *scenario = r->scenario;
    const rw_node *version = rw_node_get(root, "rewire"), *title = rw_node_get(root, "title");
    if (rw_read_text(r, version) && strcmp(version->text, "1") != 0)
        rw_node_wrong(r->diagnostics, version, "this program reads scenarios of version 1, not \"%.40s\"",
                      version->text);
    if (title != NULL && title->kind == RW_NODE_SCALAR)
        scenario->title = title->text;
    else if (title != NULL)
        (void)rw_read_text(r, title); /* says what is wrong */
    (void)rw_read_count(r, rw_node_get(root, "seed"), 0, INT64_MAX, &scenario->seed);
}

static void read_time(rw_reader *r, const rw_node *node) {
    static const rw_key time[] = {{"step", false}, {"until", true}, {"scale", false}, {"drug_speed", false}};
    static const rw_quantity speed = {"1", 1e-3, 1e9, 0.0};
    rw_scenario *scenario = r->scenario;
    if (node == NULL)
        return;
    (void)rw_read_map(r, node, time, RW_COUNT(time));
    r->step_known =
        rw_read_number(r, rw_node_get(node, "step"), (rw_quantity){"ms", 1e-4, 100.0, 0.0}, &scenario->step_ms);
    (void)rw_read_steps(r, rw_node_get(node, "until"), 1, &scenario->n_steps);
    const rw_node *drug_speed = rw_node_get(node, "drug_speed");
    (void)rw_read_number(r, rw_node_get(node, "scale"), speed, &scenario->time_scale);
    scenario->drug_speed = scenario->time_scale;
    if (rw_read_number(r, drug_speed, speed, &scenario->drug_speed) && rw_node_get(node, "scale") != NULL &&
        scenario->drug_speed != scenario->time_scale)
        rw_node_wrong(r->diagnostics, drug_speed,
                      "differs from time.scale, which is the clock of drugs, signals, growth, loss and stress alike");
}

static void read_space(rw_reader *r, const rw_node *node) {
    static const rw_key space[] = {{"size", true}, {"periodic", false}};
    rw_scenario *scenario = r->scenario;
    if (node == NULL || !rw_read_map(r, node, space, RW_COUNT(space)))
        return;
    const rw_node *size = rw_node_get(node, "size");
    scenario->dimensions = 2; /* if it is wrong, that there is a space is right */
    (void)rw_read_flag(r, rw_node_get(node, "periodic"), &scenario->periodic);
    if (!rw_read_list(r, size))
        return;
    if (size->count != 2 && size->count != 3) {
        rw_node_wrong(r->diagnostics, size, "must be two or three lengths, for example [1500 um, 1500 um]");
        return;
    }
    scenario->dimensions = (int)size->count;
    for (const rw_node *child = size->first; child != NULL; child = child->next)
        (void)rw_read_number(r, child, (rw_quantity){"um", 1e-3, 1e9, 0.0}, &scenario->size_um[child->index]);
}

static void read_stop(rw_reader *r, const rw_node *node) {
    static const rw_key stop[] = {{"rate_above", true}};
    if (node != NULL && rw_read_map(r, node, stop, RW_COUNT(stop)))
        (void)rw_read_number(r, node->first, (rw_quantity){"Hz", 1e-3, 1e9, 0.0}, &r->scenario->max_rate_hz);
}

static rw_err read_sections(rw_reader *r, const rw_node *root) {
    (void)rw_read_map(r, root, keys, RW_COUNT(keys));
    if (root->kind != RW_NODE_MAP)
        return RW_OK;
    read_head(r, root);
    read_time(r, rw_node_get(root, "time"));
    read_space(r, rw_node_get(root, "space"));
    read_stop(r, rw_node_get(root, "stop"));
    RW_TRY(rw_read_populations(r, rw_node_get(root, "populations")));
    RW_TRY(rw_read_projections(r, rw_node_get(root, "projections")));
    RW_TRY(rw_read_inputs(r, rw_node_get(root, "inputs")));
    RW_TRY(rw_read_signals(r, rw_node_get(root, "signals")));
    RW_TRY(rw_read_structure(r, rw_node_get(root, "structure"), rw_node_get(root, "growth")));
    RW_TRY(rw_read_lesions(r, rw_node_get(root, "lesions")));
    RW_TRY(rw_read_blockades(r, rw_node_get(root, "blockade")));
    RW_TRY(rw_read_drugs(r, rw_node_get(root, "drugs")));
    RW_TRY(rw_read_record(r, rw_node_get(root, "record")));
    rw_check_ages(r);
    RW_TRY(rw_read_checkpoint(r, rw_node_get(root, "checkpoint")));
    if (r->diagnostics->count == 0)
        rw_check_size(r);
    return RW_OK;
}

static rw_err fill(rw_scenario *scenario, rw_units *units, size_t length, const rw_override *overrides,
                   size_t n_overrides) {
    rw_diagnostics diagnostics = {0};
    rw_reader r = {.arena = scenario->arena, .diagnostics = &diagnostics, .units = units, .scenario = scenario};
    const rw_node *root = NULL;
    RW_TRY(rw_document_parse(&root, scenario->arena, &diagnostics, scenario->path, scenario->source_text, length));
    RW_CHECK(root == NULL || rw_node_get(root, "rewire") != NULL || rw_node_get(root, "sweep") == NULL, RW_ERR_INPUT,
             "%s: this is a sweep, not a scenario; `rewire sweep run %s` runs it", scenario->path, scenario->path);
    if (root != NULL)
        RW_TRY(rw_overrides_apply(root, scenario->arena, &diagnostics, overrides, n_overrides));
    if (root != NULL)
        RW_TRY(read_sections(&r, root));
    return rw_diagnostics_result(&diagnostics);
}

static rw_err create(rw_scenario **scenario) {
    rw_arena *arena = NULL;
    *scenario = NULL;
    RW_TRY(rw_arena_create(&arena));
    rw_err err = RW_NEW(*scenario, 1, "scenario");
    if (err != RW_OK) {
        rw_arena_destroy(&arena);
        return err;
    }
    **scenario = (rw_scenario){.arena = arena,
                               .title = "",
                               .seed = 1,
                               .step_ms = 0.1,
                               .n_steps = 1,
                               .periodic = true,
                               .max_rate_hz = 1000.0,
                               .checkpoint = {.every_wall_s = RW_CHECKPOINT_WALL_S},
                               .time_scale = 1.0,
                               .drug_speed = 1.0};
    return RW_OK;
}

rw_err rw_scenario_parse_with(rw_scenario **scenario, rw_units *units, const char *name, const char *text,
                              size_t length, const rw_override *overrides, size_t n_overrides) {
    char *copy = NULL;
    rw_err err = create(scenario);
    if (err != RW_OK)
        return err;
    rw_arena *arena = (*scenario)->arena;
    RW_TRY_OR_GOTO(err, failed, rw_arena_string(arena, &(*scenario)->path, name));
    RW_TRY_OR_GOTO(err, failed, rw_arena_allocate(arena, &copy, length + 1, 1));
    if (length > 0)
        memcpy(copy, text, length);
    (*scenario)->source_text = copy;
    RW_TRY_OR_GOTO(err, failed, fill(*scenario, units, length, overrides, n_overrides));
    RW_TRY_OR_GOTO(err, failed, rw_scenario_render(*scenario));
    return RW_OK;
failed:
    rw_scenario_destroy(scenario);
    return err;
}

rw_err rw_scenario_parse(rw_scenario **scenario, const char *name, const char *text, size_t length,
                         const rw_override *overrides, size_t n_overrides) {
    rw_units *units = NULL;
    *scenario = NULL;
    RW_CHECK(length <= RW_DOCUMENT_MAX_BYTES, RW_ERR_INPUT, "%s: larger than %zu MiB; is this the right file?", name,
             RW_DOCUMENT_MAX_BYTES >> 20);
    RW_TRY(rw_units_create(&units));
    rw_err err = rw_scenario_parse_with(scenario, units, name, text, length, overrides, n_overrides);
    rw_units_destroy(&units);
    return err;
}

rw_err rw_scenario_read(rw_scenario **scenario, const char *path, const rw_override *overrides, size_t n_overrides) {
    rw_arena *arena = NULL;
    const char *text = NULL;
    size_t length = 0;
    *scenario = NULL;
    RW_TRY(rw_arena_create(&arena));
    rw_err err = rw_document_load(&text, &length, arena, path);
    if (err == RW_OK)
        err = rw_scenario_parse(scenario, path, text, length, overrides, n_overrides);
    rw_arena_destroy(&arena);
    return err;
}
