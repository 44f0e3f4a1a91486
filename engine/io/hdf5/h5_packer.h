/* Many rows for several datasets at once: chunks are filled and compressed on all threads, and
 * written in one order, whatever the number of threads and of rows that come at a time.
 *
 * What is written is what HDF5's own filters shuffle and deflate would write, so every HDF5 library can read it. */
#ifndef RW_IO_HDF5_H5_PACKER_H
#define RW_IO_HDF5_H5_PACKER_H

#include "io/hdf5/h5_column.h"

/* Writes rows [first, first + n) of those that are added to column number `column` to `values`; several threads call it
 * at once. */
typedef void (*rw_h5_fill)(const void *self, size_t column, uint64_t first, size_t n, void *values);

typedef struct {
    int n_threads;
    /* private */
    char *buffers; /* for the chunks of a batch, before and after compression */
    size_t room_bytes;
} rw_h5_packer;

/* Adds n rows to columns [n_columns] of equal length and equal chunks. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_h5_pack(rw_h5_packer *packer, rw_h5_column *columns, size_t n_columns, uint64_t n,
                                rw_h5_fill fill, const void *self);

/* Frees what it holds; a zeroed one is fine. */
void rw_h5_packer_destroy(rw_h5_packer *packer);

#endif
