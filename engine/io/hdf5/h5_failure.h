/* Why an HDF5 call failed, in HDF5's words, and what to do about it. */
#ifndef RW_IO_HDF5_H5_FAILURE_H
#define RW_IO_HDF5_H5_FAILURE_H

#include <stdbool.h>

#include "base/error.h"

typedef struct {
    char cause[256];
    bool is_about_locks;
    const char *remedy;
} rw_h5_failure;

/* Keeps HDF5's own error trace off standard error: our messages name the cause. Errors: RW_ERR_SYSTEM (the library
 * does not start). */
RW_MUST_CHECK rw_err rw_h5_start(void);

/* Explains the HDF5 call that just failed; the next HDF5 call forgets the cause. */
rw_h5_failure rw_h5_last_failure(void);

#endif
