/* Submitting a sweep to Slurm. */
#ifndef RW_STUDY_SWEEP_SLURM_H
#define RW_STUDY_SWEEP_SLURM_H

#include "study/sweep/sweep.h"

/* 0 and NULL: not given. */
typedef struct {
    int per_task, max_parallel; /* points of a task; tasks at a time */
    int jobs, threads;          /* points at a time inside a task; threads of each */
    const char *time, *memory;  /* of a task, as Slurm writes them */
} rw_slurm_options;

/* Prints a shell script that submits a job array and a job that collects after all its tasks ended. Failures of the
 * stream stay in its error flag. Errors: RW_ERR_INPUT (the directory's path cannot be written in a shell script),
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_slurm_print(FILE *out, const rw_sweep *sweep, const char *program,
                                    const rw_slurm_options *options);

#endif
