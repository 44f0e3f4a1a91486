/* A sweep on disk: a frozen plan, and a directory for each point.
 *
 *   SWEEP/plan.json     what was frozen: hashes, version; written last
 *         sweep.yaml    the plan as given          base.yaml   its base scenario
 *         points.csv    every point with its parameters and seed
 *         baselines.csv which points have a common beginning
 *         points/012/012345          a finished point: a result directory with measures.csv
 *         points/012/012345.run      a point at work; claimed by making the directory
 *         points/012/012345.failed   a point that failed; failure.json has its last words
 *         baselines/012/012345       the state that points continue from, while it is needed; .run and .failed as above
 *         results.csv results.h5     what `collect` makes
 *
 * The plan is read again from sweep.yaml whenever the sweep is opened, and everything must still have the hashes of
 * plan.json: a plan that was changed is refused. Thousands of points share a directory at most. */
#ifndef RW_STUDY_SWEEP_SWEEP_H
#define RW_STUDY_SWEEP_SWEEP_H

#include "io/input_files.h"
#include "io/table.h"
#include "study/sweep/baseline.h"
#include "study/sweep/points.h"

typedef struct {
    rw_arena *arena;
    const char *path;
    rw_sweep_plan *plan;
    rw_points points;
    const rw_baseline *baselines; /* [n_points] */
    rw_baseline_saving saving;    /* what they save, as it was planned */
    rw_input_files inputs;        /* that its points read, as they were when it was planned */
    const char *hash;             /* sha256 of sweep.yaml, base.yaml, points.csv and baselines.csv together */
} rw_sweep;

/* Opens a frozen sweep. any_version: also one that another version of rewire planned.
 * Errors: RW_ERR_INPUT (no sweep, changed since it was planned, of another version), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sweep_open(rw_sweep **sweep, const char *directory, bool any_version);

/* Frees it; *sweep may be NULL and becomes NULL. */
void rw_sweep_close(rw_sweep **sweep);

/* Whether a directory holds a frozen sweep. */
bool rw_sweep_is(const char *directory);

/* Directories of points that one directory holds. */
enum { RW_POINTS_PER_DIRECTORY = 1000 };

/* Something to run: a point, or the baseline of which it is the first point. */
typedef struct {
    size_t number;
    bool is_baseline;
} rw_work;

/* Where the directory of a point or a baseline is; suffix as below. */
rw_path rw_sweep_work_path(const rw_sweep *sweep, rw_work work, const char *suffix);

/* Where a point's directory is; suffix "" (finished), ".run" or ".failed". */
rw_path rw_sweep_point_path(const rw_sweep *sweep, size_t point, const char *suffix);

/* What a point sets, each "key=value"; [count], in the sweep's arena. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sweep_point_set(const rw_sweep *sweep, size_t point, const char ***items, size_t *count);

#endif
