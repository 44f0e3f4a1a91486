#include "io/result_in.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/document.h"
#include "config/number.h"
#include "io/directory.h"
#include "io/hdf5/h5.h"
#include "io/sonata/sonata_in.h"

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

/* A file that run.json lists must be there, and the scenario and the series those of the run: without them a result
 * would silently show less, or something else. (The sums of spikes and snapshots, of gigabytes, take too long.) */
static rw_err check_file(const rw_result_in *result, const rw_node *file) {
    const char *name = text_of(file, "file"), *sum = text_of(file, "sha256");
    bool is_scenario = strcmp(name, "scenario.yaml") == 0;
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
    result->title = text_of(run, "title");
    result->engine_version = text_of(run, "engine_version");
    result->revision = text_of(run, "git_describe");
    result->config_sha256 = text_of(run, "config_sha256");
    result->seed = integer_of(run, "seed");
    result->step_ms = number_of(run, "step_ms");
    result->until_ms = result->step_ms * number_of(run, "n_steps");
    result->reached_ms = number_of(run, "time_reached_ms");
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
    RW_TRY(rw_arena_string(arena, &result->path, directory));
    RW_TRY(read_run(result));
    RW_TRY(read_scenario_text(result));
    RW_TRY(read_snapshots(result));
    RW_TRY(rw_result_in_groups(result, "series.h5", "/populations", &result->populations, &result->n_populations));
    RW_TRY(rw_result_in_groups(result, "series.h5", "/projections", &result->projections, &result->n_projections));
    RW_TRY(rw_result_in_groups(result, "series.h5", "/drugs", &result->drugs, &result->n_drugs));
    return rw_result_in_groups(result, "series.h5", "/blockade", &result->blockades, &result->n_blockades);
}

/* ---- HDF5 ---- */

/* Whether every link on the way of an absolute path exists. */
static bool has_path(const rw_sonata_place *file, const char *path) {
    rw_path part = rw_path_of("%s", path);
    for (char *slash = part.text + 1; (slash = strchr(slash, '/')) != NULL; *slash++ = '/') {
        *slash = '\0';
        if (!rw_sonata_has(file, part.text))
            return false;
    }
    return rw_sonata_has(file, path);
}

/* Opens a file of the result if it is there and has `object`; place->id is invalid otherwise. */
static rw_err open_with(const rw_result_in *result, const char *file, const char *object, rw_sonata_place *place) {
    const char *path = NULL;
    *place = (rw_sonata_place){.id = H5I_INVALID_HID};
    RW_TRY(rw_arena_string(result->arena, &path, rw_path_of("%s/%s", result->path, file).text));
    if (access(path, F_OK) != 0)
        return RW_OK;
    RW_TRY(rw_sonata_open_file(place, path));
    if (!has_path(place, object))
        rw_sonata_close(place);
    return RW_OK;
}

