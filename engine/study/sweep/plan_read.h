/* Reads sweep.yaml. */
#ifndef RW_STUDY_SWEEP_PLAN_READ_H
#define RW_STUDY_SWEEP_PLAN_READ_H

#include "config/units.h"
#include "study/sweep/sweep_plan.h"

/* As rw_sweep_plan_read, with units that are there already. */
RW_MUST_CHECK rw_err rw_sweep_plan_read_with(rw_sweep_plan **plan, rw_arena *arena, rw_units *units, const char *name,
                                             const char *text, size_t length);

/* Reads sweep.yaml from a text; `name` stands for the file, and paths inside are relative to it. Everything goes to the
 * arena. Errors: RW_ERR_INPUT with up to 20 diagnostics; RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sweep_plan_read(rw_sweep_plan **plan, rw_arena *arena, const char *name, const char *text,
                                        size_t length);

#endif
