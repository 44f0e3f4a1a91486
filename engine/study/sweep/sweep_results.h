/* One table of a whole sweep. */
#ifndef RW_STUDY_SWEEP_SWEEP_RESULTS_H
#define RW_STUDY_SWEEP_SWEEP_RESULTS_H

#include "study/sweep/sweep.h"

/* Gathers every point: what it is, its state (done, failed, running, missing), the hash of its scenario, and its
 * outcome measures (NaN unless done). Points are in the order of the plan, so the table depends only on their results.
 * Everything goes to the sweep's arena. *n_done counts the finished points. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sweep_gather(const rw_sweep *sweep, rw_table *table, size_t *n_done);

/* Gathers and writes results.csv and results.h5 into the sweep's directory; one process at a time does. Errors: as
 * rw_sweep_gather. */
RW_MUST_CHECK rw_err rw_sweep_collect(const rw_sweep *sweep, size_t *n_done);

#endif
