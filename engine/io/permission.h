/* Which files a scenario or a circuit may read. It may come from a stranger, so what it names is read only
 *
 * - in the folder of the file that the command line names, and below;
 * - of a circuit (*.json): *.json, *.csv, *.h5 and *.hdf5 in the folder above, and below, unless they are hidden,
 * because published circuits share ../components;
 * - in what the user allows besides: --allow-read, or the variable REWIRE_ALLOW_READ, paths with colons between them;
 * - or if its SHA-256 stands in the run.json or plan.json beside the scenario: who wrote the sum had the file.
 *
 * Symbolic links are followed first; what counts is where a file lies. SECURITY.md has the reasons. */
#ifndef RW_IO_PERMISSION_H
#define RW_IO_PERMISSION_H

#include <stdbool.h>

#include "base/error.h"

/* Allows a file, or everything in a directory, for this process and those that it starts. Errors: RW_ERR_INPUT (it is
 * not there, or has a colon in its name), RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_permission_allow(const char *path);

/* Whether a resolved path is that of a directory (resolved, too), lies below it, or is allowed by the user. */
bool rw_permission_lies_in(const char *path, const char *directory);

/* Whether `scenario` (a path) may read the file of this path and SHA-256. A file that is not there may be read: opening
 * it says what is wrong. Errors: RW_ERR_INPUT (it may not), RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_permission_check(const char *scenario, const char *path, const char *sha256);

/* Whether a sweep (a path) may read its base scenario: a file *.yaml, *.yml or *.json in the folder above that of the
 * sweep, or below, that is not hidden. Errors: as rw_permission_check. */
RW_MUST_CHECK rw_err rw_permission_check_base(const char *sweep, const char *path);

#endif
