/* Hill's curve through dose and effect. */
#ifndef RW_STUDY_COMPARISON_HILL_H
#define RW_STUDY_COMPARISON_HILL_H

#include "study/comparison/statistics.h"

/* effect(dose) = E0 + E_max dose^h / (EC50^h + dose^h) */
typedef struct {
    double E0, E_max, EC50, h, r_squared;
    rw_interval of_E0, of_E_max, of_EC50, of_h;
    size_t resamples; /* that could be fitted */
} rw_hill;

enum { RW_HILL_RESAMPLES = 400 };

/* Fits Hill's curve to effects [n_units x n_doses] (NaN: not there) at n_doses ascending doses >= 0 by least squares,
 * with percentile intervals from resamples of whole units, whose curves `again` [RW_HILL_RESAMPLES] gets unless it is
 * NULL. All NaN if there are fewer than 4 doses, or no fit. Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_hill_fit(const double *doses, size_t n_doses, const double *effects, size_t n_units,
                                 uint64_t seed, rw_hill *fit, rw_hill *again);

/* The curve. */
double rw_hill_at(const rw_hill *fit, double dose);

/* Percentile interval of the curve at a dose, from the n curves of the resamples; NaN if too few could be fitted. */
rw_interval rw_hill_band(const rw_hill *again, size_t n, double dose);

#endif
