#include "study/sweep/status.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/remedy.h"
#include "study/sweep/claim.h"
#include "study/sweep/point_failure.h"

enum { RECENT = 100 };

const char *rw_point_state_name(rw_point_state state) {
    static const char *const names[] = {"missing", "running", "done", "failed"};
    return names[state];
}

/* What an entry 012345, 012345.run or 012345.failed says. */
static void read_entry(const rw_sweep *sweep, const char *name, bool baselines, rw_point_state *states) {
    char *end = NULL;
    size_t point = strtoul(name, &end, 10);
    if (end != name + 6 || point >= sweep->points.n_points)
        return;
    if (*end == '\0')
        states[point] = RW_POINT_DONE;
    else if (strcmp(end, ".failed") == 0)
        states[point] = RW_POINT_FAILED;
    else if (strcmp(end, ".run") == 0 && states[point] == RW_POINT_MISSING &&
             !rw_claim_is_dead(rw_sweep_work_path(sweep, (rw_work){point, baselines}, ".run").text))
        states[point] = RW_POINT_RUNNING;
}

static rw_err read_directory(const rw_sweep *sweep, const char *path, bool baselines, rw_point_state *states) {
    DIR *directory = opendir(path);
    if (directory == NULL && errno == ENOENT)
        return RW_OK; /* not yet reached */
    RW_CHECK(directory != NULL, RW_ERR_SYSTEM, "%s: cannot be listed: %s; %s", path, strerror(errno),
             rw_reading_remedy(errno));
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;)
        if (entry->d_name[0] != '.')
            read_entry(sweep, entry->d_name, baselines, states);
    (void)closedir(directory);
    return RW_OK;
}

/* The states of points or baselines. */
static rw_err read_states(const rw_sweep *sweep, bool baselines, rw_point_state *states) {
    for (size_t i = 0; i < sweep->points.n_points; i++)
        states[i] = RW_POINT_MISSING;
    for (size_t i = 0; i < sweep->points.n_points; i += RW_POINTS_PER_DIRECTORY) {
        rw_path parent = rw_sweep_work_path(sweep, (rw_work){i, baselines}, "");
        *strrchr(parent.text, '/') = '\0';
        RW_TRY(read_directory(sweep, parent.text, baselines, states));
    }
    return RW_OK;
}

rw_err rw_sweep_states(const rw_sweep *sweep, rw_point_state *states) {
    return read_states(sweep, false, states);
}

static int later_first(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (y > x) - (y < x);
}

/* Completions per second over the last hundred; a point's directory was last changed when it was finished. */
static rw_err measure_pace(const rw_sweep *sweep, const rw_point_state *states, rw_sweep_status *status) {
    double *ended_s = NULL;
    size_t n = 0;
    RW_TRY(RW_NEW(ended_s, status->count[RW_POINT_DONE], "status of a sweep"));
    for (size_t i = 0; i < sweep->points.n_points; i++) {
        struct stat info;
        if (states[i] == RW_POINT_DONE && n < status->count[RW_POINT_DONE] &&
            stat(rw_sweep_point_path(sweep, i, "").text, &info) == 0)
            ended_s[n++] = (double)info.st_mtim.tv_sec + 1e-9 * (double)info.st_mtim.tv_nsec;
    }
    if (n > 1) {
        qsort(ended_s, n, sizeof *ended_s, later_first);
        size_t last = n - 1 < RECENT ? n - 1 : RECENT;
        double span_s = ended_s[0] - ended_s[last];
        status->points_per_s = span_s > 0.0 ? (double)last / span_s : 0.0;
    }
    rw_free(ended_s);
    return RW_OK;
}

rw_err rw_sweep_status_read(const rw_sweep *sweep, rw_sweep_status *status) {
    rw_point_state *states = NULL;
    *status = (rw_sweep_status){0};
    RW_TRY(RW_NEW(states, sweep->points.n_points, "status of a sweep"));
    rw_err err = sweep->saving.n_baselines > 0 ? read_states(sweep, true, states) : RW_OK;
    for (size_t i = 0; err == RW_OK && sweep->saving.n_baselines > 0 && i < sweep->points.n_points; i++)
        status->baselines_running += states[i] == RW_POINT_RUNNING;
    if (err == RW_OK)
        err = rw_sweep_states(sweep, states);
    for (size_t i = 0; err == RW_OK && i < sweep->points.n_points; i++)
        status->count[states[i]]++;
    if (err == RW_OK)
        err = measure_pace(sweep, states, status);
    rw_free(states);
    return err;
}

static rw_err forget(const rw_sweep *sweep, const rw_point_state *states, size_t *count) {
    for (size_t i = 0; i < sweep->points.n_points; i++)
        if (states[i] == RW_POINT_FAILED) {
            RW_TRY(rw_point_forget_failure(sweep, i));
            ++*count;
        }
    return RW_OK;
}

rw_err rw_sweep_forget_failures(const rw_sweep *sweep, size_t *count) {
    rw_point_state *states = NULL;
    *count = 0;
    RW_TRY(RW_NEW(states, sweep->points.n_points, "status of a sweep"));
    rw_err err = rw_sweep_states(sweep, states);
    if (err == RW_OK)
        err = forget(sweep, states, count);
    rw_free(states);
    return err;
}
