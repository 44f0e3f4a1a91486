/* Checks, before anything is run, whether the scenarios of the points can be run and measured. */
#ifndef RW_STUDY_SWEEP_POINTS_CHECK_H
#define RW_STUDY_SWEEP_POINTS_CHECK_H

#include "study/sweep/points.h"

/* Checks every point's scenario (of more than 500 points, 500 spread evenly), and that the windows of measures lie
 * within its run and hold samples; base is the text of the base scenario. Errors: RW_ERR_INPUT (which point, and what
 * is wrong with it), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_points_check(const rw_sweep_plan *plan, const rw_points *points, const char *base);

#endif
