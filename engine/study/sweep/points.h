/* The points of a plan. */
#ifndef RW_STUDY_SWEEP_POINTS_H
#define RW_STUDY_SWEEP_POINTS_H

#include "study/sweep/sweep_plan.h"

/* One point: what is set in the scenario, and how tables show it. */
typedef struct {
    size_t row, arm, subject, replicate;
    const char *block; /* Saltelli: A, B or AB.<parameter>; NULL otherwise */
    size_t sample;     /* Saltelli: from 0 */
    uint64_t seed;
    const char *const *labels; /* [n_parameters] */
    const double *numbers;     /* [n_parameters] in the parameter's unit; NaN for texts */
    const double *drawn;       /* [n_draws] in the draw's unit */
    const rw_override *set;    /* [n_set] everything, the seed last */
    size_t n_set;
} rw_point;

typedef struct {
    size_t n_points;
    const rw_point *points;
} rw_points;

/* The seed of the base scenario, whose text is given, with what the plan sets in it. Errors: RW_ERR_INPUT,
 * RW_ERR_SYSTEM.
 */
RW_MUST_CHECK rw_err rw_points_base_seed(const rw_sweep_plan *plan, const char *base, uint64_t *seed);

/* Lists the points of a plan in its arena; base_seed is the base scenario's. Errors: RW_ERR_INPUT (too many points, an
 * impossible design), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_points_list(const rw_sweep_plan *plan, uint64_t base_seed, rw_points *points);

#endif
