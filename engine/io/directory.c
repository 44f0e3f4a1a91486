#define _GNU_SOURCE /* nftw */
#include "io/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/count.h"
#include "base/memory.h"
#include "io/links.h"

/* Everything a run writes at the top of its directory. */
enum { FIRST_FILES = 2 };
static const char *const run_files[] = {
    "scenario.yaml",  "run.json",       "circuit_config.json", "simulation_config.json",
    "node_sets.json", "node_types.csv", "edge_types.csv",      "nodes.h5",
    "edges",          "edge_events.h5", "spikes.h5",           "reports",
    "series.h5",      "checkpoint"};

const char *rw_directory_remedy(int error) {
    switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return "free space there, or choose another directory with -o";
    case EACCES:
    case EPERM:
    case EROFS:
        return "choose a directory you may write to with -o";
    case ENOTDIR:
    case EEXIST:
        return "a file is in the way; remove it, or choose another directory with -o";
    case EMFILE:
    case ENFILE:
        return "close other programs, or raise the limit on open files (ulimit -n)";
    default:
        return "check the disk, or choose another directory with -o";
    }
}

static rw_err fail_errno(const char *action, const char *path) {
    int error = errno;
    return rw_fail(RW_ERR_SYSTEM, "%s: %s: %s; %s", path, action, strerror(error), rw_directory_remedy(error));
}

/* Brings the new name of a file to the disk. Some file systems cannot do this for directories; that is no error. */
static rw_err sync_parent(const char *path) {
    rw_path parent = rw_path_of("%s", path);
    *strrchr(parent.text, '/') = '\0';
    int file = open(parent.text, O_RDONLY | O_DIRECTORY);
    if (file < 0)
        return fail_errno("cannot open this directory", parent.text);
    bool synced = fsync(file) == 0 || errno == EINVAL;
    rw_err err = synced ? RW_OK : fail_errno("cannot bring this directory to the disk", parent.text);
    if (close(file) != 0 && err == RW_OK)
        err = fail_errno("cannot close this directory", parent.text);
    return err;
}

/* Makes a directory and all its parents. */
static rw_err make_directories(const char *path) {
    rw_path built = rw_path_of("%s", path);
    for (char *slash = built.text + 1; (slash = strchr(slash, '/')) != NULL; *slash++ = '/') {
        *slash = '\0';
        if (mkdir(built.text, 0777) != 0 && errno != EEXIST)
            return fail_errno("cannot make this directory", built.text);
    }
    struct stat info;
    if (mkdir(path, 0777) != 0 && (errno != EEXIST || stat(path, &info) != 0 || !S_ISDIR(info.st_mode)))
        return fail_errno("cannot make this directory", path);
    if (access(path, W_OK | X_OK) != 0)
        return fail_errno("cannot write in this directory", path);
    return RW_OK;
}

/* Looks for what a run has left; a run to resume may have been killed between its first files. */
static rw_err check_unused(const char *path, bool resume) {
    static const char *const suffixes[] = {"", ".part"};
    for (size_t i = resume ? FIRST_FILES : 0; i < RW_COUNT(run_files); i++)
        for (size_t j = 0; j < 2; j++)
            if (faccessat(AT_FDCWD, rw_path_of("%s/%s%s", path, run_files[i], suffixes[j]).text, F_OK,
                          AT_SYMLINK_NOFOLLOW) == 0)
                return rw_fail(
                    RW_ERR_INPUT,
                    "%s: this directory holds another run (there is %s%s in it); remove it, or choose another "
                    "directory with -o",
                    path, run_files[i], suffixes[j]);
    return RW_OK;
}

static rw_err keep_path(rw_directory *directory, const char *path) {
    size_t length = strlen(path);
    RW_TRY(RW_NEW(directory->path, length + 1, "path of the result directory"));
    memcpy(directory->path, path, length + 1);
    return RW_OK;
}

/* Two processes that write to one directory would destroy each other's files. File systems without locks are trusted.
 */
