#include "io/scenario_in.h"

#include <string.h>

#include "base/memory.h"
#include "config/parse.h"
#include "graph/measures.h"
#include "io/edges/edge_tables.h"
#include "io/input_files.h"
#include "io/node_tables.h"
#include "io/result_start.h"
#include "io/sonata/sonata_in.h"
#include "io/sonata/sonata_in_spikes.h"

static bool ends_in(const char *text, const char *end) {
    size_t length = strlen(text), end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

static rw_err split_settings(const char *const *settings, size_t n, rw_arena *arena, rw_override **overrides) {
    RW_TRY(RW_ARENA_NEW(arena, *overrides, n));
    for (size_t i = 0; i < n; i++) {
        const char *item = settings[i], *equals = strchr(item, '=');
        RW_CHECK(equals != NULL && equals != item, RW_ERR_INPUT,
                 "--set %s: write key=value, for example --set populations.pyr.count=800", item);
        const char *copy = NULL;
        RW_TRY(rw_arena_string(arena, &copy, item));
        char *key = (char *)copy;
        key[equals - item] = '\0';
        (*overrides)[i] = (rw_override){.key = key, .value = equals + 1};
    }
    return RW_OK;
}

/* Reads what the path names: a result, a SONATA circuit or a scenario. */
static rw_err read(rw_scenario **scenario, const char *path, const char *at, const rw_override *overrides, size_t n) {
    if (rw_result_start_is(path))
        return rw_result_start_read(scenario, path, at, overrides, n);
    RW_CHECK(at == NULL, RW_ERR_INPUT, "--at %s: %s is not the result of a run, so it has no snapshots", at, path);
    return (ends_in(path, ".json") ? rw_sonata_read : rw_scenario_read)(scenario, path, overrides, n);
}

static rw_err load(rw_scenario **scenario, const char *path, const char *at, const char *const *settings, size_t n,
                   rw_arena *arena) {
    rw_override *overrides = NULL;
    RW_TRY(split_settings(settings, n, arena, &overrides));
    RW_TRY(read(scenario, path, at, overrides, n));
    rw_err err = rw_measures_available(*scenario);
    if (err == RW_OK)
        err = rw_sonata_load_spikes(*scenario);
    if (err == RW_OK)
        err = rw_node_tables_load(*scenario);
    if (err == RW_OK)
        err = rw_edge_tables_load(*scenario);
    if (err == RW_OK)
        err = rw_input_files_verify(&(*scenario)->inputs_read);
    if (err != RW_OK)
        rw_scenario_destroy(scenario);
    return err;
}

rw_err rw_scenario_load(rw_scenario **scenario, const char *path, const char *const *settings, size_t n) {
    return rw_scenario_load_at(scenario, path, NULL, settings, n);
}

rw_err rw_scenario_load_at(rw_scenario **scenario, const char *path, const char *at, const char *const *settings,
                           size_t n) {
    rw_arena *arena = NULL;
    *scenario = NULL;
    RW_TRY(rw_arena_create(&arena));
    rw_err err = load(scenario, path, at, settings, n, arena);
    rw_arena_destroy(&arena);
    return err;
}
