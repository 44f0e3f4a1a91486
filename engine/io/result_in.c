#include "io/result_in.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/document.h"
#include "config/number.h"
#include "config/series_catalogue.h"
#include "io/directory.h"
#include "io/hdf5/h5_read.h"
#include "io/hdf5/h5_superblock.h"
#include "io/links.h"

/* ---- run.json and edges/series.json ---- */

static rw_err read_json(const rw_result_in *result, const char *name, const rw_node **root) {
    rw_err err = rw_document_read(root, result->arena, rw_path_of("%s/%s", result->path, name).text);
    return err == RW_OK ? err
                        : rw_fail_context(err, "%s: its %s cannot be read; bring it back from a copy, or run it again",
                                          result->path, name);
}

static const char *text_of(const rw_node *map, const char *key) {
    const rw_node *node = rw_node_get(map, key);
    return node != NULL && node->kind == RW_NODE_SCALAR && !rw_node_is_null(node) ? node->text : "";
}

static double number_of(const rw_node *map, const char *key) {
    double value = 0.0;
    return rw_number_parse(text_of(map, key), &value) != NULL ? value : 0.0;
}

static uint64_t integer_of(const rw_node *map, const char *key) {
    return strtoull(text_of(map, key), NULL, 10);
}

/* Whether a sweep may have removed files of this run, its point. */
static bool is_point(const char *directory) {
    return access(rw_path_of("%s/measures.csv", directory).text, F_OK) == 0;
}

/* Whether a file with other bytes was only opened for writing by another program, which changes no data. */
static bool is_as_created(const char *path, const rw_file_record *record) {
    char digits[RW_SHA256_TEXT];
    return rw_h5_sum_as_created(path, digits) == RW_OK && strcmp(digits, record->sha256) == 0;
}

/* A file that run.json lists must be there, and the scenario and the series those of the run: without them a result
 * would silently show less, or something else. (The sums of spikes and snapshots, of gigabytes, take too long.) */
static rw_err check_file(const rw_result_in *result, const rw_node *file) {
    const char *name = text_of(file, "file"), *sum = text_of(file, "sha256");
    bool is_scenario = strcmp(name, "scenario.yaml") == 0;
    RW_CHECK(name[0] != '/' && strstr(name, "..") == NULL, RW_ERR_INPUT,
             "%s: run.json lists %s, which lies outside of it; bring run.json back from a copy", result->path, name);
    const rw_path path = rw_path_of("%s/%.1000s", result->path, name);
    rw_file_record record = {.bytes = integer_of(file, "bytes")};
    bool is_there = access(path.text, F_OK) == 0;
    RW_CHECK(is_scenario || is_there || is_point(result->path), RW_ERR_INPUT,
             "%s: run.json says that the run has written %s, but it is missing; copy the whole directory, or run it "
             "again",
             result->path, name);
    if (!is_scenario && (!is_there || strcmp(name, "series.h5") != 0))
        return RW_OK;
    (void)snprintf(record.sha256, sizeof record.sha256, "%s", sum);
    rw_err err = rw_directory_check_file(path.text, &record);
    if (err == RW_ERR_INPUT && !is_scenario && is_as_created(path.text, &record))
        err = RW_OK;
    return err == RW_OK
               ? err
               : rw_fail_context(err, "%s: its %s not what the run has written; bring it back, or run it again",
                                 result->path, is_scenario ? "scenario is" : "series are");
}

static rw_err check_files(const rw_result_in *result, const rw_node *run) {
    const rw_node *files = rw_node_get(run, "files");
    if (files != NULL && files->kind == RW_NODE_LIST && strcmp(result->status, "done") == 0)
        for (const rw_node *file = files->first; file != NULL; file = file->next)
            RW_TRY(check_file(result, file));
    return RW_OK;
}