static rw_err lock_directory(rw_directory *directory) {
    directory->lock = open(directory->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory->lock < 0)
        return fail_errno("cannot open this directory", directory->path);
    RW_CHECK(flock(directory->lock, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK, RW_ERR_INPUT,
             "%s: another rewire is writing to this directory; wait for its end, or choose another directory with -o",
             directory->path);
    return RW_OK;
}

static rw_err open_directory(rw_directory *directory, const char *path, bool resume, bool *holds_run) {
    *directory = (rw_directory){.lock = -1};
    RW_CHECK(path[0] != '\0', RW_ERR_INPUT, "the name of the result directory is empty; give one with -o");
    RW_CHECK(strlen(path) < PATH_MAX - 1024, RW_ERR_INPUT, "%s: this path is too long; choose a shorter one with -o",
             path);
    RW_TRY(make_directories(path));
    *holds_run = access(rw_path_of("%s/run.json", path).text, F_OK) == 0;
    if (!resume || !*holds_run)
        RW_TRY(check_unused(path, resume));
    if (resume)
        RW_TRY(rw_links_refuse(path, RW_LINKS_ANY_DEPTH));
    RW_TRY(keep_path(directory, path));
    rw_err err = lock_directory(directory);
    if (err != RW_OK)
        rw_directory_close(directory);
    return err;
}

rw_err rw_directory_open(rw_directory *directory, const char *path) {
    bool holds_run;
    return open_directory(directory, path, false, &holds_run);
}

rw_err rw_directory_resume(rw_directory *directory, const char *path, bool *holds_run) {
    return open_directory(directory, path, true, holds_run);
}

rw_err rw_directory_reopen(rw_directory *directory, const char *path) {
    *directory = (rw_directory){.lock = -1};
    if (access(path, W_OK | X_OK) != 0)
        return fail_errno("cannot write in this directory", path);
    return keep_path(directory, path);
}

rw_err rw_directory_open_derived(rw_directory *directory, const char *path) {
    *directory = (rw_directory){.lock = -1};
    RW_TRY(make_directories(path));
    RW_TRY(rw_links_refuse(path, RW_LINKS_ANY_DEPTH));
    return keep_path(directory, path);
}

rw_err rw_directory_open_non_writing(rw_directory *directory, const char *path) {
    *directory = (rw_directory){.lock = -1, .non_writing = true};
    return keep_path(directory, path);
}

void rw_directory_close(rw_directory *directory) {
    for (size_t i = 0; i < directory->n_files; i++)
        rw_free(directory->files[i].name);
    rw_free(directory->files);
    if (directory->path != NULL && directory->lock >= 0)
        (void)close(directory->lock); /* holds nothing that could be lost */
    rw_free(directory->path);
    *directory = (rw_directory){.lock = -1};
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *place) {
    (void)info;
    (void)kind;
    (void)place;
    return remove(path);
}

static bool remove_tree(const char *path) {
    struct stat info;
    return (lstat(path, &info) != 0 && errno == ENOENT) || nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0;
}

rw_err rw_remove_tree(const char *path) {
    RW_CHECK(remove_tree(path), RW_ERR_SYSTEM, "%s: cannot be removed: %s; check its permissions", path,
             strerror(errno));
    return RW_OK;
}

void rw_directory_discard(rw_directory *directory) {
    for (size_t i = 0; !directory->non_writing && i < RW_COUNT(run_files); i++) {
        (void)remove_tree(rw_path_of("%s/%s", directory->path, run_files[i]).text); /* what stays can be seen */
        (void)unlink(rw_path_of("%s/%s.part", directory->path, run_files[i]).text);
    }
    if (!directory->non_writing)
        (void)rmdir(directory->path); /* unless it holds what is not ours */
    rw_directory_close(directory);
}

rw_err rw_directory_make(const rw_directory *directory, const char *name) {
    rw_path path = rw_path_of("%s/%s", directory->path, name);
    if (directory->non_writing)
        return RW_OK;
    if (mkdir(path.text, 0777) == 0)
        return sync_parent(path.text);
    return errno == EEXIST ? RW_OK : fail_errno("cannot make this directory", path.text);
}

rw_path rw_directory_part(const rw_directory *directory, const char *name) {
    return rw_path_of("%s/%s.part", directory->path, name);
}

/* Sums the file and waits until the disk has it. */
static rw_err sum_and_sync(const char *path, rw_file_record *record) {
    int file = open(path, O_RDONLY);
    if (file < 0)
        return fail_errno("cannot read back what was written", path);
    rw_err err = rw_sha256_file(file, path, record->sha256, &record->bytes);
    if (err == RW_OK && fsync(file) != 0)
        err = fail_errno("cannot bring this file to the disk", path);
    if (close(file) != 0 && err == RW_OK)
        err = fail_errno("cannot close this file", path);
    return err;
}

static rw_err keep_record(rw_directory *directory, const char *name, const rw_file_record *record) {
    for (size_t i = 0; i < directory->n_files; i++)
        if (strcmp(directory->files[i].name, name) == 0) {
            directory->files[i].bytes = record->bytes;
            memcpy(directory->files[i].sha256, record->sha256, sizeof record->sha256);
            return RW_OK;
        }
    size_t n = directory->n_files;
    if ((n & (n - 1)) == 0) /* capacity for 1, 2, 4, 8, ... files */
        RW_TRY(RW_GROW(directory->files, n, n == 0 ? 1 : 2 * n, "list of result files"));
    rw_file_record *added = &directory->files[n];
    *added = *record;
    size_t length = strlen(name);
    RW_TRY(RW_NEW(added->name, length + 1, "list of result files"));
    memcpy(added->name, name, length + 1);
    directory->n_files = n + 1;
    return RW_OK;
}

rw_err rw_directory_commit(rw_directory *directory, const char *name) {
    rw_path part = rw_directory_part(directory, name);
    rw_file_record record = {0};
    if (directory->non_writing)
        return keep_record(directory, name, &record);
    RW_TRY(sum_and_sync(part.text, &record));
    RW_TRY(keep_record(directory, name, &record));
    return rw_directory_publish(directory, name);
}

rw_err rw_directory_publish(const rw_directory *directory, const char *name) {
    rw_path part = rw_directory_part(directory, name);
    rw_path final = rw_path_of("%s/%s", directory->path, name);
    if (rename(part.text, final.text) != 0)
        return fail_errno("cannot give this file its final name", part.text);
    return sync_parent(final.text);
}

rw_err rw_directory_check_file(const char *path, const rw_file_record *record) {
    struct stat info;
    rw_file_record found = {0};
    RW_CHECK(stat(path, &info) == 0, RW_ERR_INPUT, "%s is missing", path);
    RW_CHECK((uint64_t)info.st_size == record->bytes, RW_ERR_INPUT, "%s has another length than it was written with",
             path);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return fail_errno("cannot open this file", path);
    rw_err err = rw_sha256_file(file, path, found.sha256, NULL);
    (void)close(file); /* was only read */
    RW_TRY(err);
    RW_CHECK(strcmp(found.sha256, record->sha256) == 0, RW_ERR_INPUT, "%s is damaged", path);
    return RW_OK;
}

rw_err rw_directory_adopt(rw_directory *directory, const char *name, const rw_file_record *record) {
    if (directory->non_writing)
        return keep_record(directory, name, record);
    struct stat info;
    rw_path path = rw_path_of("%s/%s", directory->path, name);
    RW_CHECK(stat(path.text, &info) == 0 && (uint64_t)info.st_size == record->bytes, RW_ERR_INPUT,
             "%s: the run had written this file, but it is missing or was changed, so the run cannot be resumed; start "
             "it again, in another directory",
             path.text);
    return keep_record(directory, name, record);
}

const rw_file_record *rw_directory_find(const rw_directory *directory, const char *name) {
    for (size_t i = 0; i < directory->n_files; i++)
        if (strcmp(directory->files[i].name, name) == 0)
            return &directory->files[i];
    return NULL;
}

rw_err rw_directory_open_text(const rw_directory *directory, const char *name, FILE **file) {
    rw_path part = directory->non_writing ? rw_path_of("/dev/null") : rw_directory_part(directory, name);
    *file = fopen(part.text, "w");
    return *file != NULL ? RW_OK : fail_errno("cannot make this file", part.text);
}

rw_err rw_directory_commit_text(rw_directory *directory, const char *name, FILE *file) {
    rw_path part = rw_directory_part(directory, name);
    rw_err err = RW_OK;
    errno = EIO; /* for a write that failed earlier */
    if (fflush(file) != 0 || ferror(file))
        err = fail_errno("cannot write this file", part.text);
    if (fclose(file) != 0 && err == RW_OK)
        err = fail_errno("cannot write this file", part.text);
    if (err == RW_OK)
        err = rw_directory_commit(directory, name);
    if (err != RW_OK && !directory->non_writing)
        (void)unlink(part.text); /* the failure is already on its way up */
    return err;
}
