/* Whether two HDF5 files hold the same. */
#ifndef RW_IO_DIFF_H5_H
#define RW_IO_DIFF_H5_H

#include <stddef.h>

#include "base/error.h"

/* Compares two HDF5 files: groups, attributes, types, shapes and values. `name` stands for the file in `report` [size].
 * Returns RW_OK or RW_DIFFERENT. Errors: RW_ERR_SYSTEM (missing, not readable, locked), RW_ERR_INPUT (damaged, types
 * that results do not have). */
RW_MUST_CHECK rw_err rw_h5_diff(const char *a, const char *b, const char *name, char *report, size_t size);

#endif
