#include "study/sweep/sweep.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/version.h"
#include "config/document.h"
#include "config/parse.h"

enum { MAX_CHECKED = 500, POINTS_PER_DIRECTORY = 1000 };

/* ---- hashes ---- */

static rw_err hash_text(const char *text, char digits[RW_SHA256_TEXT]) {
    rw_sha256 sum;
    rw_sha256_start(&sum);
    rw_sha256_add(&sum, text, strlen(text));
    return rw_sha256_finish(&sum, digits);
}

/* The texts that make a plan. */
typedef struct {
    const char *sweep, *base, *points, *baselines;
} texts;

static rw_err hash_plan(const texts *it, char digits[RW_SHA256_TEXT]) {
    enum { PARTS = 4 };
    char all[PARTS * RW_SHA256_TEXT] = "", one[RW_SHA256_TEXT];
    const char *const parts[PARTS] = {it->sweep, it->base, it->points, it->baselines};
    for (size_t i = 0; i < PARTS; i++) {
        RW_TRY(hash_text(parts[i], one));
        memcpy(all + i * (RW_SHA256_TEXT - 1), one, RW_SHA256_TEXT);
    }
    return hash_text(all, digits);
}

/* ---- points ---- */

rw_err rw_sweep_describe(const rw_plan *plan, const rw_points *points, rw_table *table) {
    double *number = NULL, *seed = NULL, *column = NULL;
    const char **text = NULL;
    const size_t n = points->n_points;
    RW_TRY(rw_table_add_numbers(table, "point", NULL, "number of the point, from 0", &number));
    for (size_t i = 0; i < n; i++)
        number[i] = (double)i;
    if (plan->n_arms > 1) {
        RW_TRY(rw_table_add_texts(table, "arm", "arm of the sweep", &text));
        for (size_t i = 0; i < n; i++)
            text[i] = plan->arms[points->points[i].arm].name;
    }
    if (plan->design == RW_DESIGN_SALTELLI) {
        RW_TRY(rw_table_add_texts(table, "block", "A, B, or A with one column of B", &text));
        RW_TRY(rw_table_add_numbers(table, "sample", NULL, "number of the sample, from 0", &number));
        for (size_t i = 0; i < n; i++) {
            text[i] = points->points[i].block;
            number[i] = (double)points->points[i].sample;
        }
    }
    for (size_t p = 0; p < plan->n_parameters; p++) {
        const rw_plan_parameter *parameter = &plan->parameters[p];
        if (parameter->unit != NULL) {
            RW_TRY(rw_table_add_numbers(table, parameter->name, parameter->unit, "parameter of the sweep", &column));
            for (size_t i = 0; i < n; i++)
                column[i] = points->points[i].numbers[p];
        } else {
            RW_TRY(rw_table_add_texts(table, parameter->name, "parameter of the sweep", &text));
            for (size_t i = 0; i < n; i++)
                text[i] = points->points[i].labels[p];
        }
    }
    if (plan->n_draws > 0 || plan->numbered.count > 0) {
        RW_TRY(rw_table_add_numbers(table, "subject", NULL, "number of the virtual subject, from 0", &number));
        for (size_t i = 0; i < n; i++)
            number[i] = (double)points->points[i].subject;
    }
    for (size_t d = 0; d < plan->n_draws; d++) {
        RW_TRY(rw_table_add_numbers(table, plan->draws[d].name, plan->draws[d].unit, "drawn for the subject", &column));
        for (size_t i = 0; i < n; i++)
            column[i] = points->points[i].drawn[d];
    }
    RW_TRY(rw_table_add_numbers(table, "replicate", NULL, "number of the replicate, from 0", &number));
    RW_TRY(rw_table_add_numbers(table, "seed", NULL, "seed of the scenario", &seed));
    for (size_t i = 0; i < n; i++) {
        number[i] = (double)points->points[i].replicate;
        seed[i] = (double)points->points[i].seed;
    }
    return RW_OK;
}

static rw_err text_of(const rw_table *table, const char **text) {
    char *buffer = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&buffer, &size);
    RW_CHECK(out != NULL, RW_ERR_SYSTEM, "out of memory for a sweep");
    rw_table_print_csv(table, out);
    rw_err err = fclose(out) == 0 ? rw_arena_string(table->arena, text, buffer)
                                  : rw_fail(RW_ERR_SYSTEM, "out of memory for a sweep");
    free(buffer); /* NOLINT: the C library's own */
    return err;
}

