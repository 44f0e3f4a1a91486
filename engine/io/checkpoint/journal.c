#include "io/checkpoint/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/memory.h"
#include "io/directory.h"

enum { CAPACITY = 64 * 1024 };

struct rw_journal {
    int file;
    uint64_t length; /* of what counts, in the file or waiting */
    rw_path path;
    size_t n_waiting;
    char waiting[CAPACITY]; /* the last records, not yet in the file: rows are small and numerous */
};

/* In front of each record. */
typedef struct {
    uint32_t dataset;
    uint32_t crc; /* of the bytes behind, begun with the dataset and their number */
    uint64_t n;
} record_head;

static uint32_t crc_of(uint32_t dataset, const void *bytes, size_t n) {
    const uint64_t begin[2] = {dataset, n};
    uLong crc = crc32_z(0, (const unsigned char *)begin, sizeof begin);
    return (uint32_t)(n > 0 ? crc32_z(crc, bytes, n) : crc); /* of NULL it would be another one */
}

static rw_err fail(const rw_journal *journal, const char *action) {
    return rw_fail(RW_ERR_SYSTEM, "%s: cannot %s: %s; %s", journal->path.text, action, strerror(errno),
                   rw_directory_remedy(errno));
}

rw_path rw_journal_path(const char *directory, const char *file) {
    rw_path name = rw_path_of("%s", file);
    for (char *c = name.text; *c != '\0'; c++)
        if (*c == '/')
            *c = '.';
    return rw_path_of("%s/checkpoint/%s.rows", directory, name.text);
}

static rw_err open_file(rw_journal **journal, const char *path, int flags, const char *action) {
    *journal = NULL;
    rw_journal *made;
    RW_TRY(RW_NEW(made, 1, "journal"));
    made->path = rw_path_of("%s", path);
    made->file = open(path, flags | O_CLOEXEC, 0666);
    if (made->file < 0) {
        rw_err err = fail(made, action);
        rw_free(made);
        return err;
    }
    *journal = made;
    return RW_OK;
}

rw_err rw_journal_open(rw_journal **journal, const char *path, bool replay) {
    return open_file(journal, path, O_RDWR | O_CREAT | (replay ? 0 : O_TRUNC), "make this file");
}

void rw_journal_close(rw_journal **journal) {
    if (*journal == NULL)
        return;
    (void)close((*journal)->file); /* what counts was brought to the disk before */
    rw_free(*journal);
    *journal = NULL;
}

static rw_err write_all(rw_journal *journal, const char *bytes, size_t n, uint64_t place) {
    while (n > 0) {
        ssize_t written = pwrite(journal->file, bytes, n, (off_t)place);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return fail(journal, "write this file");
        bytes += written;
        n -= (size_t)written;
        place += (uint64_t)written;
    }
    return RW_OK;
}

static rw_err write_waiting(rw_journal *journal) {
    size_t n = journal->n_waiting;
    journal->n_waiting = 0;
    return write_all(journal, journal->waiting, n, journal->length - n);
}

static rw_err append(rw_journal *journal, const void *bytes, size_t n) {
    if (n > CAPACITY - journal->n_waiting)
        RW_TRY(write_waiting(journal));
    if (n > CAPACITY) {
        RW_TRY(write_all(journal, bytes, n, journal->length));
    } else {
        memcpy(journal->waiting + journal->n_waiting, bytes, n);
        journal->n_waiting += n;
    }
    journal->length += n;
    return RW_OK;
}

rw_err rw_journal_append(rw_journal *journal, uint32_t dataset, const void *bytes, size_t n) {
    const record_head head = {.dataset = dataset, .crc = crc_of(dataset, bytes, n), .n = n};
    RW_TRY(append(journal, &head, sizeof head));
    return append(journal, bytes, n);
}

rw_err rw_journal_sync(rw_journal *journal, uint64_t *length) {
    RW_TRY(write_waiting(journal));
    if (fsync(journal->file) != 0)
        return fail(journal, "bring this file to the disk");
    *length = journal->length;
    return RW_OK;
}

static rw_err damaged(const rw_journal *journal) {
    return rw_fail(RW_ERR_INPUT, "%s is damaged at byte %" PRIu64, journal->path.text, journal->length);
}

static rw_err read_all(rw_journal *journal, void *bytes, size_t n) {
    char *next = bytes;
    while (n > 0) {
        ssize_t got = pread(journal->file, next, n, (off_t)journal->length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(journal, "read this file");
        if (got == 0)
            return damaged(journal);
        next += got;
        n -= (size_t)got;
        journal->length += (uint64_t)got;
    }
    return RW_OK;
}

static rw_err replay_records(rw_journal *journal, uint64_t length,
                             rw_err (*take)(void *self, uint32_t dataset, const void *bytes, size_t n), void *self,
                             char **buffer) {
    size_t size = 0;
    while (journal->length < length) {
        record_head head;
        if (length - journal->length < sizeof head)
            return damaged(journal);
        RW_TRY(read_all(journal, &head, sizeof head));
        if (head.n > length - journal->length)
            return damaged(journal);
        if (head.n > size) {
            RW_TRY(RW_GROW(*buffer, size, (size_t)head.n, "journal"));
            size = (size_t)head.n;
        }
        RW_TRY(read_all(journal, *buffer, (size_t)head.n));
        if (crc_of(head.dataset, *buffer, (size_t)head.n) != head.crc)
            return damaged(journal);
        if (take != NULL)
            RW_TRY(take(self, head.dataset, *buffer, (size_t)head.n));
    }
    return journal->length == length ? RW_OK : damaged(journal);
}

static rw_err read_whole(rw_journal *journal, uint64_t length,
                         rw_err (*take)(void *self, uint32_t dataset, const void *bytes, size_t n), void *self) {
    struct stat info;
    char *buffer = NULL;
    if (fstat(journal->file, &info) != 0)
        return fail(journal, "read this file");
    RW_CHECK((uint64_t)info.st_size >= length, RW_ERR_INPUT, "%s has lost its end", journal->path.text);
    rw_err err = replay_records(journal, length, take, self, &buffer);
    rw_free(buffer);
    return err;
}

rw_err rw_journal_replay(rw_journal *journal, uint64_t length,
                         rw_err (*take)(void *self, uint32_t dataset, const void *bytes, size_t n), void *self) {
    RW_TRY(read_whole(journal, length, take, self));
    return ftruncate(journal->file, (off_t)length) == 0 ? RW_OK : fail(journal, "shorten this file");
}

rw_err rw_journal_check(const char *path, uint64_t length) {
    rw_journal *journal;
    RW_CHECK(length == 0 || access(path, F_OK) == 0, RW_ERR_INPUT, "%s is missing", path);
    if (length == 0)
        return RW_OK;
    RW_TRY(open_file(&journal, path, O_RDONLY, "open this file"));
    rw_err err = read_whole(journal, length, NULL, NULL);
    rw_journal_close(&journal);
    return err;
}
