#include "study/sweep/claim.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "io/directory.h"

static rw_path note_path(const char *directory) {
    return rw_path_of("%s/" RW_CLAIM_NOTE, directory);
}

static void own_host(char host[256]) {
    memset(host, 0, 256);
    if (gethostname(host, 255) != 0)
        host[0] = '\0';
}

/* Who holds a claim. */
typedef struct {
    long pid; /* 0: released */
    char host[256];
} holder;

static bool read_note(const char *path, holder *who) {
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return false;
    /* a number that is too long belongs to no process */
    bool read = fscanf(file, "%ld %255s", &who->pid, who->host) == 2; /* NOLINT(cert-err34-c) */
    (void)fclose(file);
    return read;
}

static bool is_gone(const holder *who) {
    char host[256];
    own_host(host);
    return who->pid == 0 || (strcmp(host, who->host) == 0 && kill((pid_t)who->pid, 0) != 0 && errno == ESRCH);
}

bool rw_claim_is_dead(const char *directory) {
    struct stat info;
    holder who;
    rw_path note = note_path(directory);
    if (stat(note.text, &info) !=
        0) /* the directory exists without a note: not yet written, or the worker was killed in between */
        return stat(directory, &info) == 0 && time(NULL) - info.st_mtime > RW_CLAIM_TOUCH_S;
    return time(NULL) - info.st_mtime > RW_CLAIM_DEAD_S || (read_note(note.text, &who) && is_gone(&who));
}

void rw_claim_touch(const char *directory) {
    (void)utimensat(AT_FDCWD, note_path(directory).text, NULL, 0);
}

void rw_claim_release(const char *directory) {
    rw_path note = note_path(directory), released = rw_path_of("%s.released", note.text);
    FILE *file = fopen(released.text, "w");
    bool written = file != NULL && fputs("0 nobody\n", file) >= 0;
    if (file != NULL)
        written = fclose(file) == 0 && written;
    if (!written || rename(released.text, note.text) != 0)
        (void)unlink(released.text); /* this process will end soon, which releases the claim as well */
}

/* Removes the note of a dead worker: of several workers that try, rename lets one succeed. If the removed note belongs
 * to a worker that claimed in between, it is put back. */
static bool remove_note(const char *directory) {
    rw_path note = note_path(directory), taken = rw_path_of("%s.taken.%ld", note.text, (long)getpid());
    holder who;
    struct stat info;
    if (access(note.text, F_OK) != 0)
        return true; /* killed before it wrote its note */
    if (rename(note.text, taken.text) != 0)
        return false;
    bool dead = stat(taken.text, &info) == 0 &&
                (time(NULL) - info.st_mtime > RW_CLAIM_DEAD_S || !read_note(taken.text, &who) || is_gone(&who));
    if (!dead && rename(taken.text, note.text) == 0)
        return false;
    (void)unlink(taken.text); /* a superfluous note does no harm */
    return dead;
}

/* Writes a note of this process, unless another has written one in the meantime. */
static rw_err write_note(const char *directory, bool *claimed) {
    char host[256];
    rw_path note = note_path(directory);
    own_host(host);
    int file = open(note.text, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    *claimed = file >= 0;
    if (file < 0 && (errno == EEXIST || errno == ENOENT)) /* another worker was faster, and may have finished already */
        return RW_OK;
    bool written = file >= 0 && dprintf(file, "%ld %s\n", (long)getpid(), host[0] != '\0' ? host : "?") > 0;
    int error = errno;
    if (file >= 0)
        written = close(file) == 0 && written;
    RW_CHECK(written, RW_ERR_SYSTEM, "%s: cannot be written: %s; check the disk", note.text, strerror(error));
    return RW_OK;
}

rw_err rw_claim_acquire(const char *directory, bool *claimed) {
    *claimed = false;
    if (mkdir(directory, 0777) != 0) {
        RW_CHECK(errno == EEXIST, RW_ERR_SYSTEM, "%s: cannot make this directory: %s; check the disk", directory,
                 strerror(errno));
        if (!rw_claim_is_dead(directory) || !remove_note(directory))
            return RW_OK;
    }
    return write_note(directory, claimed);
}
