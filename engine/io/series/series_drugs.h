/* The part of series.h5 that drugs fill: concentrations, and the share of receptors that they block. */
#ifndef RW_IO_SERIES_SERIES_DRUGS_H
#define RW_IO_SERIES_SERIES_DRUGS_H

#include "io/hdf5/columns.h"
#include "sim/simulation.h"

typedef struct {
    rw_columns *columns; /* of the file */
    size_t first;        /* of those filled here */
} rw_drug_series;

/* Adds its columns to those of a file. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_drug_series_create(rw_drug_series *series, rw_columns *columns, const rw_simulation *sim);

/* Appends the present values. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_drug_series_sample(const rw_drug_series *series, const rw_simulation *sim);

#endif