static rw_err points_text(const rw_plan *plan, const rw_points *points, const char **text) {
    rw_table table = rw_table_begin(plan->arena, points->n_points);
    RW_TRY(rw_sweep_describe(plan, points, &table));
    return text_of(&table, text);
}

static rw_err baselines_text(const rw_plan *plan, const rw_points *points, const char *base, const char **text,
                             rw_baseline_saving *saving) {
    const rw_baseline *of = NULL;
    rw_table table;
    RW_TRY(rw_baselines_find(plan, points, base, &of, saving));
    RW_TRY(rw_baselines_table(plan->arena, of, points->n_points, &table));
    return text_of(&table, text);
}

static rw_err check_files(const rw_scenario *scenario) {
    for (size_t i = 0; i < scenario->n_populations; i++) {
        const char *file = scenario->populations[i].spikes_file;
        RW_CHECK(file == NULL || file[0] == '/', RW_ERR_INPUT,
                 "%s: population %s reads %s; the base scenario of a sweep is copied, so give the whole path, from /",
                 scenario->path, scenario->populations[i].name, file);
    }
    return RW_OK;
}

/* Says which point a failure is of: "point 1 of the sweep (d = 5 ml)". */
static rw_err fail_point(const rw_plan *plan, const rw_point *point, size_t number, rw_err err) {
    char text[300] = "";
    size_t at = 0;
    if (plan->n_arms > 1)
        at = (size_t)snprintf(text, sizeof text, ", %.60s", plan->arms[point->arm].name);
    for (size_t p = 0; p < plan->n_parameters && at < sizeof text - 1; p++)
        at += (size_t)snprintf(text + at, sizeof text - at, ", %.60s = %.60s", plan->parameters[p].name,
                               point->labels[p]);
    return rw_fail_context(err, "point %zu of the sweep%s%s%s", number, at > 0 ? " (" : "", at > 0 ? text + 2 : "",
                           at > 0 ? ")" : "");
}

/* The scenario of a point, and that the windows lie within its run. */
static rw_err check_point(const rw_plan *plan, const rw_point *point, size_t number, const char *base) {
    rw_scenario *scenario = NULL;
    rw_err err = rw_scenario_parse(&scenario, plan->scenario, base, strlen(base), point->set, point->n_set);
    if (err == RW_OK)
        err = check_files(scenario);
    for (size_t w = 0; err == RW_OK && w < plan->n_windows; w++)
        if (plan->windows[w].to_ms > scenario->step_ms * (double)scenario->n_steps * (1 + 1e-12))
            err = rw_fail(RW_ERR_INPUT, "the window %s of measure ends at %g ms, after the run, which ends at %g ms",
                          plan->windows[w].name, plan->windows[w].to_ms, scenario->step_ms * (double)scenario->n_steps);
    if (err == RW_OK && scenario->record.series_steps == 0)
        err =
            rw_fail(RW_ERR_INPUT, "%s: measures are taken from the series; set record.series, for example {every: 1 s}",
                    plan->scenario);
    rw_scenario_destroy(&scenario);
    return err == RW_OK ? err : fail_point(plan, point, number, err);
}

static rw_err check_points(const rw_plan *plan, const rw_points *points, const char *base) {
    size_t checks = points->n_points < MAX_CHECKED ? points->n_points : MAX_CHECKED;
    for (size_t i = 0; i < checks; i++) {
        size_t point = checks > 1 ? i * (points->n_points - 1) / (checks - 1) : 0;
        RW_TRY(check_point(plan, &points->points[point], point, base));
    }
    return RW_OK;
}

/* ---- freezing ---- */

static rw_err read_base_seed(const rw_plan *plan, const char *base, uint64_t *seed) {
    rw_scenario *scenario = NULL;
    RW_TRY(rw_scenario_parse(&scenario, plan->scenario, base, strlen(base), plan->set, plan->n_set));
    *seed = scenario->seed;
    rw_scenario_destroy(&scenario);
    return RW_OK;
}

