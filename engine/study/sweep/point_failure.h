/* Points that failed: why, and another attempt. */
#ifndef RW_STUDY_SWEEP_POINT_FAILURE_H
#define RW_STUDY_SWEEP_POINT_FAILURE_H

#include "study/sweep/sweep.h"

typedef struct {
    int exit_code, signal;
    const char *reason, *last_words;
} rw_point_failure;

/* Why a point failed: exit code (-1: none), signal (0: none) and last words, in the arena. Errors: RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_point_failure_read(const rw_sweep *sweep, size_t point, rw_arena *arena,
                                           rw_point_failure *failure);

/* Notes why it failed and turns NAME.run into NAME.failed; `status` is what waitpid says. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_point_fail(const rw_sweep *sweep, rw_work work, int status, bool out_of_time);

/* Forgets that a point failed. What it had simulated is kept for the next run to continue if that may succeed: if the
 * point was stopped, killed or failed by the system. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_point_forget_failure(const rw_sweep *sweep, size_t point);

#endif
