/* Reading datasets of numbers: each read names the type of its values, and what does not fit that type is an error
 * with the row. Nothing here trusts a file. */
#ifndef RW_IO_HDF5_H5_READ_H
#define RW_IO_HDF5_H5_READ_H

#include <stdint.h>

#include "io/hdf5/h5_location.h"

/* The type of the values in memory, and what a dataset may hold to be read as one:
 * U64 whole numbers >= 0 of any size; I64 whole numbers of any size; F64 floating-point numbers, and whole numbers that
 * a double holds exactly; F32, U32, U8 numbers of the same kind that are no larger. */
typedef enum { RW_H5_U64, RW_H5_I64, RW_H5_F64, RW_H5_F32, RW_H5_U32, RW_H5_U8 } rw_h5_type;

/* Size of a dataset of numbers. */
typedef struct {
    int rank;              /* 1 or 2 */
    uint64_t rows, width;  /* width is 1 for rank 1 */
    uint64_t value_bytes;  /* of one number in the file */
    uint64_t stored_bytes; /* of all of them in the file, after compression; 0 if nothing was ever written */
} rw_h5_shape;

/* Reads the size of a dataset of numbers. Errors: RW_ERR_INPUT (missing, not a dataset, no numbers). */
RW_MUST_CHECK rw_err rw_h5_read_shape(const rw_h5_location *location, const char *dataset, rw_h5_shape *shape);

/* Length of a one-dimensional dataset of numbers, believed only if the file can hold that many.
 * Errors: RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_h5_read_length(const rw_h5_location *location, const char *dataset, uint64_t *length);

/* Reads a whole one-dimensional dataset of n whole numbers >= 0.
 * Errors: RW_ERR_INPUT (missing, another type, another size, a value that does not fit, damaged). */
RW_MUST_CHECK rw_err rw_h5_read_u64(const rw_h5_location *location, const char *dataset, uint64_t n, uint64_t *values);

/* The same of whole numbers with a sign. Errors: as above. */
RW_MUST_CHECK rw_err rw_h5_read_i64(const rw_h5_location *location, const char *dataset, uint64_t n, int64_t *values);

/* The same of numbers, NaN and infinite ones too. Errors: as above. */
RW_MUST_CHECK rw_err rw_h5_read_f64(const rw_h5_location *location, const char *dataset, uint64_t n, double *values);

/* The same of floating-point numbers of at most 4 bytes. Errors: as above. */
RW_MUST_CHECK rw_err rw_h5_read_f32(const rw_h5_location *location, const char *dataset, uint64_t n, float *values);

/* Reads a whole one-dimensional dataset of finite numbers. Errors: as above, and NaN and infinite values. */
RW_MUST_CHECK rw_err rw_h5_read_finite(const rw_h5_location *location, const char *dataset, uint64_t n, double *values);

/* Reads a whole dataset of the given size as doubles, row after row. Errors: as above. */
RW_MUST_CHECK rw_err rw_h5_read_table(const rw_h5_location *location, const char *dataset, const rw_h5_shape *shape,
                                      double *values);

/* Reads rows [first, first + n) of a one-dimensional dataset, which must have `length`. Errors: as above. */
RW_MUST_CHECK rw_err rw_h5_read_rows(const rw_h5_location *location, const char *dataset, rw_h5_type type,
                                     uint64_t length, uint64_t first, uint64_t n, void *values);

#endif
