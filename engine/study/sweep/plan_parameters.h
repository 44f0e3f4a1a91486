/* The sections parameters and rows of sweep.yaml. */
#ifndef RW_STUDY_SWEEP_PLAN_PARAMETERS_H
#define RW_STUDY_SWEEP_PLAN_PARAMETERS_H

#include "config/reader.h"
#include "study/sweep/sweep_plan.h"

/* Reads the section parameters. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sweep_plan_read_parameters(rw_reader *r, const rw_node *node, rw_sweep_plan *plan);

/* Reads the section rows, after the parameters. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sweep_plan_read_rows(rw_reader *r, const rw_node *node, rw_sweep_plan *plan);

#endif