static rw_err write_text(rw_directory *directory, const char *name, const char *text) {
    FILE *file = NULL;
    RW_TRY(rw_directory_open_text(directory, name, &file));
    (void)fputs(text, file);
    return rw_directory_commit_text(directory, name, file);
}

static rw_err write_plan_json(rw_directory *directory, const rw_plan *plan, const rw_points *points,
                              const rw_baseline_saving *saving, const char *digits) {
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
    rw_json_text(&json, "plan_sha256", digits);
    rw_json_close_object(&json);
    return rw_directory_commit_text(directory, "plan.json", file);
}

static rw_err write_plan(rw_directory *directory, const rw_plan *plan, const rw_points *points, const texts *it,
                         const rw_baseline_saving *saving, const char *digits) {
    RW_TRY(write_text(directory, "sweep.yaml", it->sweep));
    RW_TRY(write_text(directory, "base.yaml", it->base));
    RW_TRY(write_text(directory, "points.csv", it->points));
    RW_TRY(write_text(directory, "baselines.csv", it->baselines));
    RW_TRY(rw_directory_make(directory, "points"));
    return write_plan_json(directory, plan, points, saving, digits);
}

bool rw_sweep_is(const char *directory) {
    return access(rw_path_of("%s/plan.json", directory).text, F_OK) == 0;
}

/* What plan.json says. */
typedef struct {
    const char *digits, *revision; /* hash of the plan; which rewire froze it */
    rw_baseline_saving saving;
} frozen_plan;

static const char *text_in(const rw_node *map, const char *key) {
    const rw_node *node = rw_node_get(map, key);
    return node != NULL && node->kind == RW_NODE_SCALAR ? node->text : "";
}

static rw_err read_plan_json(rw_arena *arena, const char *directory, frozen_plan *it) {
    rw_path path = rw_path_of("%s/plan.json", directory);
    const rw_node *root = NULL;
    rw_err err = rw_document_read(&root, arena, path.text);
    if (err != RW_OK)
        return rw_fail_context(err,
                               "%s: its plan is damaged; bring plan.json back from a copy, or plan anew in another "
                               "directory",
                               directory);
    RW_CHECK(strcmp(text_in(root, "sweep_format"), "2") == 0, RW_ERR_INPUT,
             "%s: is no plan of a sweep of format 2, which this rewire reads; plan anew in another directory",
             path.text);
    *it = (frozen_plan){.digits = text_in(root, "plan_sha256"), .revision = text_in(root, "git_describe")};
    it->saving.n_baselines = strtoull(text_in(root, "n_baselines"), NULL, 10);
    it->saving.n_points = strtoull(text_in(root, "n_points_that_share"), NULL, 10);
    it->saving.all_ms = strtod(text_in(root, "simulated_ms_without_sharing"), NULL);
    it->saving.saved_ms = it->saving.all_ms - strtod(text_in(root, "simulated_ms"), NULL);
    return RW_OK;
}

static rw_err load_part(const char **text, rw_arena *arena, const char *directory, const char *name) {
    size_t length = 0;
    rw_err err = rw_document_load(text, &length, arena, rw_path_of("%s/%s", directory, name).text);
    return err == RW_OK ? err
                        : rw_fail_context(err, "a part of the plan is missing, so plan anew in another directory");
}

/* Whether the plan that the directory holds is the one of these texts. */
static rw_err check_same(rw_arena *arena, const char *file, const char *directory, texts *it) {
    frozen_plan frozen;
    char digits[RW_SHA256_TEXT];
    RW_TRY(read_plan_json(arena, directory, &frozen));
    RW_TRY(load_part(&it->baselines, arena, directory, "baselines.csv"));
    RW_TRY(hash_plan(it, digits));
    RW_CHECK(strcmp(frozen.digits, digits) == 0, RW_ERR_INPUT,
             "%s: holds another plan: %s or its scenario was changed since. Give the new plan a directory of its "
             "own with -o, or remove the old one",
             directory, file);
    return RW_OK;
}

