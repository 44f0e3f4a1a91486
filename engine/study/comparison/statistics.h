/* Statistics of paired samples. NaN: the sample is too small.
 *
 * Resampling draws from streams keyed by a seed, so the same numbers give the same intervals everywhere. */
#ifndef RW_STUDY_COMPARISON_STATISTICS_H
#define RW_STUDY_COMPARISON_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* An interval that holds the truth with probability `level`. */
typedef struct {
    double low, high;
} rw_interval;

#define RW_LEVEL 0.95
#define RW_RESAMPLES 10000

/* Bootstrap interval of the mean, bias-corrected and accelerated (Efron 1987, J Am Stat Assoc 82:171), from
 * RW_RESAMPLES resamples; NaN for n < 3, the value itself if all are equal. Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_bootstrap_mean(const double *values, size_t n, uint64_t seed, rw_interval *interval);

/* Two-sided p of the hypothesis that differences are symmetric about 0: all sign changes if n <= 14, otherwise
 * RW_RESAMPLES random ones, themselves included ((b + 1) / (m + 1)). NaN for n < 2. */
double rw_permutation_paired(const double *differences, size_t n, uint64_t seed);

/* The least p that this test can give for n pairs; NaN for n < 2. */
double rw_permutation_least(size_t n);

/* The fewest pairs with which p can be below 1 - RW_LEVEL after Holm's correction over n_comparisons; 0: no number of
 * pairs suffices. */
size_t rw_permutation_pairs(size_t n_comparisons);

/* Cohen's d of b against a: difference of means over the root of the mean variance; NaN for n < 2. */
double rw_cohen_d(const double *a, const double *b, size_t n);

/* Cliff's delta of b against a: P(b > a) - P(b < a) over all pairs of the two samples. */
double rw_cliff_delta(const double *a, const double *b, size_t n);

/* Holm's step-down correction of n p-values; NaN are left out. Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_correct_holm(const double *p, size_t n, double *corrected);

/* Benjamini and Hochberg's false discovery rates; NaN are left out. Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_correct_benjamini_hochberg(const double *p, size_t n, double *corrected);

/* Wilson's interval of a share k of n. */
rw_interval rw_wilson(size_t k, size_t n);

/* Spearman's rank correlation over the pairs in which neither is NaN; NaN for fewer than 3.
 * Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_spearman(const double *x, const double *y, size_t n, double *rho);

#endif
