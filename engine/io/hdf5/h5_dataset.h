/* Datasets that are written at once. */
#ifndef RW_IO_HDF5_H5_DATASET_H
#define RW_IO_HDF5_H5_DATASET_H

#include "io/hdf5/h5_file.h"

/* Writes a whole dataset of `rows` rows (width 0: one-dimensional). */
RW_MUST_CHECK rw_err rw_h5_write(rw_h5_file *file, const char *path, hid_t type, uint64_t rows, uint64_t width,
                                 const void *values, const char *unit, const char *description);

/* Writes the dataset 0, 1, 2, ... of `rows` numbers (u64). */
RW_MUST_CHECK rw_err rw_h5_write_count(rw_h5_file *file, const char *path, uint64_t rows, const char *description);

/* Writes a dataset of `rows` equal values, given in the native type of `type`. It takes no disk space: HDF5 returns
 * this value for everything that was never written. */
RW_MUST_CHECK rw_err rw_h5_write_constant(rw_h5_file *file, const char *path, hid_t type, uint64_t rows,
                                          const void *value, const char *unit, const char *description);

/* Writes a dataset of `rows` texts (UTF-8, variable length); NULL becomes the empty text. */
RW_MUST_CHECK rw_err rw_h5_write_texts(rw_h5_file *file, const char *path, uint64_t rows, const char *const *texts,
                                       const char *description);

/* Replaces all values of a dataset. */
RW_MUST_CHECK rw_err rw_h5_overwrite(rw_h5_file *file, const char *path, hid_t memory_type, const void *values);

#endif
