/* The part of series.h5 that growth signals fill: every stage from the drive to the factor on formation. */
#ifndef RW_IO_SERIES_SERIES_SIGNALS_H
#define RW_IO_SERIES_SERIES_SIGNALS_H

#include "io/hdf5/columns.h"
#include "sim/simulation.h"

typedef struct {
    rw_columns *columns; /* of the file */
    size_t first;        /* of those filled here */
} rw_signal_series;

/* Adds its columns to those of a file. Errors:
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_signal_series_create(rw_signal_series *series, rw_columns *columns, const rw_simulation *sim);

/* Appends the present values. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_signal_series_sample(const rw_signal_series *series, const rw_simulation *sim);

#endif
