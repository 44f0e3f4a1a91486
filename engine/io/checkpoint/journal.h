/* A journal: the rows of a result file's growing datasets, appended to a plain file as they come.
 *
 * A killed run leaves its HDF5 files in any state, but a file to which data is only appended is complete up to the
 * length that it had when it was last written to the disk (fsync). A checkpoint keeps that length. Resuming, the
 * journal is cut there and its rows are written once more, into new files. It costs the disk the rows a second time
 * while the run lasts. */
#ifndef RW_IO_CHECKPOINT_JOURNAL_H
#define RW_IO_CHECKPOINT_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "io/directory.h"

typedef struct rw_journal rw_journal;

/* The path of the journal of a file of the result in `directory`. */
rw_path rw_journal_path(const char *directory, const char *file);

/* Opens the journal at `path`, new or, to replay it, as it is. Errors: RW_ERR_SYSTEM; *journal is then NULL. */
RW_MUST_CHECK rw_err rw_journal_open(rw_journal **journal, const char *path, bool replay);

/* Closes it; the file stays. *journal may be NULL and becomes NULL. */
void rw_journal_close(rw_journal **journal);

/* Appends what belongs to one of the file's datasets; it may wait in memory until the next sync. Errors:
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_journal_append(rw_journal *journal, uint32_t dataset, const void *bytes, size_t n);

/* Writes everything to the disk (fsync) and returns the length. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_journal_sync(rw_journal *journal, uint64_t *length);

/* Passes the first `length` bytes, record by record, to `take` and truncates the file there; what is appended later
 * follows. Errors: RW_ERR_INPUT (shorter, damaged), RW_ERR_SYSTEM, those of `take`. */
RW_MUST_CHECK rw_err rw_journal_replay(rw_journal *journal, uint64_t length,
                                       rw_err (*take)(void *self, uint32_t dataset, const void *bytes, size_t n),
                                       void *self);

/* Reads the first `length` bytes and looks whether they are what was written. Errors: RW_ERR_INPUT (missing, shorter,
 * damaged), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_journal_check(const char *path, uint64_t length);

#endif
