#include "study/sweep/sweep.h"

#include <string.h>
#include <unistd.h>

#include "base/version.h"
#include "config/document.h"
#include "io/links.h"
#include "study/sweep/plan_file.h"
#include "study/sweep/plan_read.h"
#include "study/sweep/points_table.h"

bool rw_sweep_is(const char *directory) {
    return access(rw_path_of("%s/plan.json", directory).text, F_OK) == 0;
}

static rw_err load(rw_sweep *sweep, bool any_version) {
    rw_sweep_plan_texts found = {0};
    size_t length = 0;
    rw_frozen_plan frozen;
    rw_table table;
    const char *again = NULL;
    char *digits = NULL;
    uint64_t seed = 0;
    RW_TRY(rw_sweep_plan_file_read(sweep->arena, sweep->path, &frozen));
    RW_CHECK(
        any_version || strcmp(frozen.revision, rw_version().revision) == 0, RW_ERR_INPUT,
        "%s: was planned by rewire %s, and this is %s; use that one, or make a new plan (or --allow-mixed, if you know "
        "that both give the same numbers)",
        sweep->path, frozen.revision, rw_version().revision);
    rw_path file = rw_path_of("%s/sweep.yaml", sweep->path), baselines = rw_path_of("%s/baselines.csv", sweep->path);
    RW_TRY(rw_document_load(&found.sweep, &length, sweep->arena, file.text));
    RW_TRY(rw_sweep_plan_read(&sweep->plan, sweep->arena, file.text, found.sweep, length));
    RW_TRY(rw_sweep_plan_text_read(&found.base, sweep->arena, sweep->path, "base.yaml"));
    RW_TRY(rw_sweep_plan_text_read(&found.points, sweep->arena, sweep->path, "points.csv"));
    RW_TRY(rw_sweep_plan_text_read(&found.baselines, sweep->arena, sweep->path, "baselines.csv"));
    RW_TRY(rw_arena_allocate(sweep->arena, &digits, RW_SHA256_TEXT, 1));
    RW_TRY(rw_sweep_plan_hash(&found, digits));
    sweep->hash = digits;
    sweep->saving = frozen.saving;
    sweep->inputs = frozen.inputs;
    if (strcmp(digits, frozen.digits) == 0) {
        RW_TRY(rw_points_base_seed(sweep->plan, found.base, &seed));
        RW_TRY(rw_points_list(sweep->plan, seed, &sweep->points));
        RW_TRY(rw_points_text(sweep->plan, &sweep->points, &again));
    }
    RW_CHECK(again != NULL && strcmp(again, found.points) == 0, RW_ERR_INPUT,
             "%s: sweep.yaml, base.yaml, points.csv or baselines.csv was changed after the plan was frozen; make a new "
             "plan in another directory",
             sweep->path);
    RW_TRY(rw_table_read_csv(&table, sweep->arena, baselines.text));
    return rw_baselines_read(sweep->arena, &table, sweep->points.n_points, &sweep->baselines);
}

rw_err rw_sweep_open(rw_sweep **sweep, const char *directory, bool any_version) {
    rw_arena *arena = NULL;
    *sweep = NULL;
    RW_CHECK(rw_sweep_is(directory), RW_ERR_INPUT,
             "%s: holds no planned sweep (no plan.json); `rewire sweep plan FILE.yaml` makes one", directory);
    enum { DOWN_TO_POINTS = 2 };
    RW_TRY(rw_links_refuse(directory, DOWN_TO_POINTS));
    RW_TRY(rw_arena_create(&arena));
    rw_err err = RW_NEW(*sweep, 1, "sweep");
    if (err != RW_OK) {
        rw_arena_destroy(&arena);
        return err;
    }
    (*sweep)->arena = arena;
    err = rw_arena_string(arena, &(*sweep)->path, directory);
    if (err == RW_OK)
        err = load(*sweep, any_version);
    if (err != RW_OK)
        rw_sweep_close(sweep);
    return err;
}

void rw_sweep_close(rw_sweep **sweep) {
    if (*sweep == NULL)
        return;
    rw_arena_destroy(&(*sweep)->arena);
    rw_free(*sweep);
    *sweep = NULL;
}

rw_path rw_sweep_work_path(const rw_sweep *sweep, rw_work work, const char *suffix) {
    return rw_path_of("%s/%s/%03zu/%06zu%s", sweep->path, work.is_baseline ? "baselines" : "points",
                      work.number / RW_POINTS_PER_DIRECTORY, work.number, suffix);
}

rw_path rw_sweep_point_path(const rw_sweep *sweep, size_t point, const char *suffix) {
    return rw_sweep_work_path(sweep, (rw_work){.number = point}, suffix);
}

/* "key=value", of any length. */
static rw_err join_override(rw_arena *arena, const rw_override *set, const char **word) {
    char *text = NULL;
    size_t size = strlen(set->key) + strlen(set->value) + 2;
    RW_TRY(rw_arena_allocate(arena, &text, size, 1));
    (void)snprintf(text, size, "%s=%s", set->key, set->value);
    *word = text;
    return RW_OK;
}

rw_err rw_sweep_point_set(const rw_sweep *sweep, size_t point, const char ***items, size_t *count) {
    const rw_override *set = sweep->points.points[point].set;
    const size_t n_set = sweep->points.points[point].n_set;
    RW_TRY(RW_ARENA_NEW(sweep->arena, *items, n_set));
    for (size_t i = 0; i < n_set; i++)
        RW_TRY(join_override(sweep->arena, &set[i], &(*items)[i]));
    *count = n_set;
    return RW_OK;
}
