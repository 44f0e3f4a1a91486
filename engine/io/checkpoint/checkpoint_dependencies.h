/* The files that a saved state needs in addition to its own: journals, whose lengths are stored in the state, and
 * snapshots, whose checksums are stored in the state. */
#ifndef RW_IO_CHECKPOINT_CHECKPOINT_DEPENDENCIES_H
#define RW_IO_CHECKPOINT_CHECKPOINT_DEPENDENCIES_H

#include "base/error.h"

/* Checks whether all files that the state at `path`, of the result in `directory`, needs are unchanged; the state
 * itself was checked before. Reads them completely. Errors: RW_ERR_INPUT (says which file is missing or damaged),
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_checkpoint_check_dependencies(const char *path, const char *directory);

#endif
