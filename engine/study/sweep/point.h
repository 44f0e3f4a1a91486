/* What becomes of a point, or of a shared beginning, on disk: free, finished or failed. */
#ifndef RW_STUDY_SWEEP_POINT_H
#define RW_STUDY_SWEEP_POINT_H

#include "study/sweep/sweep.h"

/* Whether it has neither finished nor failed; makes the directory that it belongs in. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_point_is_free(const rw_sweep *sweep, rw_work work, bool *is_free);

/* Readies NAME.run for a run that resumes: keeps what an interrupted one has left if that can be gone on with,
 * otherwise empties the directory and, if the point's shared beginning is there, puts its state and what it recorded
 * there. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_point_prepare(const rw_sweep *sweep, rw_work work, const char *directory);

/* Whether `directory` holds the state at that step. */
bool rw_point_has_state(const char *directory, uint64_t step);

/* Turns NAME.run into NAME. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_point_finish(const rw_sweep *sweep, rw_work work);

/* Notes why it failed and turns NAME.run into NAME.failed; `status` is what waitpid says. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_point_fail(const rw_sweep *sweep, rw_work work, int status, bool out_of_time);

/* Forgets that a point failed. What it had simulated is kept, for the next run to go on with, if it may end well then:
 * if it was stopped, killed or failed by the system. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_point_forget_failure(const rw_sweep *sweep, size_t point);

/* Measures the result in `directory`, writes measures.csv into it, and removes what the plan does not keep.
 * Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_point_measure(const rw_sweep *sweep, const char *directory);

#endif
