#include "study/sweep/point.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/json.h"
#include "config/document.h"
#include "study/measure.h"
#include "study/sweep/claim.h"
#include "study/sweep/pool.h"

enum { LAST_WORDS = 2000 };

static bool exists(rw_path path) {
    return access(path.text, F_OK) == 0;
}

/* Makes the directory that a point's belongs in; *made says that it was not there. */
static rw_err make_parent(rw_path parent, bool *made) {
    rw_path above = parent;
    *strrchr(above.text, '/') = '\0';
    *made = mkdir(parent.text, 0777) == 0;
    if (!*made && errno == ENOENT && (mkdir(above.text, 0777) == 0 || errno == EEXIST))
        *made = mkdir(parent.text, 0777) == 0;
    RW_CHECK(*made || errno == EEXIST, RW_ERR_SYSTEM, "%s: cannot make this directory: %s; check the disk", parent.text,
             strerror(errno));
    return RW_OK;
}

rw_err rw_point_is_free(const rw_sweep *sweep, rw_work work, bool *is_free) {
    rw_path parent = rw_sweep_work_path(sweep, work, "");
    *strrchr(parent.text, '/') = '\0';
    RW_TRY(make_parent(parent, is_free));
    *is_free = *is_free ||
               (!exists(rw_sweep_work_path(sweep, work, "")) && !exists(rw_sweep_work_path(sweep, work, ".failed")));
    return RW_OK;
}

static rw_err move(const rw_sweep *sweep, rw_work work, const char *suffix) {
    rw_path from = rw_sweep_work_path(sweep, work, ".run"), to = rw_sweep_work_path(sweep, work, suffix);
    (void)unlink(rw_path_of("%s/" RW_CLAIM_NOTE, from.text).text); /* nobody reads it in a finished point */
    RW_CHECK(rename(from.text, to.text) == 0, RW_ERR_SYSTEM, "%s: cannot become %s: %s; check the disk", from.text,
             to.text, strerror(errno));
    return RW_OK;
}

rw_err rw_point_finish(const rw_sweep *sweep, rw_work work) {
    rw_path log = rw_path_of("%s/stderr.txt", rw_sweep_work_path(sweep, work, ".run").text);
    struct stat info;
    if (stat(log.text, &info) == 0 && info.st_size == 0)
        (void)unlink(log.text); /* an empty file more does no harm */
    return move(sweep, work, "");
}

/* ---- failures ---- */

/* The end of what the point said on standard error. */
static void read_last_words(const char *directory, char words[LAST_WORDS + 1]) {
    FILE *log = fopen(rw_path_of("%s/stderr.txt", directory).text, "r");
    words[0] = '\0';
    if (log == NULL)
        return;
    if (fseek(log, -LAST_WORDS, SEEK_END) != 0)
        rewind(log);
    words[fread(words, 1, LAST_WORDS, log)] = '\0';
    (void)fclose(log);
}

static const char *reason_of(int status, bool out_of_time) {
    if (out_of_time)
        return "out of time (run.time_limit of the sweep)";
    if (WIFEXITED(status))
        switch (WEXITSTATUS(status)) {
        case RW_ERR_INPUT:
            return "its input is wrong";
        case RW_ERR_SYSTEM:
            return "a file or the system failed";
        case RW_ERR_DIVERGED:
            return "the simulation diverged";
        case RW_ERR_STOPPED:
            return "it was stopped";
        default:
            return "it ended with an error";
        }
    return WTERMSIG(status) == SIGKILL ? "it was killed, perhaps because the machine ran out of memory" : "it crashed";
}

static rw_err write_failure(rw_directory *directory, int status, bool out_of_time) {
    char words[LAST_WORDS + 1];
    FILE *file = NULL;
    read_last_words(directory->path, words);
    RW_TRY(rw_directory_open_text(directory, "failure.json", &file));
    rw_json json = {.file = file};
    rw_json_open_object(&json, NULL);
    rw_json_text(&json, "reason", reason_of(status, out_of_time));
    if (WIFEXITED(status))
        rw_json_integer(&json, "exit_code", (uint64_t)WEXITSTATUS(status));
    else
        rw_json_integer(&json, "signal", (uint64_t)WTERMSIG(status));
    rw_json_text(&json, "last_words", words);
    rw_json_close_object(&json);
    return rw_directory_commit_text(directory, "failure.json", file);
}

rw_err rw_point_fail(const rw_sweep *sweep, rw_work work, int status, bool out_of_time) {
    rw_directory directory;
    RW_TRY(rw_directory_reopen(&directory, rw_sweep_work_path(sweep, work, ".run").text));
    rw_err err = write_failure(&directory, status, out_of_time);
    rw_directory_close(&directory);
    return err == RW_OK ? move(sweep, work, ".failed") : err;
}

