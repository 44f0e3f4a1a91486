/* A directory that results are written to, so that every file in it is either whole or named *.part.
 *
 * A file is written as NAME.part, then committed: flushed to the disk, summed, and renamed to NAME. */
#ifndef RW_IO_DIRECTORY_H
#define RW_IO_DIRECTORY_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "io/sha256.h"

/* A path as a value: it needs no freeing and fits in an expression. */
typedef struct {
    char text[PATH_MAX];
} rw_path;

/* The path that the format gives; a bug if it is longer than PATH_MAX. */
rw_path rw_path_of(const char *format, ...) RW_PRINTF(1, 2);

/* A committed file. */
typedef struct {
    char *name; /* relative to the directory */
    uint64_t bytes;
    char sha256[RW_SHA256_TEXT];
} rw_file_record;

typedef struct {
    char *path;
    rw_file_record *files; /* in the order of their first commit */
    size_t n_files;
} rw_directory;

/* Makes the directory and its parents, and checks that no file in it carries a name that a run would write.
 * Errors: RW_ERR_INPUT (it holds another run), RW_ERR_SYSTEM (it cannot be made). *directory is then empty. */
RW_MUST_CHECK rw_err rw_directory_open(rw_directory *directory, const char *path);

/* Opens a directory that is there already, to add files to it. Errors: RW_ERR_SYSTEM (it cannot be written). */
RW_MUST_CHECK rw_err rw_directory_reopen(rw_directory *directory, const char *path);

/* Frees the record; the files stay. */
void rw_directory_close(rw_directory *directory);

/* Makes a subdirectory; one that exists is fine. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_directory_make(const rw_directory *directory, const char *name);

/* The path under which the file is written until it is committed. */
rw_path rw_directory_part(const rw_directory *directory, const char *name);

/* Gives NAME.part its final name, and records its size and sum. Errors: RW_ERR_SYSTEM; NAME.part then stays. */
RW_MUST_CHECK rw_err rw_directory_commit(rw_directory *directory, const char *name);

/* What is known of a committed file; NULL if there is none of that name. */
const rw_file_record *rw_directory_find(const rw_directory *directory, const char *name);

/* Opens NAME.part for text. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_directory_open_text(const rw_directory *directory, const char *name, FILE **file);

/* Closes the text and commits it; `file` is closed in any case. Errors: RW_ERR_SYSTEM, also for earlier failed writes;
 * NAME.part is then removed. */
RW_MUST_CHECK rw_err rw_directory_commit_text(rw_directory *directory, const char *name, FILE *file);

#endif
