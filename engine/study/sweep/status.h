/* How far a sweep is. */
#ifndef RW_STUDY_SWEEP_STATUS_H
#define RW_STUDY_SWEEP_STATUS_H

#include "study/sweep/sweep.h"

typedef enum { RW_POINT_MISSING, RW_POINT_RUNNING, RW_POINT_DONE, RW_POINT_FAILED, RW_POINT_STATES } rw_point_state;

/* done, running, failed, missing */
const char *rw_point_state_name(rw_point_state state);

/* The state of every point, [n_points]; a claim whose worker is gone counts as missing. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sweep_states(const rw_sweep *sweep, rw_point_state *states);

/* Progress of a sweep, and the rate of completions. */
typedef struct {
    size_t count[RW_POINT_STATES];
    size_t baselines_running; /* beginnings that points share */
    double points_per_s;      /* over the last completions, 0 if unknown */
} rw_sweep_status;

/* Counts the states; reads a directory per thousand points. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sweep_status_read(const rw_sweep *sweep, rw_sweep_status *status);

/* Forgets the failures, so that these points are run again or continued; *count is their number. Errors: RW_ERR_SYSTEM.
 */
RW_MUST_CHECK rw_err rw_sweep_forget_failures(const rw_sweep *sweep, size_t *count);

#endif
