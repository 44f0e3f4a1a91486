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
    unsigned long long started; /* when, in the system's ticks; another process may get the pid later; 0: unknown */
} holder;

/* When a process started, by field 22 of its stat in /proc; 0 if there is none, or if it has ended and only waits for
 * its parent to notice, which may never happen in a container. *known is false where there is no /proc. */
static unsigned long long start_of(long pid, bool *known) {
    char text[1024] = "";
    FILE *file = fopen(rw_path_of("/proc/%ld/stat", pid).text, "r");
    *known = file != NULL || access("/proc/self/stat", R_OK) == 0;
    if (file == NULL)
        return 0;
    size_t length = fread(text, 1, sizeof text - 1, file);
    (void)fclose(file); /* was only read */
    text[length] = '\0';
    char state = 'Z', *name_end = strrchr(text, ')'); /* the name may contain anything */
    unsigned long long started = 0;
    /* NOLINTBEGIN(cert-err34-c): the kernel writes it */
    if (name_end == NULL ||
        sscanf(name_end + 1, " %c%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s %llu", &state, &started) != 2)
        return 0;
    /* NOLINTEND(cert-err34-c) */
    return state == 'Z' || state == 'X' ? 0 : started;
}

static bool read_note(const char *path, holder *who) {
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return false;
    who->started = 0;
    /* a number that is too long belongs to no process */
    bool read = fscanf(file, "%ld %255s %llu", &who->pid, who->host, &who->started) >= 2; /* NOLINT(cert-err34-c) */
    (void)fclose(file);
    return read;
}

static bool is_gone(const holder *who) {
    char host[256];
    own_host(host);
    if (who->pid == 0)
        return true;
    if (strcmp(host, who->host) != 0)
        return false;
    bool known;
    unsigned long long started = start_of(who->pid, &known);
    if (known)
        return started == 0 || (who->started != 0 && started != who->started);
    return kill((pid_t)who->pid, 0) != 0 && errno == ESRCH;
}

/* A note without content belongs to a worker that was killed before it wrote it, unless it is quite new. */
static bool is_abandoned(const char *note, const struct stat *info) {
    holder who;
    time_t age = time(NULL) - info->st_mtime;
    return age > RW_CLAIM_DEAD_S || (read_note(note, &who) ? is_gone(&who) : age > RW_CLAIM_TOUCH_S);
}

bool rw_claim_is_dead(const char *directory) {
    struct stat info;
    rw_path note = note_path(directory);
    if (stat(note.text, &info) !=
        0) /* the directory exists without a note: not yet written, or the worker was killed in between */
        return stat(directory, &info) == 0 && time(NULL) - info.st_mtime > RW_CLAIM_TOUCH_S;
    return is_abandoned(note.text, &info);
}

void rw_claim_touch(const char *directory) {
    (void)utimensat(AT_FDCWD, note_path(directory).text, NULL, 0);
}

void rw_claim_release(const char *directory) {
    rw_path note = note_path(directory), released = rw_path_of("%s.released", note.text);
    (void)unlink(released.text); /* of a worker that was killed, or a link to what is not ours */
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
    struct stat info;
    if (access(note.text, F_OK) != 0)
        return true; /* killed before it wrote its note */
    if (rename(note.text, taken.text) != 0)
        return false;
    bool dead = stat(taken.text, &info) == 0 && is_abandoned(taken.text, &info);
    if (!dead && rename(taken.text, note.text) == 0)
        return false;
    (void)unlink(taken.text); /* a superfluous note does no harm */
    return dead;
}

/* Writes a note of this process, unless another has written one in the meantime. */
static rw_err write_note(const char *directory, bool *claimed) {
    char host[256];
    bool known;
    rw_path note = note_path(directory);
    own_host(host);
    rw_path text =
        rw_path_of("%ld %s %llu\n", (long)getpid(), host[0] != '\0' ? host : "?", start_of(getpid(), &known));
    int file = open(note.text, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    *claimed = file >= 0;
    if (file < 0 && (errno == EEXIST || errno == ENOENT)) /* another worker was faster, and may have finished already */
        return RW_OK;
    ssize_t length = (ssize_t)strlen(text.text);
    bool written = file >= 0 && write(file, text.text, (size_t)length) == length;
    int error = errno;
    if (file >= 0)
        written = close(file) == 0 && written;
    if (*claimed && !written) { /* an empty note, or a directory without one, would hold the point for a while */
        (void)unlink(note.text);
        (void)rmdir(directory); /* stays if there is work in it */
    }
    RW_CHECK(written, RW_ERR_SYSTEM, "%s: cannot be written: %s; %s", note.text, strerror(error),
             rw_directory_remedy(error));
    return RW_OK;
}

rw_err rw_claim_acquire(const char *directory, bool *claimed) {
    *claimed = false;
    if (mkdir(directory, 0777) != 0) {
        RW_CHECK(errno == EEXIST, RW_ERR_SYSTEM, "%s: cannot make this directory: %s; %s", directory, strerror(errno),
                 rw_directory_remedy(errno));
        if (!rw_claim_is_dead(directory) || !remove_note(directory))
            return RW_OK;
    }
    return write_note(directory, claimed);
}
