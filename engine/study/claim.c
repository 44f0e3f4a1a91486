#define _GNU_SOURCE /* nftw */
#include "study/claim.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "io/directory.h"

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *place) {
    (void)info;
    (void)kind;
    (void)place;
    return remove(path);
}

rw_err rw_remove_tree(const char *directory) {
    struct stat info;
    if (lstat(directory, &info) != 0 && errno == ENOENT)
        return RW_OK;
    RW_CHECK(nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0, RW_ERR_SYSTEM,
             "%s: cannot be removed: %s; check its permissions", directory, strerror(errno));
    return RW_OK;
}

static rw_path note_path(const char *directory) {
    return rw_path_of("%s/claim", directory);
}

static void own_host(char host[256]) {
    memset(host, 0, 256);
    if (gethostname(host, 255) != 0)
        host[0] = '\0';
}

bool rw_claim_is_dead(const char *directory) {
    struct stat info;
    char host[256], claimed_by[256] = "";
    long pid = 0;
    rw_path note = note_path(directory);
    if (stat(note.text, &info) != 0) /* made and not noted yet, or killed in between */
        return stat(directory, &info) == 0 && time(NULL) - info.st_mtime > RW_CLAIM_TOUCH_S;
    if (time(NULL) - info.st_mtime > RW_CLAIM_DEAD_S)
        return true;
    FILE *file = fopen(note.text, "r");
    if (file == NULL)
        return false;
    bool read = fscanf(file, "%ld %255s", &pid, claimed_by) == 2; /* NOLINT: a number that does not fit kills nobody */
    (void)fclose(file);
    own_host(host);
    return read && strcmp(host, claimed_by) == 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

void rw_claim_touch(const char *directory) {
    (void)utimensat(AT_FDCWD, note_path(directory).text, NULL, 0);
}

/* Moves a dead claim out of the way: of several workers that try, rename lets one succeed. */
static rw_err bury(const char *directory) {
    rw_path grave = rw_path_of("%s.dead.%ld", directory, (long)getpid());
    if (!rw_claim_is_dead(directory) || rename(directory, grave.text) != 0)
        return RW_OK;
    return rw_remove_tree(grave.text);
}

static rw_err write_note(const char *directory) {
    char host[256];
    rw_path note = note_path(directory);
    own_host(host);
    FILE *file = fopen(note.text, "w");
    bool written = file != NULL && fprintf(file, "%ld %s\n", (long)getpid(), host[0] != '\0' ? host : "?") > 0;
    if (file != NULL)
        written = fclose(file) == 0 && written;
    RW_CHECK(written, RW_ERR_SYSTEM, "%s: cannot be written: %s; check the disk", note.text, strerror(errno));
    return RW_OK;
}

rw_err rw_claim_take(const char *directory, bool *claimed) {
    *claimed = false;
    RW_TRY(bury(directory));
    if (mkdir(directory, 0777) != 0) {
        RW_CHECK(errno == EEXIST, RW_ERR_SYSTEM, "%s: cannot make this directory: %s; check the disk", directory,
                 strerror(errno));
        return RW_OK;
    }
    *claimed = true;
    return write_note(directory);
}