static rw_err read_run(rw_result_in *result) {
    const rw_node *run = NULL;
    RW_TRY(read_json(result, "run.json", &run));
    RW_CHECK(strcmp(text_of(run, "result_format"), "1") == 0, RW_ERR_INPUT,
             "%s/run.json: result format \"%s\"; this program reads format 1", result->path,
             text_of(run, "result_format"));
    result->status = text_of(run, "status");
    result->start = text_of(run, "start");
    result->message = text_of(run, "message");
    result->title = text_of(run, "title");
    result->engine_version = text_of(run, "engine_version");
    result->revision = text_of(run, "git_describe");
    result->config_sha256 = text_of(run, "config_sha256");
    result->seed = integer_of(run, "seed");
    result->step_ms = number_of(run, "step_ms");
    result->until_ms = result->step_ms * number_of(run, "n_steps");
    result->reached_ms = number_of(run, "time_reached_ms");
    result->resumed_ms = result->step_ms * number_of(run, "resumed_from_step");
    result->network_ms = rw_node_get(run, "network_time_reached_ms") != NULL
                             ? number_of(run, "network_time_reached_ms")
                             : result->reached_ms; /* without time.clock */
    result->neurons = integer_of(run, "neurons");
    result->spikes = integer_of(run, "spikes");
    result->created = integer_of(run, "synapses_created");
    result->deleted = integer_of(run, "synapses_deleted");
    return check_files(result, run);
}

static rw_err read_snapshots(rw_result_in *result) {
    rw_path path = rw_path_of("%s/edges/series.json", result->path);
    const rw_node *root = NULL;
    if (access(path.text, F_OK) != 0)
        return RW_OK;
    RW_TRY(read_json(result, "edges/series.json", &root));
    const rw_node *list = rw_node_get(root, "snapshots");
    if (list == NULL || list->kind != RW_NODE_LIST)
        return RW_OK;
    rw_result_snapshot *snapshots = NULL;
    RW_TRY(RW_ARENA_NEW(result->arena, snapshots, list->count));
    for (const rw_node *node = list->first; node != NULL; node = node->next) {
        rw_path file = rw_path_of("edges/%.200s", text_of(node, "file"));
        snapshots[node->index].time_ms = number_of(node, "time_ms");
        RW_TRY(rw_arena_string(result->arena, &snapshots[node->index].file, file.text));
    }
    result->snapshots = snapshots;
    result->n_snapshots = list->count;
    return RW_OK;
}

static rw_err read_scenario_text(rw_result_in *result) {
    rw_path path = rw_path_of("%s/scenario.yaml", result->path);
    size_t length = 0;
    result->scenario_text = "";
    return access(path.text, R_OK) == 0 ? rw_document_load(&result->scenario_text, &length, result->arena, path.text)
                                        : RW_OK;
}

bool rw_result_is(const char *directory) {
    return access(rw_path_of("%s/run.json", directory).text, F_OK) == 0;
}

rw_err rw_result_in_open(rw_result_in *result, rw_arena *arena, const char *directory) {
    *result = (rw_result_in){.arena = arena};
    RW_CHECK(rw_result_is(directory), RW_ERR_INPUT, "%s: there is no run.json in it, so it is not the result of a run",
             directory);
    RW_TRY(rw_links_check(directory));
    RW_TRY(rw_arena_string(arena, &result->path, directory));
    RW_TRY(read_run(result));
    RW_TRY(read_scenario_text(result));
    RW_TRY(read_snapshots(result));
    RW_TRY(rw_result_in_groups(result, "series.h5", rw_series_group_path(RW_SERIES_OF_POPULATION, "").text,
                               &result->populations, &result->n_populations));
    RW_TRY(rw_result_in_groups(result, "series.h5", rw_series_group_path(RW_SERIES_OF_PROJECTION, "").text,
                               &result->projections, &result->n_projections));
    RW_TRY(rw_result_in_groups(result, "series.h5", rw_series_group_path(RW_SERIES_OF_DRUG, "").text, &result->drugs,
                               &result->n_drugs));
    return rw_result_in_groups(result, "series.h5", rw_series_group_path(RW_SERIES_OF_BLOCKADE, "").text,
                               &result->blockades, &result->n_blockades);
}

/* ---- HDF5 ---- */

/* Numbers of a dataset that are read at a time. */
static const uint64_t most_numbers = (uint64_t)1 << 32;

/* Opens a file of the result if it is there and has `object`; *there is then true. */
static rw_err open_with(const rw_result_in *result, const char *file, const char *object, rw_h5_location *location,
                        bool *there) {
    const char *path = NULL;
    *there = false;
    RW_TRY(rw_arena_string(result->arena, &path, rw_path_of("%s/%s", result->path, file).text));
    if (access(path, F_OK) != 0)
        return RW_OK;
    RW_TRY(rw_h5_open(location, path, "a result"));
    *there = rw_h5_has(location, object);
    if (!*there)
        rw_h5_close(location);
    return RW_OK;
}

