/* The files that a scenario reads besides itself (spikes, circuits), and their checksums: what is in them is part of
 * what a run is, so a run, a branch or a point of a sweep refuses files that have changed. */
#ifndef RW_IO_INPUT_FILES_H
#define RW_IO_INPUT_FILES_H

#include "base/json.h"
#include "config/scenario.h"

/* Adds a file with its checksum, before it is read; one that is listed already is left alone. Everything is in the
 * arena. Errors: RW_ERR_INPUT (not a regular file, or one that the list's reader may not read: io/permission.h),
 * RW_ERR_SYSTEM (missing, unreadable). */
RW_MUST_CHECK rw_err rw_input_files_add(rw_input_files *list, rw_arena *arena, const char *path);

/* After all have been read: no file was changed meanwhile, so what was read is what was summed. Errors: RW_ERR_INPUT.
 */
RW_MUST_CHECK rw_err rw_input_files_verify(const rw_input_files *list);

/* The file of that path, or NULL. */
const rw_input_file *rw_input_files_find(const rw_input_files *list, const char *path);

/* Who recorded the files, and what is to be done if they changed, for messages. */
typedef struct {
    const char *since;  /* "has changed since SINCE" */
    const char *remedy; /* what to do */
    bool all;           /* all recorded files must still be read; false: others may have taken their place */
} rw_input_comparison;

/* Whether files that were recorded are the same now. Errors: RW_ERR_INPUT (the first that is not, with both sums). */
RW_MUST_CHECK rw_err rw_input_files_compare(const rw_input_files *recorded, const rw_input_files *now,
                                            const rw_input_comparison *comparison);

/* Reads the recorded files again and compares. Errors: as rw_input_files_add and rw_input_files_compare. */
RW_MUST_CHECK rw_err rw_input_files_check(const rw_input_files *recorded, const rw_input_comparison *comparison);

/* Writes the member "input_files", a list of path, bytes and sha256. */
void rw_input_files_write(rw_json *json, const rw_input_files *list);

#endif
