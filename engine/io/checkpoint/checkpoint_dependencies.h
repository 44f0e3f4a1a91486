/* The files that a saved state goes on from, besides its own: journals, of which it knows the length they had, and
 * snapshots that were there, of which it knows the sums. */
#ifndef RW_IO_CHECKPOINT_CHECKPOINT_DEPENDENCIES_H
#define RW_IO_CHECKPOINT_CHECKPOINT_DEPENDENCIES_H

#include "base/error.h"

/* Looks whether all files that the state at `path`, of the result in `directory`, needs are what they were; the state
 * itself was checked before. Reads them whole. Errors: RW_ERR_INPUT (says which file is missing or damaged),
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_checkpoint_check_dependencies(const char *path, const char *directory);

#endif
