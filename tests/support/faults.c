/* A library to be preloaded: it lets one call that the operating system answers fail, as it fails when memory, a disk
 * or a limit is exhausted. For tests only; tests/support/faults.py runs programs under it. It reads three variables:
 *
 *   REWIRE_FAULT        KIND:N or KIND:N+ : the N-th call of a kind fails, or also all that follow. KIND is one of the
 *                       names below. A write that fails for the first time of many writes a part, as on a full disk.
 *                       N = 0: each call fails once, in a copy of the process (fault_walk.h).
 *   REWIRE_FAULT_OWN    if set, only calls from the program itself count, not those of its libraries
 *   REWIRE_FAULT_COUNT  a file that gets one line "KIND CALLS FAILED" for every kind when the program ends
 *
 * Streams made with fopen for writing are given a cookie, so that their writes pass through here, too. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "fault_walk.h"

typedef enum { MEMORY, READ, WRITE, FSYNC, RENAME, OPEN, CLOSE, MKDIR, THREAD, N_KINDS } kind;

static const struct {
    const char *name;
    int error;
} kinds[N_KINDS] = {
    [MEMORY] = {"memory", ENOMEM}, [READ] = {"read", EIO},      [WRITE] = {"write", ENOSPC},
    [FSYNC] = {"fsync", EIO},      [RENAME] = {"rename", EIO},  [OPEN] = {"open", EMFILE},
    [CLOSE] = {"close", EIO},      [MKDIR] = {"mkdir", ENOSPC}, [THREAD] = {"thread", EAGAIN},
};

static struct {
    bool ready, own, sticky, walks;
    kind what;
    unsigned long at; /* 0: nothing fails, or a walk fails each */
    uintptr_t from, until;
} plan;

static atomic_ulong calls[N_KINDS], failed[N_KINDS];

/* ---- the plan ---- */

/* The addresses of the program itself, from its program headers. */
static void find_program(void) {
    const ElfW(Phdr) *heads = (const ElfW(Phdr) *)getauxval(AT_PHDR);
    unsigned long n = getauxval(AT_PHNUM);
    uintptr_t base = 0;
    for (unsigned long i = 0; i < n; i++)
        if (heads[i].p_type == PT_PHDR)
            base = (uintptr_t)heads - heads[i].p_vaddr;
    for (unsigned long i = 0; i < n; i++)
        if (heads[i].p_type == PT_LOAD && (heads[i].p_flags & PF_X) != 0) {
            plan.from = base + heads[i].p_vaddr;
            plan.until = plan.from + heads[i].p_memsz;
        }
}

static void read_plan(void) {
    plan.ready = true;
    find_program();
    plan.own = getenv("REWIRE_FAULT_OWN") != NULL;
    const char *text = getenv("REWIRE_FAULT"), *colon = text != NULL ? strchr(text, ':') : NULL;
    for (int k = 0; colon != NULL && k < N_KINDS; k++)
        if (strlen(kinds[k].name) == (size_t)(colon - text) &&
            strncmp(text, kinds[k].name, (size_t)(colon - text)) == 0) {
            char *end;
            plan.what = (kind)k;
            plan.at = strtoul(colon + 1, &end, 10);
            plan.sticky = *end == '+';
            plan.walks = plan.at == 0 && fault_walk_begin();
        }
}

/* What the program starts is not failed, too, by a walk. */
__attribute__((constructor)) static void keep_for_itself(void) {
    if (!plan.ready)
        read_plan();
    if (plan.walks)
        (void)unsetenv("REWIRE_FAULT");
}

/* Counts a call; whether it is to fail, with errno set. */
static bool fails(kind what, const void *caller) {
    if (fault_walk_is_busy() || environ == NULL) /* sanitizers begin before there is an environment */
        return false;
    if (!plan.ready)
        read_plan();
    if (plan.own && ((uintptr_t)caller < plan.from || (uintptr_t)caller >= plan.until))
        return false;
    unsigned long n = 1 + atomic_fetch_add(&calls[what], 1);
    if (plan.walks && what == plan.what && fault_walk_fork(n)) {
        plan.walks = false;
        plan.at = n;
    }
    if (plan.at == 0 || what != plan.what || (plan.sticky ? n < plan.at : n != plan.at))
        return false;
    (void)atomic_fetch_add(&failed[what], 1);
    errno = kinds[what].error;
    return true;
}

#define CALLER __builtin_return_address(0)

