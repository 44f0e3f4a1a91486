/* Baselines: until the first dose or blockade, points with a common beginning are one run, which is simulated once.
 *
 * A baseline is simulated with the scenario of its first point until right before the points begin to differ; its state
 * and what was recorded are saved. The points resume it, each with its own scenario. */
#ifndef RW_STUDY_SWEEP_BASELINE_H
#define RW_STUDY_SWEEP_BASELINE_H

#include "io/table.h"
#include "study/sweep/points.h"

/* The baseline of a point. */
typedef struct {
    size_t first;  /* the first point with this beginning */
    uint64_t step; /* step until which it is shared; 0: it is not shared */
} rw_baseline;

/* What sharing saves. */
typedef struct {
    size_t n_baselines, n_points; /* number of baselines; points that share them */
    double saved_ms, all_ms;      /* simulated time that is saved; that of all points without sharing */
} rw_baseline_saving;

/* Finds the points that have a common beginning: those whose scenarios differ in nothing but doses, levels of drugs and
 * factors of blockades, none of which has begun. of [n_points] goes to the plan's arena; base is the text of the base
 * scenario. Errors: RW_ERR_INPUT (a point is no scenario), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_baselines_find(const rw_sweep_plan *plan, const rw_points *points, const char *base,
                                       const rw_baseline **of, rw_baseline_saving *saving);

/* The table of the points that share, as it is frozen; columns point, baseline, step. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_baselines_table(rw_arena *arena, const rw_baseline *of, size_t n_points, rw_table *table);

/* The same from the frozen table. Errors: RW_ERR_INPUT (it is none), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_baselines_read(rw_arena *arena, const rw_table *table, size_t n_points, const rw_baseline **of);

#endif
