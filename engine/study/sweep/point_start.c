#define _GNU_SOURCE /* nftw */
#include "study/sweep/point_start.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/remedy.h"
#include "io/checkpoint/checkpoints.h"
#include "io/result_in.h"
#include "study/sweep/claim.h"

/* Tenths of a second that the process of a killed worker is given to end. */
enum { PATIENCE = 300 };

/* Files of the worker, which do not belong to the run. */
static bool is_workers(const char *name) {
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, RW_CLAIM_NOTE) == 0 ||
           strcmp(name, "stderr.txt") == 0;
}

static rw_err empty(const char *directory) {
    DIR *entries = opendir(directory);
    rw_err err = RW_OK;
    RW_CHECK(entries != NULL, RW_ERR_SYSTEM, "%s: cannot be listed: %s; %s", directory, strerror(errno),
             rw_reading_remedy(errno));
    for (const struct dirent *entry; err == RW_OK && (entry = readdir(entries)) != NULL;)
        if (!is_workers(entry->d_name))
            err = rw_remove_tree(rw_path_of("%s/%s", directory, entry->d_name).text);
    (void)closedir(entries); /* was only read */
    return err;
}

/* The points of a killed worker end shortly after it; until then they hold a lock on their directories. */
static rw_err wait_for_predecessor(const char *directory) {
    const struct timespec pause = {.tv_nsec = 100000000};
    bool locked = false;
    for (int attempt = 0; !locked && attempt < PATIENCE; attempt++) {
        int file = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        locked = file < 0 || flock(file, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK; /* without locks: trusted */
        if (file >= 0)
            (void)close(file); /* and its lock is released */
        if (!locked)
            (void)nanosleep(&pause, NULL);
    }
    RW_CHECK(locked, RW_ERR_SYSTEM, "%s: an earlier process still writes there after %d s; end it", directory,
             PATIENCE / 10);
    return RW_OK;
}

bool rw_point_has_state(const char *directory, uint64_t step) {
    rw_saved_state state;
    bool found = false;
    return rw_checkpoints_newest(directory, &state, &found) == RW_OK && found && state.step == step;
}

/* Whether the directory holds a run that is done, or a complete state of one. */
static rw_err can_go_on(const char *directory, bool *can) {
    rw_arena *arena = NULL;
    rw_result_in result;
    rw_saved_state state;
    bool found = false;
    RW_TRY(rw_arena_create(&arena));
    *can = rw_result_in_open(&result, arena, directory) == RW_OK &&
           (strcmp(result.status, "done") == 0 ||
            (rw_checkpoints_newest(directory, &state, &found) == RW_OK && found)); /* damaged: from the beginning */
    rw_arena_destroy(&arena);
    return RW_OK;
}

/* ---- the baseline ---- */

/* Arguments of the callback, because nftw passes none. */
static struct {
    const char *from, *to;
    int error;
} copying;

static int copy_bytes(int from, int to) {
    for (;;) {
        ssize_t n = copy_file_range(from, NULL, to, NULL, (size_t)1 << 30, 0);
        if (n == 0)
            return 0;
        if (n < 0 && errno != EINTR)
            break;
    }
    static char buffer[1 << 16]; /* file systems between which the kernel does not copy */
    for (ssize_t n; (n = read(from, buffer, sizeof buffer)) != 0;)
        if (n < 0 || write(to, buffer, (size_t)n) != n)
            return errno != 0 ? errno : EIO;
    return 0;
}

static int copy_file(const char *path, const char *to) {
    int source = open(path, O_RDONLY | O_CLOEXEC);
    int target = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    int error = source >= 0 && target >= 0 ? copy_bytes(source, target) : errno;
    if (source >= 0)
        (void)close(source); /* was only read */
    if (target >= 0 && close(target) != 0 && error == 0)
        error = errno;
    return error;
}

/* Files that name the run and its scenario are not copied: the point writes its own. */
static bool is_its_own(const char *name) {
    return strcmp(name, "run.json") == 0 || strcmp(name, "scenario.yaml") == 0 || strcmp(name, "stderr.txt") == 0;
}

static int copy_one(const char *path, const struct stat *info, int kind, struct FTW *place) {
    const char *name = path + strlen(copying.from);
    rw_path to = rw_path_of("%s%s", copying.to, name);
    (void)info;
    if (kind == FTW_D)
        copying.error = mkdir(to.text, 0777) == 0 || errno == EEXIST ? 0 : errno;
    else if (place->level > 1 || !is_its_own(path + place->base))
        copying.error = copy_file(path, to.text);
    return copying.error;
}

/* Everything that the baseline has left; run.json, which is copied last, shows that the copy is complete. */
static rw_err copy_baseline(const char *from, const char *to) {
    copying.from = from;
    copying.to = to;
    copying.error = 0;
    RW_CHECK(nftw(from, copy_one, 16, FTW_PHYS) == 0, RW_ERR_SYSTEM,
             "%s: the shared beginning in %s cannot be copied here: %s; %s", to, from,
             strerror(copying.error != 0 ? copying.error : errno), rw_directory_remedy(copying.error));
    int error = copy_file(rw_path_of("%s/run.json", from).text, rw_path_of("%s/run.json", to).text);
    RW_CHECK(error == 0, RW_ERR_SYSTEM, "%s/run.json: cannot be written: %s; %s", to, strerror(error),
             rw_directory_remedy(error));
    return RW_OK;
}

rw_err rw_point_prepare(const rw_sweep *sweep, rw_work work, const char *directory) {
    const rw_baseline *baseline = &sweep->baselines[work.number];
    rw_path beginning = rw_sweep_work_path(sweep, (rw_work){baseline->first, true}, "");
    bool can = false;
    RW_CHECK(mkdir(directory, 0777) == 0 || errno == EEXIST, RW_ERR_SYSTEM, "%s: cannot make this directory: %s; %s",
             directory, strerror(errno), rw_directory_remedy(errno));
    RW_TRY(wait_for_predecessor(directory));
    RW_TRY(can_go_on(directory, &can));
    if (can)
        return RW_OK;
    RW_TRY(empty(directory));
    if (work.is_baseline || baseline->step == 0 || !rw_point_has_state(beginning.text, baseline->step))
        return RW_OK;
    return copy_baseline(beginning.text, directory);
}