/* The function that would have been called without this library, as a pointer of the type of `name`. */
#define NEXT(name)                                                                                                     \
    static __typeof__(&name) next;                                                                                     \
    if (next == NULL) {                                                                                                \
        void *found = dlsym(RTLD_NEXT, #name);                                                                         \
        memcpy(&next, &found, sizeof next);                                                                            \
    }

/* Written with system calls alone: what the program left of its streams is not touched. */
__attribute__((destructor)) static void tell(void) {
    const char *path = getenv("REWIRE_FAULT_COUNT");
    if (path == NULL)
        return;
    int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    for (int k = 0; file >= 0 && k < N_KINDS; k++) {
        char line[100];
        int length =
            snprintf(line, sizeof line, "%s %lu %lu\n", kinds[k].name, atomic_load(&calls[k]), atomic_load(&failed[k]));
        (void)!syscall(SYS_write, file, line, (size_t)length);
    }
    if (file >= 0)
        (void)syscall(SYS_close, file);
}

/* ---- memory ---- */

void *malloc(size_t size) {
    NEXT(malloc)
    return fails(MEMORY, CALLER) ? NULL : next(size);
}

void *calloc(size_t count, size_t size) {
    NEXT(calloc)
    return fails(MEMORY, CALLER) ? NULL : next(count, size);
}

void *realloc(void *block, size_t size) {
    NEXT(realloc)
    return fails(MEMORY, CALLER) ? NULL : next(block, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
    NEXT(posix_memalign)
    return fails(MEMORY, CALLER) ? ENOMEM : next(block, alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    NEXT(aligned_alloc)
    return fails(MEMORY, CALLER) ? NULL : next(alignment, size);
}

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset) {
    if (fails(MEMORY, CALLER))
        return MAP_FAILED;
    return (void *)syscall(SYS_mmap, address, length, protection, flags, file, offset);
}

void *mremap(void *old, size_t old_length, size_t length, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    void *to = (flags & MREMAP_FIXED) != 0 ? va_arg(arguments, void *) : NULL;
    va_end(arguments);
    if (fails(MEMORY, CALLER))
        return MAP_FAILED;
    return (void *)syscall(SYS_mremap, old, old_length, length, flags, to);
}

/* ---- files; standard output and error stay as they are ---- */

/* How much of a write is done: all, a part before the disk is full, or nothing (-1). */
static ssize_t granted(int file, size_t length, const void *caller) {
    if (file <= 2 || !fails(WRITE, caller))
        return (ssize_t)length;
    return plan.sticky && atomic_load(&failed[WRITE]) == 1 && length > 1 ? (ssize_t)(length / 2) : -1;
}

ssize_t write(int file, const void *bytes, size_t length) {
    NEXT(write)
    ssize_t n = granted(file, length, CALLER);
    return n < 0 ? -1 : next(file, bytes, (size_t)n);
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t at) {
    NEXT(pwrite)
    ssize_t n = granted(file, length, CALLER);
    return n < 0 ? -1 : next(file, bytes, (size_t)n, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t at) {
    NEXT(pwrite64)
    ssize_t n = granted(file, length, CALLER);
    return n < 0 ? -1 : next(file, bytes, (size_t)n, at);
}

ssize_t read(int file, void *bytes, size_t length) {
    NEXT(read)
    return fails(READ, CALLER) ? -1 : next(file, bytes, length);
}

ssize_t pread(int file, void *bytes, size_t length, off_t at) {
    NEXT(pread)
    return fails(READ, CALLER) ? -1 : next(file, bytes, length, at);
}

ssize_t pread64(int file, void *bytes, size_t length, off64_t at) {
    NEXT(pread64)
    return fails(READ, CALLER) ? -1 : next(file, bytes, length, at);
}

int fsync(int file) {
    NEXT(fsync)
    return fails(FSYNC, CALLER) ? -1 : next(file);
}

int rename(const char *from, const char *to) {
    NEXT(rename)
    return fails(RENAME, CALLER) ? -1 : next(from, to);
}

int mkdir(const char *path, mode_t mode) {
    NEXT(mkdir)
    return fails(MKDIR, CALLER) ? -1 : next(path, mode);
}

static int open_counted(const char *path, int flags, va_list arguments, const void *caller) {
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
    if (fails(OPEN, caller))
        return -1;
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    int file = open_counted(path, flags, arguments, CALLER);
    va_end(arguments);
    return file;
}

int open64(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    int file = open_counted(path, flags, arguments, CALLER);
    va_end(arguments);
    return file;
}

/* A file that cannot be closed is closed nevertheless, as on Linux. */
int close(int file) {
    NEXT(close)
    if (!fails(CLOSE, CALLER))
        return next(file);
    (void)next(file);
    errno = kinds[CLOSE].error;
    return -1;
}

/* ---- streams ---- */

typedef struct {
    int file;
    const void *caller; /* who opened the stream stands for who writes to it */
} stream;

static ssize_t stream_write(void *cookie, const char *bytes, size_t length) {
    const stream *to = cookie;
    ssize_t n = granted(to->file, length, to->caller);
    return n < 0 ? 0 : syscall(SYS_write, to->file, bytes, (size_t)n);
}

static int stream_close(void *cookie) {
    stream *to = cookie;
    bool failing = fails(CLOSE, to->caller);
    (void)syscall(SYS_close, to->file);
    free(to);
    if (failing)
        errno = kinds[CLOSE].error;
    return failing ? -1 : 0;
}

static FILE *open_stream(const char *path, const char *mode, const void *caller) {
    static const cookie_io_functions_t functions = {.write = stream_write, .close = stream_close};
    if (fails(OPEN, caller))
        return NULL;
    int file =
        (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | (mode[0] == 'a' ? O_APPEND : O_TRUNC), 0666);
    if (file < 0)
        return NULL;
    stream *to = malloc(sizeof *to);
    FILE *opened = NULL;
    if (to != NULL) {
        *to = (stream){file, caller};
        opened = fopencookie(to, mode, functions);
    }
    if (opened == NULL) {
        free(to);
        (void)syscall(SYS_close, file);
        errno = ENOMEM;
    }
    return opened;
}

FILE *fopen(const char *path, const char *mode) {
    NEXT(fopen)
    if ((mode[0] == 'w' || mode[0] == 'a') && strchr(mode, '+') == NULL)
        return open_stream(path, mode, CALLER);
    return fails(OPEN, CALLER) ? NULL : next(path, mode);
}

FILE *fopen64(const char *path, const char *mode) {
    NEXT(fopen64)
    if ((mode[0] == 'w' || mode[0] == 'a') && strchr(mode, '+') == NULL)
        return open_stream(path, mode, CALLER);
    return fails(OPEN, CALLER) ? NULL : next(path, mode);
}

/* ---- threads ---- */

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument) {
    NEXT(pthread_create)
    return fails(THREAD, CALLER) ? EAGAIN : next(thread, attributes, run, argument);
}
