/* A psychometric curve: the share of trials with one of two choices, over the evidence for it. */
#ifndef RW_STUDY_COMPARISON_PSYCHOMETRIC_H
#define RW_STUDY_COMPARISON_PSYCHOMETRIC_H

#include "study/comparison/statistics.h"

/* P(x) = 1 / (1 + exp(-slope (x - even))), by maximum likelihood over trials that choose independently. */
typedef struct {
    double even, slope; /* evidence at which both choices are as frequent; rise of the log odds per unit */
    rw_interval of_even, of_slope;
    double intercept;                            /* log odds at x = 0: -slope even */
    double var_intercept, var_slope, covariance; /* by the Fisher information */
    double deviance;                             /* from the shares at each x */
    size_t n;                                    /* trials with a choice */
    const char *problem;                         /* why there is no curve; NULL: there is one */
} rw_psychometric;

/* Fits the curve to n trials with evidence x and choice 1 or 0 (NaN: none was made, left out). Wald's intervals: of the
 * slope, and of the even point by the delta method. There is no curve (all NaN, and a problem) where all choices are
 * the same, or where some evidence separates them, because then the likelihood grows with the slope without end.
 * Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_psychometric_fit(const double *x, const double *choice, size_t n, rw_psychometric *fit);

/* The curve. */
double rw_psychometric_at(const rw_psychometric *fit, double x);

/* Its interval: Wald's of the log odds. */
rw_interval rw_psychometric_band(const rw_psychometric *fit, double x);

#endif
