/* What is compared: scenarios, each with runs of the same seeds (and virtual subjects), measured in the same way. */
#ifndef RW_STUDY_COMPARISON_COHORT_H
#define RW_STUDY_COMPARISON_COHORT_H

#include "study/sweep/sweep.h"

/* An outcome measure of every run. */
typedef struct {
    const char *name, *unit, *description;
    const double *values; /* [n_groups x n_units]; NaN: not there */
    bool is_plain_series; /* compared only on request, because every additional test weakens the others */
} rw_outcome;

/* How the runs of a group ended. */
typedef struct {
    size_t n_done, n_failed;
    const char *reason; /* of the first that failed; NULL: none did */
} rw_group_state;

/* Runs in groups (scenarios) and units (what is the same across groups: a seed, or a subject with a seed). */
typedef struct {
    rw_arena *arena;               /* owns everything below */
    const char *title, *unit_name; /* of a unit: "seed", "subject" */
    const char *const *groups;
    size_t n_groups, n_units, n_outcomes;
    const rw_outcome *outcomes;
    const char *left_out;           /* outcomes that only some of the runs have, by name; NULL: none */
    const char *const *directories; /* [n_groups x n_units] of the runs; NULL: not done */
    const rw_window *windows;       /* [n_windows] that outcomes are measured in; none: the whole run */
    size_t n_windows;
    const rw_sweep *sweep;        /* NULL: of single results */
    size_t n_missing;             /* points of the sweep that are not done */
    const rw_group_state *states; /* [n_groups] */
} rw_cohort;

#endif
