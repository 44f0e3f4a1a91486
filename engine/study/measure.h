/* Outcome measures: numbers that sum up a result, each over a window of its time.
 *
 * All of them stand in one table in measure_table.c, with unit and description; sweeps, comparisons and reports use
 * these. */
#ifndef RW_STUDY_MEASURE_H
#define RW_STUDY_MEASURE_H

#include "io/result_in.h"
#include "io/table.h"
#include "study/sweep/sweep_plan.h"

/* Adds a column for every measure, population or projection, and window to a table of one row: `rate.pyr`, or
 * `rate.pyr.WINDOW` if windows are given (n_windows 0: one nameless window, the whole run). What the result does not
 * hold, because it was not recorded, has no column; a measure whose window lacks what it takes is NaN. Behind the
 * measures come the means of every other series: `ei_ratio.pyr`, `occupancy_nmda.pyr`, `alpha.network`, and of
 * record.measures `measures_reciprocity.pyr_to_pyr`. Errors: RW_ERR_INPUT (no series, damaged files), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_measure(rw_table *table, const rw_result_in *result, const rw_window *windows,
                                size_t n_windows);

/* Checks that windows lie in the time that the result covers; a branch begins where it branches. Errors: RW_ERR_INPUT
 * (one does not, no series), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_measure_check_windows(const rw_result_in *result, const rw_window *windows, size_t n_windows);

#endif
