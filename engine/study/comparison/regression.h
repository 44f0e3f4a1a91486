/* Which quantities explain another one: multiple linear regression of standardised quantities. */
#ifndef RW_STUDY_COMPARISON_REGRESSION_H
#define RW_STUDY_COMPARISON_REGRESSION_H

#include "base/error.h"
#include "study/comparison/statistics.h"

/* By how many of its standard deviations y changes with one of x, all other quantities held. */
typedef struct {
    double beta, p;
    rw_interval interval; /* of 95 %, Student's t */
} rw_coefficient;

typedef struct {
    size_t n;            /* rows without a NaN, which were used */
    double r_squared;    /* share of the variance of y that all together explain */
    const char *problem; /* why there are no coefficients; NULL: there are */
} rw_regression;

/* Least squares of y [n_rows] on x [n_rows x n_columns], each scaled to mean 0 and standard deviation 1, by singular
 * values (gsl_multifit_linear_tsvd); rows with a NaN are left out. Degrees of freedom are n - n_columns - 1. All
 * coefficients are NaN, with the problem, if there are too few rows, y or a column does not vary, or columns depend on
 * each other. Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_regression_fit(const double *y, const double *x, size_t n_rows, size_t n_columns,
                                       rw_regression *fit, rw_coefficient *coefficients);

#endif
