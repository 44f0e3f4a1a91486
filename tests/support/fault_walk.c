#define _GNU_SOURCE
#include "fault_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <unwind.h>

enum { DEPTH = 64, STACKS = 1 << 17, MESSAGES = 1 << 14, NO_BOX = 99, LONGEST = 4000 };

static struct {
    bool busy, by_stack;
    const char *box;
    int log, said; /* files: of the results; the standard error of the present copy */
    double limit_s;
} walk;

bool fault_walk_is_busy(void) {
    return walk.busy;
}

bool fault_walk_begin(void) {
    const char *log = getenv("REWIRE_FAULT_LOG");
    if (log == NULL)
        return false;
    walk.busy = true;
    walk.box = getenv("REWIRE_FAULT_BOX");
    walk.by_stack = getenv("REWIRE_FAULT_STACKS") != NULL;
    const char *limit_s = getenv("REWIRE_FAULT_LIMIT_S");
    walk.limit_s = limit_s != NULL ? strtod(limit_s, NULL) : 0;
    walk.log = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    walk.said = memfd_create("said", MFD_CLOEXEC);
    if (walk.box == NULL || walk.log < 0 || walk.said < 0 || walk.limit_s <= 0)
        _exit(NO_BOX);
    walk.busy = false;
    return true;
}

/* ---- call stacks ---- */

typedef struct {
    uint64_t hash;
    int depth;
} stack;

static _Unwind_Reason_Code add_frame(struct _Unwind_Context *context, void *self) {
    stack *of = self;
    of->hash = (of->hash ^ (uint64_t)_Unwind_GetIP(context)) * 0x9e3779b97f4a7c15u;
    of->hash ^= of->hash >> 29;
    return ++of->depth < DEPTH ? _URC_NO_REASON : _URC_END_OF_STACK;
}

static uint64_t hash_stack(void) {
    stack here = {1, 0};
    (void)_Unwind_Backtrace(add_frame, &here);
    return here.hash;
}

/* How often this stack was seen, this time included; a full table takes all further ones for new. */
static unsigned long count_stack(uint64_t hash) {
    static struct {
        uint64_t hash;
        unsigned long n;
    } seen[STACKS];
    for (uint64_t k = 0; k < 1000; k++) {
        uint64_t at = (hash + k) % STACKS;
        if (seen[at].n == 0 || seen[at].hash == hash) {
            seen[at].hash = hash;
            return ++seen[at].n;
        }
    }
    return 1;
}

static bool is_power_of_four(unsigned long n) {
    return (n & (n - 1)) == 0 && (n & 0x5555555555555555u) != 0;
}

/* ---- the copy's world ---- */

static char copy[PATH_MAX];

static int copy_file(const char *path, const char *to) {
    int source = open(path, O_RDONLY | O_CLOEXEC), target = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    ssize_t n = source >= 0 && target >= 0 ? 1 : -1;
    while (n > 0)
        n = sendfile(target, source, NULL, 1 << 30);
    (void)close(source);
    (void)close(target);
    return n < 0 ? -1 : 0;
}

static int copy_one(const char *path, const struct stat *info, int kind, struct FTW *place) {
    char to[PATH_MAX + LONGEST];
    (void)info, (void)place;
    (void)snprintf(to, sizeof to, "%s%s", copy, path + strlen(walk.box));
    return kind == FTW_D ? mkdir(to, 0777) : copy_file(path, to);
}

/* Files of the box that are open become those of the copy, at the same place. */
static void reopen_files(void) {
    for (int file = 3; file < 256; file++) {
        char path[PATH_MAX], link[40];
        (void)snprintf(link, sizeof link, "/proc/self/fd/%d", file);
        ssize_t n = readlink(link, path, sizeof path - 1);
        if (n <= 0)
            continue;
        path[n] = '\0';
        size_t length = strlen(walk.box);
        if (strncmp(path, walk.box, length) != 0 || path[length] != '/')
            continue;
        int other = open(path, fcntl(file, F_GETFL) & (O_ACCMODE | O_APPEND | O_DIRECTORY));
        if (other < 0)
            continue; /* it was removed */
        (void)lseek(other, lseek(file, 0, SEEK_CUR), SEEK_SET);
        (void)dup3(other, file, (fcntl(file, F_GETFD) & FD_CLOEXEC) != 0 ? O_CLOEXEC : 0);
        (void)close(other);
    }
}

/* From here on this process sees its own copy of the box in the place of the box. */
static void enter_copy(void) {
    if (nftw(walk.box, copy_one, 16, FTW_PHYS) != 0 || unshare(CLONE_NEWNS) != 0 ||
        mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 || mount(copy, walk.box, NULL, MS_BIND, NULL) != 0)
        _exit(NO_BOX);
    reopen_files();
    (void)dup2(walk.said, 2);
}

/* ---- the process that goes on ---- */

static int wait_for(pid_t child) {
    const struct timespec pause = {.tv_nsec = 200000};
    struct timespec began, now;
    int status = 0;
    (void)clock_gettime(CLOCK_MONOTONIC, &began);
    for (;;) {
        if (waitpid(child, &status, WNOHANG) == child)
            return status;
        (void)clock_gettime(CLOCK_MONOTONIC, &now);
        if ((double)(now.tv_sec - began.tv_sec) > walk.limit_s) {
            (void)kill(child, SIGKILL); /* status SIGKILL: it hung */
            (void)waitpid(child, &status, 0);
            return status;
        }
        (void)nanosleep(&pause, NULL);
    }
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *place) {
    (void)info, (void)kind, (void)place;
    return remove(path);
}

static void note(unsigned long n, uint64_t hash, unsigned long occurrence, int status, bool kept) {
    static char text[MESSAGES + 200];
    char said[MESSAGES];
    ssize_t length = pread(walk.said, said, sizeof said, 0);
    length = length < 0 ? 0 : length;
    int head = snprintf(text, sizeof text, "%lu %016lx %lu %d %d %zd\n", n, (unsigned long)hash, occurrence, status,
                        kept, length);
    memcpy(text + head, said, (size_t)length);
    text[head + length] = '\n';
    (void)!write(walk.log, text, (size_t)head + (size_t)length + 1);
}

/* A copy has none of this process's children, so it cannot wait for them. */
static bool has_children(void) {
    siginfo_t info;
    return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

bool fault_walk_fork(unsigned long n) {
    if (has_children())
        return false; /* the log has a gap there */
    int error = errno;
    walk.busy = true;
    uint64_t hash = hash_stack();
    unsigned long occurrence = count_stack(hash);
    if (!walk.by_stack || is_power_of_four(occurrence)) {
        (void)snprintf(copy, sizeof copy, "%s.%lu", walk.box, n);
        (void)!ftruncate(walk.said, 0);
        (void)lseek(walk.said, 0, SEEK_SET);
        pid_t child = fork();
        if (child == 0) {
            (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* who ends the process that goes on ends its copy, too */
            enter_copy();
            walk.busy = false;
            return true;
        }
        int status = child < 0 ? NO_BOX << 8 : wait_for(child);
        bool kept = occurrence == 1;
        note(n, hash, occurrence, status, kept);
        if (!kept)
            (void)nftw(copy, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    }
    walk.busy = false;
    errno = error;
    return false;
}
