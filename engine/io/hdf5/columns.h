/* The columns of a file of samples, which this object owns even if others add and fill them. */
#ifndef RW_IO_HDF5_COLUMNS_H
#define RW_IO_HDF5_COLUMNS_H

#include "io/hdf5/h5_column.h"
#include "io/hdf5/h5_file.h"

typedef struct {
    rw_h5_file *file;       /* lent */
    size_t chunk_rows;      /* rows that are compressed together */
    rw_h5_column **columns; /* [n] in the order in which they were added; each stays where it is */
    size_t n;
} rw_columns;

/* Adds a column of numbers of the file type `type` and lends it. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_columns_add(rw_columns *columns, rw_h5_column **column, rw_path path, hid_t type,
                                    const char *unit, const char *description);

/* Adds a column of doubles that is filled in the order of addition. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_columns_add_next(rw_columns *columns, rw_path path, const char *unit, const char *description);

/* Adds a column whose rows are `width` doubles, which lie where the dataset `across` says. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_columns_add_wide(rw_columns *columns, rw_h5_column **column, rw_path path, uint64_t width,
                                         rw_path across, const char *unit, const char *description);

/* Makes the first column the scale of the rows of all others, and attaches those with wide rows to where these lie. To
 * be called once, after the last column is added. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_columns_attach_scales(const rw_columns *columns);

/* Appends to column *next of the order and passes on to the one after it. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_columns_append_next(rw_columns *columns, size_t *next, double value);

/* Makes what was appended readable. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_columns_flush(rw_columns *columns);

/* Ends the columns. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_columns_close(rw_columns *columns);

/* Frees them, closed or not; zeroed ones are fine. */
void rw_columns_destroy(rw_columns *columns);

#endif
