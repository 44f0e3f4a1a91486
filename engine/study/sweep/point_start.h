/* The start of a point: from nothing, from what an interrupted run of it has left, or from its baseline. */
#ifndef RW_STUDY_SWEEP_POINT_START_H
#define RW_STUDY_SWEEP_POINT_START_H

#include "study/sweep/sweep.h"

/* Prepares NAME.run for a run that resumes: keeps what an interrupted run has left if that can be continued; otherwise
 * empties the directory and, if the point's baseline is there, copies its state and what it recorded. Errors:
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_point_prepare(const rw_sweep *sweep, rw_work work, const char *directory);

/* Whether `directory` holds the state at that step. */
bool rw_point_has_state(const char *directory, uint64_t step);

#endif
