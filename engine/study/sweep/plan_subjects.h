/* Virtual subjects in sweep.yaml: what differs between them. */
#ifndef RW_STUDY_SWEEP_PLAN_SUBJECTS_H
#define RW_STUDY_SWEEP_PLAN_SUBJECTS_H

#include "config/reader.h"
#include "study/sweep/sweep_plan.h"

/* Reads `subjects:`; what is wrong becomes a diagnostic. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sweep_plan_read_subjects(rw_reader *r, const rw_node *node, rw_sweep_plan *plan);

#endif