static rw_err read_open(hid_t data, const rw_result_in *result, const char *file, const char *dataset,
                        rw_result_numbers *numbers) {
    hsize_t size[2] = {0, 1};
    hid_t space = H5Dget_space(data);
    int rank = space >= 0 ? H5Sget_simple_extent_ndims(space) : -1;
    bool right = (rank == 1 || rank == 2) && H5Sget_simple_extent_dims(space, size, NULL) >= 0;
    if (space >= 0)
        (void)H5Sclose(space); /* holds nothing that could be lost */
    RW_CHECK(right, RW_ERR_INPUT, "%s/%s: %s is no table of numbers", result->path, file, dataset);
    RW_CHECK(size[0] * size[1] <= (hsize_t)1 << 32, RW_ERR_INPUT, "%s/%s: %s is larger than can be looked at",
             result->path, file, dataset);
    double *values = NULL;
    RW_TRY(RW_ARENA_NEW(result->arena, values, (size_t)(size[0] * size[1])));
    RW_CHECK(H5Dread(data, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0, RW_ERR_INPUT,
             "%s/%s: %s cannot be read as numbers (%s)", result->path, file, dataset, rw_h5_last_failure().cause);
    *numbers = (rw_result_numbers){.values = values, .rows = (size_t)size[0], .width = (size_t)size[1]};
    return RW_OK;
}

rw_err rw_result_in_numbers(const rw_result_in *result, const char *file, const char *dataset,
                            rw_result_numbers *numbers) {
    rw_sonata_place place;
    *numbers = (rw_result_numbers){.width = 1};
    RW_TRY(open_with(result, file, dataset, &place));
    if (place.id < 0)
        return RW_OK;
    hid_t data = H5Dopen2(place.id, dataset, H5P_DEFAULT);
    rw_err err = RW_OK;
    if (data < 0)
        err = rw_fail(RW_ERR_INPUT, "%s/%s: %s is no dataset", result->path, file, dataset);
    else
        err = read_open(data, result, file, dataset, numbers);
    if (data >= 0)
        (void)H5Dclose(data); /* read only: nothing can be lost */
    rw_sonata_close(&place);
    return err;
}

rw_err rw_result_in_groups(const rw_result_in *result, const char *file, const char *group, const char *const **names,
                           size_t *n_names) {
    rw_sonata_place place, inner;
    *n_names = 0;
    RW_TRY(open_with(result, file, group, &place));
    if (place.id < 0)
        return RW_OK;
    rw_err err = rw_sonata_open_group(&inner, &place, group);
    if (err == RW_OK) {
        err = rw_sonata_subgroups(&inner, result->arena, names, n_names);
        rw_sonata_close(&inner);
    }
    rw_sonata_close(&place);
    return err;
}

/* A list of names that grows by doubling. */
typedef struct {
    rw_arena *arena;
    const char **names;
    size_t count, capacity;
    rw_err err;
} name_list;

static herr_t keep_dataset(hid_t group, const char *name, const H5L_info_t *link, void *target) {
    name_list *list = target;
    H5O_info_t info;
    (void)link;
    if (H5Oget_info_by_name2(group, name, &info, H5O_INFO_BASIC, H5P_DEFAULT) < 0 || info.type != H5O_TYPE_DATASET)
        return 0;
    if (list->count == list->capacity) {
        const char **grown = NULL;
        size_t capacity = list->capacity == 0 ? 8 : 2 * list->capacity;
        list->err = RW_ARENA_NEW(list->arena, grown, capacity);
        if (list->err != RW_OK)
            return -1;
        if (list->count > 0)
            memcpy(grown, list->names, list->count * sizeof *grown);
        list->names = grown;
        list->capacity = capacity;
    }
    list->err = rw_arena_string(list->arena, &list->names[list->count], name);
    list->count += list->err == RW_OK;
    return list->err == RW_OK ? 0 : -1;
}

rw_err rw_result_in_datasets(const rw_result_in *result, const char *file, const char *group, const char *const **names,
                             size_t *n_names) {
    rw_sonata_place place;
    name_list list = {.arena = result->arena};
    *n_names = 0;
    RW_TRY(open_with(result, file, group, &place));
    if (place.id < 0)
        return RW_OK;
    bool listed =
        H5Literate_by_name(place.id, group, H5_INDEX_NAME, H5_ITER_INC, NULL, keep_dataset, &list, H5P_DEFAULT) >= 0;
    rw_sonata_close(&place);
    RW_TRY(list.err);
    RW_CHECK(listed, RW_ERR_INPUT, "%s/%s: %s cannot be listed (%s)", result->path, file, group,
             rw_h5_last_failure().cause);
    *names = list.names;
    *n_names = list.count;
    return RW_OK;
}

rw_err rw_result_in_unit(const rw_result_in *result, const char *file, const char *dataset, const char **unit) {
    rw_sonata_place place;
    *unit = "";
    RW_TRY(open_with(result, file, dataset, &place));
    if (place.id < 0)
        return RW_OK;
    rw_err err = RW_OK;
    if (rw_sonata_has_attribute(&place, dataset, "units"))
        err = rw_sonata_text_attribute(&place, dataset, "units", result->arena, unit);
    rw_sonata_close(&place);
    return err;
}