static rw_err freeze(rw_arena *arena, const char *file, const char *directory) {
    rw_plan *plan = NULL;
    rw_points points = {0};
    rw_baseline_saving saving = {0};
    texts it = {0};
    size_t length = 0;
    uint64_t seed = 0;
    char digits[RW_SHA256_TEXT];
    RW_TRY(rw_document_load(&it.sweep, &length, arena, file));
    RW_TRY(rw_plan_read(&plan, arena, file, it.sweep, length));
    rw_err err = rw_document_load(&it.base, &length, arena, plan->scenario);
    if (err != RW_OK)
        return rw_fail_context(err, "the scenario of %s", file);
    RW_TRY(read_base_seed(plan, it.base, &seed));
    err = rw_plan_points(plan, seed, &points);
    if (err != RW_OK)
        return rw_fail_context(err, "%s", file);
    RW_TRY(points_text(plan, &points, &it.points));
    if (rw_sweep_is(directory))
        return check_same(arena, file, directory, &it);
    RW_TRY(check_points(plan, &points, it.base));
    RW_TRY(baselines_text(plan, &points, it.base, &it.baselines, &saving));
    RW_TRY(hash_plan(&it, digits));
    rw_directory made = {0};
    err = rw_directory_open(&made, directory);
    if (err == RW_OK)
        err = write_plan(&made, plan, &points, &it, &saving, digits);
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

/* ---- opening ---- */

static rw_err load(rw_sweep *it, bool any_version) {
    texts found = {0};
    size_t length = 0;
    frozen_plan frozen;
    rw_table table;
    const char *again = NULL;
    char *digits = NULL;
    RW_TRY(read_plan_json(it->arena, it->path, &frozen));
    RW_CHECK(any_version || strcmp(frozen.revision, rw_version().revision) == 0, RW_ERR_INPUT,
             "%s: was planned by rewire %s, and this is %s; use that one, or plan anew (or --allow-mixed, if you know "
             "that both give the same numbers)",
             it->path, frozen.revision, rw_version().revision);
    rw_path sweep = rw_path_of("%s/sweep.yaml", it->path), baselines = rw_path_of("%s/baselines.csv", it->path);
    RW_TRY(rw_document_load(&found.sweep, &length, it->arena, sweep.text));
    RW_TRY(rw_plan_read(&it->plan, it->arena, sweep.text, found.sweep, length));
    RW_TRY(load_part(&found.base, it->arena, it->path, "base.yaml"));
    RW_TRY(load_part(&found.points, it->arena, it->path, "points.csv"));
    RW_TRY(load_part(&found.baselines, it->arena, it->path, "baselines.csv"));
    RW_TRY(rw_arena_allocate(it->arena, &digits, RW_SHA256_TEXT, 1));
    RW_TRY(hash_plan(&found, digits));
    it->hash = digits;
    it->saving = frozen.saving;
    if (strcmp(digits, frozen.digits) == 0) {
        RW_TRY(read_base_seed(it->plan, found.base, &it->base_seed));
        RW_TRY(rw_plan_points(it->plan, it->base_seed, &it->points));
        RW_TRY(points_text(it->plan, &it->points, &again));
    }
    RW_CHECK(
        again != NULL && strcmp(again, found.points) == 0, RW_ERR_INPUT,
        "%s: sweep.yaml, base.yaml, points.csv or baselines.csv was changed after the plan was frozen; plan anew in "
        "another directory",
        it->path);
    RW_TRY(rw_table_read_csv(&table, it->arena, baselines.text));
    return rw_baselines_read(it->arena, &table, it->points.n_points, &it->baselines);
}

rw_err rw_sweep_open(rw_sweep **sweep, const char *directory, bool any_version) {
    rw_arena *arena = NULL;
    *sweep = NULL;
    RW_CHECK(rw_sweep_is(directory), RW_ERR_INPUT,
             "%s: holds no planned sweep (no plan.json); `rewire sweep plan FILE.yaml` makes one", directory);
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
                      work.number / POINTS_PER_DIRECTORY, work.number, suffix);
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
    const rw_point *it = &sweep->points.points[point];
    RW_TRY(RW_ARENA_NEW(sweep->arena, *items, it->n_set));
    for (size_t i = 0; i < it->n_set; i++)
        RW_TRY(join_override(sweep->arena, &it->set[i], &(*items)[i]));
    *count = it->n_set;
    return RW_OK;
}
