/* The part of series.h5 with measures of the connectivity, which has times of its own: the group measures. */
#ifndef RW_IO_SERIES_SERIES_MEASURES_H
#define RW_IO_SERIES_SERIES_MEASURES_H

#include "io/hdf5/columns.h"
#include "sim/run_state/archive.h"
#include "sim/simulation.h"

typedef struct rw_measure_series rw_measure_series;

/* Prepares the measures that the scenario requires, and their columns; *series is NULL if there are none. Errors:
 * RW_ERR_INPUT (a measure that cannot be taken), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_measure_series_create(rw_measure_series **series, rw_h5_file *file, const rw_simulation *sim);

/* What observes the simulation for it. */
rw_observer rw_measure_series_observer(rw_measure_series *series);

/* Makes what was measured readable. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_measure_series_flush(rw_measure_series *series);

/* Measures once more if the run ended between two samples (sim not NULL), and ends the columns. Errors: RW_ERR_SYSTEM.
 */
RW_MUST_CHECK rw_err rw_measure_series_close(rw_measure_series *series, const rw_simulation *sim);

/* Saves or restores the state that earlier samples left. Errors: those of the archive. */
RW_MUST_CHECK rw_err rw_measure_series_archive(rw_measure_series *series, const rw_archive *archive);

/* Frees it; *series may be NULL and becomes NULL. */
void rw_measure_series_destroy(rw_measure_series **series);

#endif
