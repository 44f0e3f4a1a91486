/* The part of series.h5 that drugs fill: concentrations, and the share of receptors that they block. */
#ifndef RW_IO_SERIES_DRUGS_H
#define RW_IO_SERIES_DRUGS_H

#include "io/h5.h"
#include "sim/simulation.h"

typedef struct {
    rw_h5_column *columns; /* in the order in which they are sampled */
    size_t n_columns;
} rw_drug_series;

/* Adds the columns to a file. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_drug_series_create(rw_drug_series *series, rw_h5_file *file, size_t chunk_rows,
                                           const rw_simulation *sim);

/* Appends the present values. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_drug_series_sample(rw_drug_series *series, const rw_simulation *sim);

/* Makes what was sampled readable. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_drug_series_flush(rw_drug_series *series);

/* Ends the columns. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_drug_series_close(rw_drug_series *series);

/* Frees what is there, closed or not; a zeroed one is fine. */
void rw_drug_series_destroy(rw_drug_series *series);

#endif
