/* The files that the scenarios of a sweep's points read: frozen with the plan, so that all points read the same. */
#ifndef RW_STUDY_SWEEP_PLAN_INPUTS_H
#define RW_STUDY_SWEEP_PLAN_INPUTS_H

#include "study/sweep/sweep.h"

/* Lists and sums the files of all points, in the plan's arena. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM (missing). */
RW_MUST_CHECK rw_err rw_plan_inputs_find(const rw_sweep_plan *plan, const rw_points *points, const char *base,
                                         rw_input_files *list);

/* How files are compared with the plan, in messages too. */
extern const rw_input_comparison rw_plan_inputs_comparison;

/* Whether the files are still those of the plan. Errors: RW_ERR_INPUT (changed), RW_ERR_SYSTEM (missing). */
RW_MUST_CHECK rw_err rw_plan_inputs_check(const rw_input_files *planned);

#endif
