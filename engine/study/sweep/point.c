#include "study/sweep/point.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/count.h"
#include "study/measure.h"
#include "study/sweep/claim.h"

static bool exists(rw_path path) {
    return access(path.text, F_OK) == 0;
}

/* Creates the directory in which a point's directory lies; *made: it did not exist. */
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

/* Notes are not needed in a finished point: that of its worker, and what workers left of others that they took over.
 * What cannot be removed does no harm. */
static void remove_notes(const char *directory) {
    DIR *entries = opendir(directory);
    for (const struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;)
        if (strcmp(entry->d_name, RW_CLAIM_NOTE) == 0 ||
            strncmp(entry->d_name, RW_CLAIM_NOTE ".", sizeof RW_CLAIM_NOTE) == 0)
            (void)unlink(rw_path_of("%s/%s", directory, entry->d_name).text);
    if (entries != NULL)
        (void)closedir(entries); /* was only read */
}

rw_err rw_point_rename(const rw_sweep *sweep, rw_work work, const char *suffix) {
    rw_path from = rw_sweep_work_path(sweep, work, ".run"), to = rw_sweep_work_path(sweep, work, suffix);
    remove_notes(from.text);
    RW_CHECK(rename(from.text, to.text) == 0, RW_ERR_SYSTEM, "%s: cannot become %s: %s; check the disk", from.text,
             to.text, strerror(errno));
    return RW_OK;
}

rw_err rw_point_finish(const rw_sweep *sweep, rw_work work) {
    rw_path log = rw_path_of("%s/stderr.txt", rw_sweep_work_path(sweep, work, ".run").text);
    struct stat info;
    if (stat(log.text, &info) == 0 && info.st_size == 0)
        (void)unlink(log.text); /* an additional empty file does no harm */
    return rw_point_rename(sweep, work, "");
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
        RW_TRY(remove_named(directory, large, RW_COUNT(large)));
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
    if (err == RW_OK &&
        !exists(rw_path_of("%s/measures.csv", directory))) /* the process may have been killed after this */
        err = measure(arena, sweep, directory, &opened);
    if (err == RW_OK)
        err = prune(sweep->plan->keep, directory);
    rw_directory_close(&opened);
    rw_arena_destroy(&arena);
    return err;
}
