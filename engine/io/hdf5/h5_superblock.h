/* What opening an HDF5 file for writing changes in it although nothing is written: the cached part of the superblock.
 */
#ifndef RW_IO_HDF5_H5_SUPERBLOCK_H
#define RW_IO_HDF5_H5_SUPERBLOCK_H

#include "io/sha256.h"

/* The sum of a file with the cached addresses of its root group as they were when it was created: programs that open it
 * for writing drop them, which changes no data. For any other file, the sum of its bytes. Errors: RW_ERR_SYSTEM (it
 * cannot be read). */
RW_MUST_CHECK rw_err rw_h5_sum_as_created(const char *path, char digits[RW_SHA256_TEXT]);

#endif
