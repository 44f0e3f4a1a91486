#include "study/sweep/plan_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/version.h"
#include "config/document.h"

static rw_err hash_text(const char *text, char digits[RW_SHA256_TEXT]) {
    rw_sha256 sum;
    rw_sha256_start(&sum);
    rw_sha256_add(&sum, text, strlen(text));
    return rw_sha256_finish(&sum, digits);
}

rw_err rw_sweep_plan_hash(const rw_sweep_plan_texts *texts, char digits[RW_SHA256_TEXT]) {
    enum { PARTS = 4 };
    char all[PARTS * RW_SHA256_TEXT] = "", one[RW_SHA256_TEXT];
    const char *const parts[PARTS] = {texts->sweep, texts->base, texts->points, texts->baselines};
    for (size_t i = 0; i < PARTS; i++) {
        RW_TRY(hash_text(parts[i], one));
        memcpy(all + i * (RW_SHA256_TEXT - 1), one, RW_SHA256_TEXT);
    }
    return hash_text(all, digits);
}

rw_err rw_sweep_plan_file_write(rw_directory *directory, const rw_sweep_plan *plan, const rw_points *points,
                                const rw_baseline_saving *saving, const rw_input_files *inputs, const char *digits) {
    FILE *file = NULL;
    RW_TRY(rw_directory_open_text(directory, "plan.json", &file));
    rw_json json = {.file = file};
    rw_json_open_object(&json, NULL);
    rw_json_integer(&json, "sweep_format", 2);
    rw_json_text(&json, "title", plan->title);
    rw_json_text(&json, "scenario", plan->scenario);
    rw_json_text(&json, "design", rw_design_names[plan->design]);
    rw_json_integer(&json, "n_points", points->n_points);
    rw_json_integer(&json, "n_baselines", saving->n_baselines);
    rw_json_integer(&json, "n_points_that_share", saving->n_points);
    rw_json_number(&json, "simulated_ms", saving->all_ms - saving->saved_ms);
    rw_json_number(&json, "simulated_ms_without_sharing", saving->all_ms);
    rw_json_text(&json, "engine_version", rw_version().version);
    rw_json_text(&json, "git_describe", rw_version().revision);
    rw_input_files_write(&json, inputs);
    rw_json_text(&json, "plan_sha256", digits);
    rw_json_close_object(&json);
    return rw_directory_commit_text(directory, "plan.json", file);
}

static const char *text_in(const rw_node *map, const char *key) {
    const rw_node *node = rw_node_get(map, key);
    return node != NULL && node->kind == RW_NODE_SCALAR ? node->text : "";
}

static rw_err read_inputs(rw_arena *arena, const rw_node *list, rw_input_files *inputs) {
    rw_input_file *files = NULL;
    size_t n = list != NULL && list->kind == RW_NODE_LIST ? list->count : 0, i = 0;
    RW_TRY(RW_ARENA_NEW(arena, files, n));
    for (const rw_node *item = n > 0 ? list->first : NULL; item != NULL; item = item->next)
        files[i++] = (rw_input_file){.path = text_in(item, "file"), .sha256 = text_in(item, "sha256")};
    *inputs = (rw_input_files){.files = files, .n = n};
    return RW_OK;
}

rw_err rw_sweep_plan_file_read(rw_arena *arena, const char *directory, rw_frozen_plan *frozen) {
    rw_path path = rw_path_of("%s/plan.json", directory);
    const rw_node *root = NULL;
    rw_err err = rw_document_read(&root, arena, path.text);
    if (err != RW_OK)
        return rw_fail_context(
            err,
            "%s: its plan is damaged; bring plan.json back from a copy, or make a new plan in another "
            "directory",
            directory);
    RW_CHECK(strcmp(text_in(root, "sweep_format"), "2") == 0, RW_ERR_INPUT,
             "%s: is not a plan of a sweep in format 2, which this rewire reads; make a new plan in another directory",
             path.text);
    *frozen = (rw_frozen_plan){.digits = text_in(root, "plan_sha256"), .revision = text_in(root, "git_describe")};
    frozen->saving.n_baselines = strtoull(text_in(root, "n_baselines"), NULL, 10);
    frozen->saving.n_points = strtoull(text_in(root, "n_points_that_share"), NULL, 10);
    frozen->saving.all_ms = strtod(text_in(root, "simulated_ms_without_sharing"), NULL);
    frozen->saving.saved_ms = frozen->saving.all_ms - strtod(text_in(root, "simulated_ms"), NULL);
    return read_inputs(arena, rw_node_get(root, "input_files"), &frozen->inputs);
}

rw_err rw_sweep_plan_text_read(const char **text, rw_arena *arena, const char *directory, const char *name) {
    size_t length = 0;
    rw_err err = rw_document_load(text, &length, arena, rw_path_of("%s/%s", directory, name).text);
    return err == RW_OK
               ? err
               : rw_fail_context(err, "a part of the plan is missing, so make a new plan in another directory");
}