static rw_err read_numbers(const rw_result_in *result, const rw_h5_location *file, const char *dataset,
                           rw_result_numbers *numbers) {
    rw_h5_shape shape;
    double *values = NULL;
    RW_TRY(rw_h5_read_shape(file, dataset, &shape));
    RW_CHECK(shape.rows * shape.width <= most_numbers, RW_ERR_INPUT, "%s: dataset %s is too large to be read",
             file->file, dataset);
    RW_TRY(RW_ARENA_NEW(result->arena, values, (size_t)(shape.rows * shape.width)));
    RW_TRY(rw_h5_read_table(file, dataset, &shape, values));
    *numbers = (rw_result_numbers){.values = values, .rows = (size_t)shape.rows, .width = (size_t)shape.width};
    return RW_OK;
}

rw_err rw_result_in_numbers(const rw_result_in *result, const char *file, const char *dataset,
                            rw_result_numbers *numbers) {
    rw_h5_location location;
    bool there;
    *numbers = (rw_result_numbers){.width = 1};
    RW_TRY(open_with(result, file, dataset, &location, &there));
    if (!there)
        return RW_OK;
    rw_err err = read_numbers(result, &location, dataset, numbers);
    rw_h5_close(&location);
    return err;
}

static rw_err read_ids(const rw_result_in *result, const rw_h5_location *file, const char *dataset,
                       rw_result_ids *ids) {
    rw_h5_shape shape;
    uint64_t *values = NULL;
    RW_TRY(rw_h5_read_shape(file, dataset, &shape));
    RW_CHECK(shape.rows <= most_numbers, RW_ERR_INPUT, "%s: dataset %s is too large to be read", file->file, dataset);
    RW_TRY(RW_ARENA_NEW(result->arena, values, (size_t)shape.rows));
    RW_TRY(rw_h5_read_u64(file, dataset, shape.rows, values));
    *ids = (rw_result_ids){.values = values, .n = (size_t)shape.rows};
    return RW_OK;
}

rw_err rw_result_in_ids(const rw_result_in *result, const char *file, const char *dataset, rw_result_ids *ids) {
    rw_h5_location location;
    bool there;
    *ids = (rw_result_ids){0};
    RW_TRY(open_with(result, file, dataset, &location, &there));
    if (!there)
        return RW_OK;
    rw_err err = read_ids(result, &location, dataset, ids);
    rw_h5_close(&location);
    return err;
}

/* Names of the members of a group: what `list` finds. */
static rw_err list_group(const rw_result_in *result, const char *file, const char *group,
                         rw_err (*list)(const rw_h5_location *, rw_arena *, const char *const **, size_t *),
                         const char *const **names, size_t *n_names) {
    rw_h5_location location, inner;
    bool there;
    *n_names = 0;
    RW_TRY(open_with(result, file, group, &location, &there));
    if (!there)
        return RW_OK;
    rw_err err = rw_h5_open_group(&inner, &location, group);
    if (err == RW_OK) {
        err = list(&inner, result->arena, names, n_names);
        rw_h5_close(&inner);
    }
    rw_h5_close(&location);
    return err;
}

rw_err rw_result_in_groups(const rw_result_in *result, const char *file, const char *group, const char *const **names,
                           size_t *n_names) {
    return list_group(result, file, group, rw_h5_groups, names, n_names);
}

rw_err rw_result_in_datasets(const rw_result_in *result, const char *file, const char *group, const char *const **names,
                             size_t *n_names) {
    return list_group(result, file, group, rw_h5_variables, names, n_names);
}

rw_err rw_result_in_unit(const rw_result_in *result, const char *file, const char *dataset, const char **unit) {
    rw_h5_location location;
    bool there;
    *unit = "";
    RW_TRY(open_with(result, file, dataset, &location, &there));
    if (!there)
        return RW_OK;
    rw_err err = RW_OK;
    if (rw_h5_has_attribute(&location, dataset, "units"))
        err = rw_h5_read_text(&location, dataset, "units", result->arena, unit);
    rw_h5_close(&location);
    return err;
}
