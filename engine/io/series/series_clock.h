/* The clock: which time of the network a sample has, and how fast biology passes. Nothing without time.clock. */
#ifndef RW_IO_SERIES_CLOCK_H
#define RW_IO_SERIES_CLOCK_H

#include "io/hdf5/columns.h"
#include "sim/simulation.h"

typedef struct {
    rw_columns *columns;
    size_t first; /* of the columns */
    bool recorded;
} rw_clock_series;

/* Adds its columns to those of a file. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_clock_series_create(rw_clock_series *series, rw_columns *columns, const rw_simulation *sim);

/* Appends a sample. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_clock_series_sample(const rw_clock_series *series, const rw_simulation *sim);

#endif
