#include "config/parse.h"

#include <string.h>

#include "config/key_table_reader.h"
#include "config/overrides.h"
#include "config/resolved.h"
#include "config/scenario_table.h"
#include "config/sections/populations_section.h"

static rw_err fill(rw_scenario *scenario, rw_units *units, size_t length, const rw_override *overrides,
                   size_t n_overrides) {
    rw_diagnostics diagnostics = {0};
    rw_reader r = {.arena = scenario->arena, .diagnostics = &diagnostics, .units = units, .scenario = scenario};
    const rw_node *root = NULL;
    RW_TRY(rw_document_parse(&root, scenario->arena, &diagnostics, scenario->path, scenario->source_text, length));
    RW_CHECK(root == NULL || rw_node_get(root, "rewire") != NULL || rw_node_get(root, "sweep") == NULL, RW_ERR_INPUT,
             "%s: this is a sweep, not a scenario; `rewire sweep run %s` runs it", scenario->path, scenario->path);
    RW_CHECK(root == NULL || rw_node_get(root, "rewire") != NULL ||
                 (rw_node_get(root, "networks") == NULL && rw_node_get(root, "network") == NULL),
             RW_ERR_INPUT,
             "%s: this is a SONATA configuration, not a scenario; `rewire run` runs it, and the scenario.yaml of its "
             "result is a scenario, once the files in it have whole paths",
             scenario->path);
    if (root != NULL)
        RW_TRY(rw_overrides_apply(root, scenario->arena, &diagnostics, overrides, n_overrides));
    r.root = root;
    if (root != NULL)
        RW_TRY(rw_key_table_read(&r, root, &rw_scenario_table, scenario));
    RW_CHECK(r.warned == RW_OK, r.warned, "%s: there is no memory for a warning about it", scenario->path);
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
                               .checkpoint = {.every_wall_s = RW_CHECKPOINT_WALL_S}};
    return RW_OK;
}

/* Reads the text into a new scenario. */
static rw_err read_text(rw_scenario *scenario, rw_units *units, const char *name, const char *text, size_t length,
                        const rw_override *overrides, size_t n_overrides) {
    char *copy = NULL;
    RW_TRY(rw_arena_string(scenario->arena, &scenario->path, name));
    scenario->inputs_read.reader = scenario->path;
    RW_TRY(rw_arena_allocate(scenario->arena, &copy, length + 1, 1));
    if (length > 0)
        memcpy(copy, text, length);
    scenario->source_text = copy;
    RW_TRY(fill(scenario, units, length, overrides, n_overrides));
    RW_TRY(rw_populations_leave_open(scenario));
    return rw_scenario_render(scenario);
}

rw_err rw_scenario_parse_with(rw_scenario **scenario, rw_units *units, const char *name, const char *text,
                              size_t length, const rw_override *overrides, size_t n_overrides) {
    RW_TRY(create(scenario));
    rw_err err = read_text(*scenario, units, name, text, length, overrides, n_overrides);
    if (err != RW_OK)
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
