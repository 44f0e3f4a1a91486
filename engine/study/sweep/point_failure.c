#include "study/sweep/point_failure.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/json.h"
#include "config/document.h"
#include "study/sweep/claim.h"
#include "study/sweep/point.h"

enum { LAST_WORDS = 2000 };

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
    return err == RW_OK ? rw_point_rename(sweep, work, ".failed") : err;
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

/* Whether another attempt that continues from here may succeed. */
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
    (void)unlink(rw_path_of("%s/failure.json", failed.text).text); /* written again if the point fails again */
    rw_claim_release(failed.text);
    RW_CHECK(rename(failed.text, again.text) == 0, RW_ERR_SYSTEM, "%s: cannot become %s: %s; check the disk",
             failed.text, again.text, strerror(errno));
    return RW_OK;
}