static int number_of(const rw_node *root, const char *key, int missing) {
    const rw_node *node = rw_node_get(root, key);
    return node != NULL && node->kind == RW_NODE_SCALAR ? (int)strtol(node->text, NULL, 10) : missing;
}

static const char *text_of(const rw_node *root, const char *key) {
    const rw_node *node = rw_node_get(root, key);
    return node != NULL && node->kind == RW_NODE_SCALAR ? node->text : "";
}

rw_err rw_point_failure_read(const rw_sweep *sweep, size_t point, rw_arena *arena, rw_point_failure *failure) {
    rw_path path = rw_path_of("%s/failure.json", rw_sweep_point_path(sweep, point, ".failed").text);
    const rw_node *root = NULL;
    rw_err err = rw_document_read(&root, arena, path.text);
    if (err != RW_OK)
        return rw_fail_context(err, "how a point failed is no longer to be read; remove %s",
                               rw_sweep_point_path(sweep, point, ".failed").text);
    *failure = (rw_point_failure){.exit_code = number_of(root, "exit_code", -1),
                                  .signal = number_of(root, "signal", 0),
                                  .reason = text_of(root, "reason"),
                                  .last_words = text_of(root, "last_words")};
    return RW_OK;
}

/* Whether another attempt may end otherwise from where this one was. */
static bool may_go_on(const rw_point_failure *failure) {
    return failure->signal != 0 || failure->exit_code == RW_ERR_STOPPED || failure->exit_code == RW_ERR_SYSTEM;
}

rw_err rw_point_forget_failure(const rw_sweep *sweep, size_t point) {
    const rw_work work = {.number = point}, baseline = {sweep->baselines[point].first, true};
    rw_path failed = rw_sweep_work_path(sweep, work, ".failed"), again = rw_sweep_work_path(sweep, work, ".run");
    rw_point_failure failure;
    if (sweep->baselines[point].step > 0)
        RW_TRY(rw_remove_tree(rw_sweep_work_path(sweep, baseline, ".failed").text));
    if (rw_point_failure_read(sweep, point, sweep->arena, &failure) != RW_OK || !may_go_on(&failure))
        return rw_remove_tree(failed.text);
    (void)unlink(rw_path_of("%s/failure.json", failed.text).text); /* written anew if it fails again */
    rw_claim_release(failed.text);
    RW_CHECK(rename(failed.text, again.text) == 0, RW_ERR_SYSTEM, "%s: cannot become %s: %s; check the disk",
             failed.text, again.text, strerror(errno));
    return RW_OK;
}

/* ---- measures ---- */

static rw_err remove_named(const char *directory, const char *const *names, size_t n) {
    for (size_t i = 0; i < n; i++)
        RW_TRY(rw_remove_tree(rw_path_of("%s/%s", directory, names[i]).text));
    return RW_OK;
}

/* Removes what the plan does not keep; run.json and scenario.yaml always stay, so that a point can be run again. */
static rw_err prune(rw_keep keep, const char *directory) {
    static const char *const large[] = {"nodes.h5",
                                        "edges",
                                        "edge_events.h5",
                                        "spikes.h5",
                                        "reports",
                                        "circuit_config.json",
                                        "simulation_config.json",
                                        "node_sets.json",
                                        "node_types.csv",
                                        "edge_types.csv",
                                        "checkpoint"};
    static const char *const series[] = {"series.h5"};
    if (keep != RW_KEEP_ALL)
        RW_TRY(remove_named(directory, large, sizeof large / sizeof large[0]));
    return keep == RW_KEEP_MEASURES ? remove_named(directory, series, 1) : RW_OK;
}

static rw_err measure(rw_arena *arena, const rw_sweep *sweep, const char *path, rw_directory *directory) {
    rw_result_in result;
    rw_table table = rw_table_begin(arena, 1);
    const char **sha = NULL;
    RW_TRY(rw_result_in_open(&result, arena, path));
    RW_TRY(rw_table_add_texts(&table, "config_sha256", "sha256 of the resolved scenario", &sha));
    sha[0] = result.config_sha256;
    RW_TRY(rw_measure(&table, &result, sweep->plan->windows, sweep->plan->n_windows));
    return rw_table_write_csv(&table, directory, "measures.csv");
}

rw_err rw_point_measure(const rw_sweep *sweep, const char *directory) {
    rw_arena *arena = NULL;
    rw_directory opened = {0};
    RW_TRY(rw_arena_create(&arena));
    rw_err err = rw_directory_reopen(&opened, directory);
    if (err == RW_OK && !exists(rw_path_of("%s/measures.csv", directory))) /* a kill may have come behind it */
        err = measure(arena, sweep, directory, &opened);
    if (err == RW_OK)
        err = prune(sweep->plan->keep, directory);
    rw_directory_close(&opened);
    rw_arena_destroy(&arena);
    return err;
}
