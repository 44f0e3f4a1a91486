#include "study/sweep.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/version.h"
#include "config/document.h"

enum { MAX_CHECKED = 500, POINTS_PER_DIRECTORY = 1000 };

/* ---- hashes ---- */

static void hash_text(const char *text, char digits[RW_SHA256_TEXT]) {
    rw_sha256 sum;
    rw_sha256_start(&sum);
    rw_sha256_add(&sum, text, strlen(text));
    rw_sha256_finish(&sum, digits);
}

/* The texts that make a plan. */
typedef struct {
    const char *sweep, *base, *points;
} texts;

static void hash_plan(const texts *it, char digits[RW_SHA256_TEXT]) {
    char all[3 * RW_SHA256_TEXT] = "", one[RW_SHA256_TEXT];
    const char *const parts[] = {it->sweep, it->base, it->points};
    for (size_t i = 0; i < 3; i++) {
        hash_text(parts[i], one);
        memcpy(all + i * (RW_SHA256_TEXT - 1), one, RW_SHA256_TEXT);
    }
    hash_text(all, digits);
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
    if (plan->n_draws > 0) {
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

static rw_err points_text(const rw_plan *plan, const rw_points *points, const char **text) {
    rw_table table = rw_table_begin(plan->arena, points->n_points);
    char *buffer = NULL;
    size_t size = 0;
    RW_TRY(rw_sweep_describe(plan, points, &table));
    FILE *out = open_memstream(&buffer, &size);
    RW_CHECK(out != NULL, RW_ERR_SYSTEM, "out of memory for a sweep");
    rw_table_print_csv(&table, out);
    rw_err err = fclose(out) == 0 ? rw_arena_string(plan->arena, text, buffer)
                                  : rw_fail(RW_ERR_SYSTEM, "out of memory for a sweep");
    free(buffer); /* NOLINT: the C library's own */
    return err;
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

/* The base scenario as it stands: its seed, and that the windows lie within its runs. */
static rw_err check_point(const rw_plan *plan, const rw_point *point, size_t number, const char *base) {
    rw_scenario *scenario = NULL;
    rw_err err = rw_scenario_parse(&scenario, plan->scenario, base, strlen(base), point->set, point->n_set);
    if (err == RW_OK)
        err = check_files(scenario);
    for (size_t w = 0; err == RW_OK && w < plan->n_windows; w++)
        if (plan->windows[w].to_ms > scenario->step_ms * (double)scenario->n_steps * (1 + 1e-12))
            err = rw_fail(RW_ERR_INPUT, "the window %s ends after the run", plan->windows[w].name);
    if (err == RW_OK && scenario->record.series_steps == 0)
        err =
            rw_fail(RW_ERR_INPUT, "%s: measures are taken from the series; set record.series, for example {every: 1 s}",
                    plan->scenario);
    rw_scenario_destroy(&scenario);
    return err == RW_OK ? err : rw_fail_context(err, "point %zu of the sweep: ", number);
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
                              const char *digits) {
    FILE *file = NULL;
    RW_TRY(rw_directory_open_text(directory, "plan.json", &file));
    rw_json json = {.file = file};
    rw_json_open_object(&json, NULL);
    rw_json_integer(&json, "sweep_format", 1);
    rw_json_text(&json, "title", plan->title);
    rw_json_text(&json, "scenario", plan->scenario);
    rw_json_text(&json, "design", rw_design_names[plan->design]);
    rw_json_integer(&json, "n_points", points->n_points);
    rw_json_text(&json, "engine_version", rw_version().version);
    rw_json_text(&json, "git_describe", rw_version().revision);
    rw_json_text(&json, "plan_sha256", digits);
    rw_json_close_object(&json);
    return rw_directory_commit_text(directory, "plan.json", file);
}

static rw_err write_plan(rw_directory *directory, const rw_plan *plan, const rw_points *points, const texts *it,
                         const char *digits) {
    RW_TRY(write_text(directory, "sweep.yaml", it->sweep));
    RW_TRY(write_text(directory, "base.yaml", it->base));
    RW_TRY(write_text(directory, "points.csv", it->points));
    RW_TRY(rw_directory_make(directory, "points"));
    return write_plan_json(directory, plan, points, digits);
}

bool rw_sweep_is(const char *directory) {
    return access(rw_path_of("%s/plan.json", directory).text, F_OK) == 0;
}

/* The hash that a frozen plan carries, and which rewire froze it. */
static rw_err frozen_hash(rw_arena *arena, const char *directory, const char **digits, const char **revision) {
    rw_path path = rw_path_of("%s/plan.json", directory);
    const rw_node *root = NULL;
    rw_findings *findings = NULL;
    const char *text = NULL;
    size_t length = 0;
    RW_TRY(RW_ARENA_NEW(arena, findings, 1));
    RW_TRY(rw_document_load(&text, &length, arena, path.text));
    RW_TRY(rw_document_parse(&root, arena, findings, path.text, text, length));
    RW_TRY(rw_findings_result(findings));
    const rw_node *format = rw_node_get(root, "sweep_format"), *hash = rw_node_get(root, "plan_sha256");
    const rw_node *described = rw_node_get(root, "git_describe");
    RW_CHECK(format != NULL && format->kind == RW_NODE_SCALAR && strcmp(format->text, "1") == 0 && hash != NULL &&
                 hash->kind == RW_NODE_SCALAR && described != NULL && described->kind == RW_NODE_SCALAR,
             RW_ERR_INPUT, "%s: is no plan of a sweep of format 1", path.text);
    *digits = hash->text;
    *revision = described->text;
    return RW_OK;
}

static rw_err freeze(rw_arena *arena, const char *file, const char *directory) {
    rw_plan *plan = NULL;
    rw_points points = {0};
    texts it = {0};
    size_t length = 0;
    uint64_t seed = 0;
    char digits[RW_SHA256_TEXT];
    RW_TRY(rw_document_load(&it.sweep, &length, arena, file));
    RW_TRY(rw_plan_read(&plan, arena, file, it.sweep, length));
    RW_TRY(rw_document_load(&it.base, &length, arena, plan->scenario));
    RW_TRY(read_base_seed(plan, it.base, &seed));
    RW_TRY(rw_plan_points(plan, seed, &points));
    RW_TRY(points_text(plan, &points, &it.points));
    hash_plan(&it, digits);
    if (rw_sweep_is(directory)) {
        const char *frozen = NULL, *revision = NULL;
        RW_TRY(frozen_hash(arena, directory, &frozen, &revision));
        RW_CHECK(strcmp(frozen, digits) == 0, RW_ERR_INPUT,
                 "%s: holds another plan: %s or its scenario was changed since. Give the new plan a directory of its "
                 "own with -o, or remove the old one",
                 directory, file);
        return RW_OK;
    }
    RW_TRY(check_points(plan, &points, it.base));
    rw_directory made = {0};
    rw_err err = rw_directory_open(&made, directory);
    if (err == RW_OK)
        err = write_plan(&made, plan, &points, &it, digits);
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
    const char *frozen = NULL, *revision = NULL, *again = NULL;
    char *digits = NULL;
    RW_TRY(frozen_hash(it->arena, it->path, &frozen, &revision));
    RW_CHECK(any_version || strcmp(revision, rw_version().revision) == 0, RW_ERR_INPUT,
             "%s: was planned by rewire %s, and this is %s; use that one, or plan anew (or --allow-mixed, if you know "
             "that both give the same numbers)",
             it->path, revision, rw_version().revision);
    rw_path sweep = rw_path_of("%s/sweep.yaml", it->path);
    RW_TRY(rw_document_load(&found.sweep, &length, it->arena, sweep.text));
    RW_TRY(rw_plan_read(&it->plan, it->arena, sweep.text, found.sweep, length));
    RW_TRY(rw_document_load(&found.base, &length, it->arena, rw_path_of("%s/base.yaml", it->path).text));
    RW_TRY(rw_document_load(&found.points, &length, it->arena, rw_path_of("%s/points.csv", it->path).text));
    RW_TRY(rw_arena_allocate(it->arena, &digits, RW_SHA256_TEXT, 1));
    hash_plan(&found, digits);
    it->hash = digits;
    if (strcmp(digits, frozen) == 0) {
        RW_TRY(read_base_seed(it->plan, found.base, &it->base_seed));
        RW_TRY(rw_plan_points(it->plan, it->base_seed, &it->points));
        RW_TRY(points_text(it->plan, &it->points, &again));
    }
    RW_CHECK(again != NULL && strcmp(again, found.points) == 0, RW_ERR_INPUT,
             "%s: sweep.yaml, base.yaml or points.csv was changed after the plan was frozen; plan anew in another "
             "directory",
             it->path);
    return RW_OK;
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

rw_path rw_sweep_point_path(const rw_sweep *sweep, size_t point, const char *suffix) {
    return rw_path_of("%s/points/%03zu/%06zu%s", sweep->path, point / POINTS_PER_DIRECTORY, point, suffix);
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

rw_err rw_sweep_point_words(const rw_sweep *sweep, size_t point, const char *output, int threads, const char ***words,
                            size_t *count) {
    const rw_point *it = &sweep->points.points[point];
    const char **list = NULL;
    size_t n = 0;
    RW_TRY(RW_ARENA_NEW(sweep->arena, list, 8 + 2 * it->n_set));
    RW_TRY(rw_arena_string(sweep->arena, &list[n++], rw_path_of("%s/base.yaml", sweep->path).text));
    list[n++] = "-o";
    RW_TRY(rw_arena_string(sweep->arena, &list[n++], output));
    list[n++] = "--quiet";
    list[n++] = "--threads";
    RW_TRY(rw_arena_string(sweep->arena, &list[n++], rw_path_of("%d", threads).text));
    for (size_t i = 0; i < it->n_set; i++) {
        list[n++] = "--set";
        RW_TRY(join_override(sweep->arena, &it->set[i], &list[n++]));
    }
    *words = list;
    *count = n;
    return RW_OK;
}
