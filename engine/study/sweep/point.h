/* The directory of a point or a baseline on disk: unclaimed, finished, measured. */
#ifndef RW_STUDY_SWEEP_POINT_H
#define RW_STUDY_SWEEP_POINT_H

#include "study/sweep/sweep.h"

/* Whether it has neither finished nor failed; creates the directory in which it lies. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_point_is_free(const rw_sweep *sweep, rw_work work, bool *is_free);

/* Renames NAME.run to NAME with a suffix: "" (finished) or ".failed". Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_point_rename(const rw_sweep *sweep, rw_work work, const char *suffix);

/* Turns NAME.run into NAME. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_point_finish(const rw_sweep *sweep, rw_work work);

/* Measures the result in `directory`, writes measures.csv into it, and removes what the plan does not keep.
 * Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_point_measure(const rw_sweep *sweep, const char *directory);

#endif
