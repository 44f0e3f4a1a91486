/* The frozen plan: its texts, their hash, and plan.json. */
#ifndef RW_STUDY_SWEEP_PLAN_FILE_H
#define RW_STUDY_SWEEP_PLAN_FILE_H

#include "io/directory.h"
#include "io/input_files.h"
#include "io/sha256.h"
#include "study/sweep/baseline.h"

/* The texts that make a plan. */
typedef struct {
    const char *sweep, *base, *points, *baselines;
} rw_sweep_plan_texts;

/* Contents of plan.json. */
typedef struct {
    const char *digits, *revision; /* hash of the plan; which rewire froze it */
    rw_baseline_saving saving;
    rw_input_files inputs; /* none in a plan of an earlier rewire */
} rw_frozen_plan;

/* The sha256 of all four texts together. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sweep_plan_hash(const rw_sweep_plan_texts *texts, char digits[RW_SHA256_TEXT]);

/* Reads a text of the frozen plan, such as base.yaml. Errors: RW_ERR_INPUT (it is not there), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sweep_plan_text_read(const char **text, rw_arena *arena, const char *directory,
                                             const char *name);

/* Writes plan.json. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sweep_plan_file_write(rw_directory *directory, const rw_sweep_plan *plan,
                                              const rw_points *points, const rw_baseline_saving *saving,
                                              const rw_input_files *inputs, const char *digits);

/* Reads it. Errors: RW_ERR_INPUT (damaged, of another format), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sweep_plan_file_read(rw_arena *arena, const char *directory, rw_frozen_plan *plan);

#endif
