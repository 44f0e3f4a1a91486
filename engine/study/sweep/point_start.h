/* What a point begins with: nothing, what an interrupted run of it has left, or the beginning that it shares. */
#ifndef RW_STUDY_SWEEP_POINT_START_H
#define RW_STUDY_SWEEP_POINT_START_H

#include "study/sweep/sweep.h"

/* Readies NAME.run for a run that resumes: keeps what an interrupted one has left if that can be gone on with,
 * otherwise empties the directory and, if the point's shared beginning is there, puts its state and what it recorded
 * there. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_point_prepare(const rw_sweep *sweep, rw_work work, const char *directory);

/* Whether `directory` holds the state at that step. */
bool rw_point_has_state(const char *directory, uint64_t step);

#endif
