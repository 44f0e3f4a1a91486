/* Points that begin alike: until the first dose or blockade they are one run, which is then run once.
 *
 * The beginning is run as its first point would run it, until right before anything differs, and its state and what
 * was recorded are saved. The points resume it, each with its own scenario. */
#ifndef RW_STUDY_SWEEP_BASELINE_H
#define RW_STUDY_SWEEP_BASELINE_H

#include "io/table.h"
#include "study/sweep/points.h"

/* The beginning of a point. */
typedef struct {
    size_t first;  /* the first point that begins so */
    uint64_t step; /* until which it is shared; 0: it is not */
} rw_baseline;

/* What sharing saves. */
typedef struct {
    size_t n_baselines, n_points; /* beginnings that are shared; points that share them */
    double saved_ms, all_ms;      /* simulated time that is not run again; that of all points without sharing */
} rw_baseline_saving;

/* Finds which points begin alike: those whose scenarios differ in nothing but doses, levels of drugs and factors of
 * blockades, none of which has begun. of [n_points] goes to the plan's arena; base is the text of the base scenario.
 * Errors: RW_ERR_INPUT (a point is no scenario), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_baselines_find(const rw_sweep_plan *plan, const rw_points *points, const char *base,
                                       const rw_baseline **of, rw_baseline_saving *saving);

/* The table of the points that share, as it is frozen; columns point, baseline, step. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_baselines_table(rw_arena *arena, const rw_baseline *of, size_t n_points, rw_table *table);

/* The same from the frozen table. Errors: RW_ERR_INPUT (it is none), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_baselines_read(rw_arena *arena, const rw_table *table, size_t n_points, const rw_baseline **of);

#endif
