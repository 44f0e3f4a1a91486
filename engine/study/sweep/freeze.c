#include "study/sweep/freeze.h"

#include <string.h>

#include "config/document.h"
#include "io/permission.h"
#include "study/sweep/plan_file.h"
#include "study/sweep/plan_inputs.h"
#include "study/sweep/plan_read.h"
#include "study/sweep/points_check.h"
#include "study/sweep/points_table.h"
#include "study/sweep/sweep.h"

static rw_err baselines_text(const rw_sweep_plan *plan, const rw_points *points, const char *base, const char **text,
                             rw_baseline_saving *saving) {
    const rw_baseline *of = NULL;
    rw_table table;
    RW_TRY(rw_baselines_find(plan, points, base, &of, saving));
    RW_TRY(rw_baselines_table(plan->arena, of, points->n_points, &table));
    return rw_table_text(&table, text);
}

static rw_err write_text(rw_directory *directory, const char *name, const char *text) {
    FILE *file = NULL;
    RW_TRY(rw_directory_open_text(directory, name, &file));
    (void)fputs(text, file);
    return rw_directory_commit_text(directory, name, file);
}

static rw_err write_plan(rw_directory *directory, const rw_sweep_plan *plan, const rw_points *points,
                         const rw_sweep_plan_texts *texts, const rw_baseline_saving *saving,
                         const rw_input_files *inputs, const char *digits) {
    RW_TRY(write_text(directory, "sweep.yaml", texts->sweep));
    RW_TRY(write_text(directory, "base.yaml", texts->base));
    RW_TRY(write_text(directory, "points.csv", texts->points));
    RW_TRY(write_text(directory, "baselines.csv", texts->baselines));
    RW_TRY(rw_directory_make(directory, "points"));
    return rw_sweep_plan_file_write(directory, plan, points, saving, inputs, digits);
}

/* Whether the plan that the directory holds is the one of these texts. */
static rw_err check_same(rw_arena *arena, const char *file, const char *directory, rw_sweep_plan_texts *texts) {
    rw_frozen_plan frozen;
    char digits[RW_SHA256_TEXT];
    RW_TRY(rw_sweep_plan_file_read(arena, directory, &frozen));
    RW_TRY(rw_sweep_plan_text_read(&texts->baselines, arena, directory, "baselines.csv"));
    RW_TRY(rw_sweep_plan_hash(texts, digits));
    RW_CHECK(strcmp(frozen.digits, digits) == 0, RW_ERR_INPUT,
             "%s: holds another plan: %s or its scenario was changed since. Give the new plan a directory of its "
             "own with -o, or remove the old one",
             directory, file);
    return rw_plan_inputs_check(&frozen.inputs);
}

static rw_err freeze(rw_arena *arena, const char *file, const char *directory) {
    rw_sweep_plan *plan = NULL;
    rw_points points = {0};
    rw_baseline_saving saving = {0};
    rw_sweep_plan_texts texts = {0};
    rw_input_files inputs = {0};
    size_t length = 0;
    uint64_t seed = 0;
    char digits[RW_SHA256_TEXT];
    RW_TRY(rw_document_load(&texts.sweep, &length, arena, file));
    RW_TRY(rw_sweep_plan_read(&plan, arena, file, texts.sweep, length));
    RW_TRY(rw_permission_check_base(file, plan->scenario));
    rw_err err = rw_document_load(&texts.base, &length, arena, plan->scenario);
    if (err != RW_OK)
        return rw_fail_context(err, "the scenario of %s", file);
    RW_TRY(rw_points_base_seed(plan, texts.base, &seed));
    err = rw_points_list(plan, seed, &points);
    if (err != RW_OK)
        return rw_fail_context(err, "%s", file);
    RW_TRY(rw_points_text(plan, &points, &texts.points));
    if (rw_sweep_is(directory))
        return check_same(arena, file, directory, &texts);
    RW_TRY(rw_points_check(plan, &points, texts.base));
    RW_TRY(rw_plan_inputs_find(plan, &points, texts.base, &inputs));
    RW_TRY(baselines_text(plan, &points, texts.base, &texts.baselines, &saving));
    RW_TRY(rw_sweep_plan_hash(&texts, digits));
    rw_directory made = {0};
    err = rw_directory_open(&made, directory);
    if (err == RW_OK)
        err = write_plan(&made, plan, &points, &texts, &saving, &inputs, digits);
    rw_directory_close(&made);
    return err;
}

rw_err rw_sweep_freeze(const char *file, const char *directory) {
    rw_arena *arena = NULL;
    RW_TRY(rw_arena_create(&arena));
    rw_err err = freeze(arena, file, directory);
    rw_arena_destroy(&arena);
    return err;
}
