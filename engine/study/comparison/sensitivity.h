/* Sobol's sensitivity indices. */
#ifndef RW_STUDY_COMPARISON_SENSITIVITY_H
#define RW_STUDY_COMPARISON_SENSITIVITY_H

#include "study/comparison/statistics.h"

/* Share of the variance that a parameter explains alone (first) and with all its interactions (total). */
typedef struct {
    double first, total;
    rw_interval of_first, of_total;
} rw_sensitivity;

/* Sobol's indices from a Saltelli design: outcomes [n_samples x (n_parameters + 2)] in the order A, B, AB_1, ...;
 * samples with a NaN are left out. First order after Saltelli et al. 2010, total after Jansen 1999, percentile
 * intervals from 1000 resamples of samples. Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_sensitivity_indices(const double *outcomes, size_t n_samples, size_t n_parameters,
                                            uint64_t seed, rw_sensitivity *indices);

#endif
