#include "io/result_start.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/path.h"
#include "config/parse.h"
#include "config/resolved.h"
#include "config/units.h"
#include "io/edges/snapshot_recorder.h"
#include "io/result_in.h"

/* The directory of the result that a path names; false: it names none. */
static bool directory_of(const char *path, rw_path *directory, bool *is_file) {
    static const char *const files[] = {"circuit_config.json", "simulation_config.json"};
    struct stat status;
    *is_file = false;
    *directory = rw_path_of("%.1000s", path);
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return rw_result_is(path);
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    for (size_t k = 0; k < RW_COUNT(files); k++)
        *is_file = *is_file || strcmp(name, files[k]) == 0;
    *directory = slash != NULL ? rw_path_of("%.*s", (int)(slash - path), path) : rw_path_of(".");
    return *is_file && rw_result_is(directory->text);
}

bool rw_result_start_is(const char *path) {
    rw_path directory;
    bool is_file;
    return strlen(path) < 1000 && directory_of(path, &directory, &is_file);
}

static rw_err read_time(const char *at, double *time_ms) {
    char problem[512] = "";
    rw_units *units = NULL;
    RW_TRY(rw_units_create(&units));
    bool right = rw_units_parse(units, at, "ms", time_ms, problem, sizeof problem);
    rw_units_destroy(&units);
    RW_CHECK(right && *time_ms >= 0.0, RW_ERR_INPUT, "--at %s: %s", at, right ? "times are not negative" : problem);
    return RW_OK;
}

/* The snapshot of a time. */
static rw_err find_snapshot(const rw_result_in *result, const char *at, bool first, const char **file) {
    double time_ms;
    const rw_result_snapshot *list = result->snapshots;
    RW_CHECK(result->n_snapshots > 0, RW_ERR_INPUT,
             "%s: it has no snapshot of its synapses; let the run record them: record.snapshots", result->path);
    *file = list[first ? 0 : result->n_snapshots - 1].file;
    if (at == NULL)
        return RW_OK;
    RW_TRY(read_time(at, &time_ms));
    size_t nearest = 0;
    for (size_t k = 1; k < result->n_snapshots; k++)
        if (fabs(list[k].time_ms - time_ms) < fabs(list[nearest].time_ms - time_ms))
            nearest = k;
    RW_CHECK(fabs(list[nearest].time_ms - time_ms) <= 1e-6 * result->step_ms, RW_ERR_INPUT,
             "--at %s: %s has no snapshot of this time; it has %zu, the nearest at %.12g ms", at, result->path,
             result->n_snapshots, list[nearest].time_ms);
    *file = list[nearest].file;
    return RW_OK;
}

/* Lets every projection begin with what it is in a file beside the scenario. The new result has the cells and its first
 * synapses in files of its own; its scenario names these, so that it outlives the result that it began with. */
static rw_err begin_with(rw_scenario *scenario, const char *file) {
    const char *first = NULL;
    if (scenario->record.snapshots)
        RW_TRY(rw_arena_string(scenario->arena, &first, rw_path_of("edges/%s", rw_snapshot_name(0).text).text));
    for (size_t p = 0; p < scenario->n_populations; p++)
        if (scenario->populations[p].nodes_file != NULL)
            scenario->populations[p].nodes_of_result = "nodes.h5";
    for (size_t p = 0; p < scenario->n_projections; p++) {
        rw_projection_spec *projection = &scenario->projections[p];
        projection->rule = RW_CONNECT_TABLE;
        projection->edges_population = NULL;
        RW_TRY(rw_arena_string(scenario->arena, &projection->edges_file, file));
        projection->edges_of_result = first;
    }
    return rw_scenario_render(scenario);
}

static rw_err read_result(rw_scenario **scenario, const char *path, const char *at, rw_arena *arena,
                          const rw_override *overrides, size_t n_overrides) {
    rw_path directory;
    rw_result_in result;
    bool is_file;
    const char *file = NULL;
    RW_ASSERT(directory_of(path, &directory, &is_file));
    RW_TRY(rw_result_in_open(&result, arena, directory.text));
    RW_TRY(find_snapshot(&result, at, is_file, &file));
    RW_TRY(
        rw_scenario_read(scenario, rw_path_of("%.1000s/scenario.yaml", directory.text).text, overrides, n_overrides));
    rw_err err = begin_with(*scenario, file);
    if (err != RW_OK)
        rw_scenario_destroy(scenario);
    return err;
}

rw_err rw_result_start_read(rw_scenario **scenario, const char *path, const char *at, const rw_override *overrides,
                            size_t n_overrides) {
    rw_arena *arena = NULL;
    *scenario = NULL;
    RW_TRY(rw_arena_create(&arena));
    rw_err err = read_result(scenario, path, at, arena, overrides, n_overrides);
    rw_arena_destroy(&arena);
    return err;
}
