/* An outcome over the doses of a sweep, Hill's curve through it, and whether that curve describes the points. */
#ifndef RW_STUDY_COMPARISON_DOSE_RESPONSE_H
#define RW_STUDY_COMPARISON_DOSE_RESPONSE_H

#include "study/comparison/cohort.h"
#include "study/comparison/hill.h"

/* The values of a numeric parameter of a sweep, ascending. */
typedef struct {
    size_t parameter, n;
    const double *values; /* [n] in its unit */
    const size_t *rows;   /* [n] of the design */
} rw_doses;

/* One outcome in one arm. */
typedef struct {
    rw_hill hill;
    const rw_hill *again; /* [hill.resamples] the curves of resampled units */
    const char *problem;  /* why Hill's curve does not describe the points; NULL: it does */
} rw_dose_curve;

/* The doses of the parameter `name`; nothing else may vary. In the cohort's arena.
 * Errors: RW_ERR_INPUT (no such parameter, another one varies, a dose below 0, fewer than 4 doses), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_doses_find(const rw_cohort *cohort, const char *name, rw_doses *doses);

/* Fits the curve. It does not describe points that rise and fall, each beyond the 95 % intervals of the steps from dose
 * to dose, nor those of whose variance it explains less than 90 %, nor a step between two doses (h above 10). In the
 * cohort's arena. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_dose_curve_fit(const rw_cohort *cohort, const rw_doses *doses, size_t outcome, size_t arm,
                                       uint64_t seed, rw_dose_curve *curve);

/* Fits of every outcome asked for and every arm, a row each. Errors: those of rw_doses_find. */
RW_MUST_CHECK rw_err rw_dose_response(const rw_cohort *cohort, const char *parameter, const char *patterns,
                                      uint64_t seed, rw_table *table);

#endif
