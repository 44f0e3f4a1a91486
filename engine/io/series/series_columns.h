/* Columns of series.h5 that the catalogue describes. */
#ifndef RW_IO_SERIES_SERIES_COLUMNS_H
#define RW_IO_SERIES_SERIES_COLUMNS_H

#include "config/series_catalogue.h"
#include "io/hdf5/columns.h"

/* Names that replace the braces in the name of a series. */
typedef struct {
    const char *names[3];
    size_t n;
} rw_series_parts;

/* Adds the column of a series of an object and lends it; the file type is `type`. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_columns_add_series(rw_columns *columns, rw_h5_column **column, rw_series series,
                                           const char *object, hid_t type);

/* Adds a column of doubles that is filled in the order of addition. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_columns_add_next_series(rw_columns *columns, rw_series series, const char *object,
                                                rw_series_parts parts);

/* Adds a column whose rows are `width` doubles, which lie where the series `across` says; 0: one number. Errors:
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_columns_add_wide_series(rw_columns *columns, rw_h5_column **column, rw_series series,
                                                const char *object, uint64_t width, rw_series across);

/* Writes the n places, ascending, to which the values of wide rows belong. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_columns_write_places(const rw_columns *columns, rw_series series, const char *object,
                                             const double *places, uint64_t n);

#endif
