/* A directory that results are written to, so that every file in it is either complete or named *.part.
 *
 * A file is written as NAME.part, then committed: flushed to the disk, summed, and renamed to NAME. */
#ifndef RW_IO_DIRECTORY_H
#define RW_IO_DIRECTORY_H

#include <stdbool.h>
#include <stdio.h>

#include "base/path.h"
#include "io/sha256.h"

/* A committed file. */
typedef struct {
    char *name; /* relative to the directory */
    uint64_t bytes;
    char sha256[RW_SHA256_TEXT];
} rw_file_record;

/* Whether what is recorded also goes to journals (see journal.h), and whether those of an earlier run are continued. */
typedef enum { RW_JOURNALS_NONE, RW_JOURNALS_NEW, RW_JOURNALS_REPLAYED } rw_journals;

typedef struct {
    char *path;
    rw_file_record *files; /* in the order of their first commit */
    size_t n_files;
    int lock; /* open while this process may write there */
    rw_journals journals;
    bool non_writing; /* another rank writes: names are kept, but nothing is read or written */
} rw_directory;

/* Makes the directory and its parents, and checks that no file in it carries a name that a run would write.
 * Errors: RW_ERR_INPUT (it holds another run, another process writes to it), RW_ERR_SYSTEM (it cannot be made).
 * *directory is then empty. */
RW_MUST_CHECK rw_err rw_directory_open(rw_directory *directory, const char *path);

/* Opens a directory that is there already, to add files to it. Errors: RW_ERR_SYSTEM (it cannot be written). */
RW_MUST_CHECK rw_err rw_directory_reopen(rw_directory *directory, const char *path);

/* Makes the directory and its parents where they are missing, and opens it to add files that are derived from results.
 * Errors: RW_ERR_SYSTEM (it cannot be made or written). */
RW_MUST_CHECK rw_err rw_directory_open_derived(rw_directory *directory, const char *path);

/* As rw_directory_open for a directory that may hold a run, *holds_run. Errors: as above. */
RW_MUST_CHECK rw_err rw_directory_resume(rw_directory *directory, const char *path, bool *holds_run);

/* What to do about an error of the system. */
const char *rw_directory_remedy(int error);
/* The same for a non-writing rank. Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_directory_open_non_writing(rw_directory *directory, const char *path);

/* Frees the record; the files stay. */
void rw_directory_close(rw_directory *directory);

/* Removes all that a run writes, the directory too if nothing else is in it, and frees the record. */
void rw_directory_discard(rw_directory *directory);

/* Removes a file, or a directory and everything in it; one that is not there is fine. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_remove_tree(const char *path);

/* Makes a subdirectory; one that exists is fine. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_directory_make(const rw_directory *directory, const char *name);

/* The path under which the file is written until it is committed. */
rw_path rw_directory_part(const rw_directory *directory, const char *name);

/* Gives NAME.part its final name, and records its size and sum. Errors: RW_ERR_SYSTEM; NAME.part then stays. */
RW_MUST_CHECK rw_err rw_directory_commit(rw_directory *directory, const char *name);

/* The same for a file that is on the disk already, and of which no record is needed. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_directory_publish(const rw_directory *directory, const char *name);

/* Whether a file still is what was committed. Errors: RW_ERR_INPUT (missing, another length, other bytes),
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_directory_check_file(const char *path, const rw_file_record *record);

/* Adds the record of a file that an earlier process committed. Errors: RW_ERR_INPUT (it is not there, or has another
 * size), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_directory_adopt(rw_directory *directory, const char *name, const rw_file_record *record);

/* The record of a committed file; NULL if there is none of that name. */
const rw_file_record *rw_directory_find(const rw_directory *directory, const char *name);

/* Opens NAME.part for text. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_directory_open_text(const rw_directory *directory, const char *name, FILE **file);

/* Closes the text and commits it; `file` is closed in any case. Errors: RW_ERR_SYSTEM, also for earlier failed writes;
 * NAME.part is then removed. */
RW_MUST_CHECK rw_err rw_directory_commit_text(rw_directory *directory, const char *name, FILE *file);

#endif
