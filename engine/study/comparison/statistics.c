#include "study/comparison/statistics.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"

/* Differences up to which all signs are tried instead of drawn. */
enum { EXACT_UP_TO = 14 };

/* ---- bootstrap ---- */

static double resampled_mean(const double *values, size_t n, rw_stream stream, size_t resample) {
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        rw_bits bits = rw_draw(stream, resample, i);
        sum += values[rw_uniform_below(bits.word[0], bits.word[1], n)];
    }
    return sum / (double)n;
}

/* Acceleration from the third moment of the jackknife, which for a mean is that of the values. */
static double acceleration(const double *values, size_t n, double mean) {
    double squares = 0.0, cubes = 0.0;
    for (size_t i = 0; i < n; i++) {
        double u = (values[i] - mean) / ((double)n - 1.0);
        squares += u * u;
        cubes += u * u * u;
    }
    return squares > 0.0 ? cubes / (6.0 * pow(squares, 1.5)) : 0.0;
}

static double bca_quantile(const double *sorted, double z0, double a, double level) {
    double z = z0 + gsl_cdf_ugaussian_Pinv(level);
    double at = gsl_cdf_ugaussian_P(z0 + z / (1.0 - a * z));
    return gsl_stats_quantile_from_sorted_data(sorted, 1, RW_RESAMPLES, at);
}

rw_err rw_bootstrap_mean(const double *values, size_t n, uint64_t seed, rw_interval *interval) {
    const rw_stream stream = rw_substream_of(seed, RW_SUBSTREAM_RESAMPLE_BOOTSTRAP, 0);
    double *means = NULL, below = 0.0;
    *interval = (rw_interval){NAN, NAN};
    if (n < 3)
        return RW_OK;
    const double mean = gsl_stats_mean(values, 1, n);
    RW_TRY(RW_NEW(means, RW_RESAMPLES, "bootstrap"));
    for (size_t r = 0; r < RW_RESAMPLES; r++) {
        means[r] = resampled_mean(values, n, stream, r);
        below += means[r] < mean ? 1.0 : means[r] == mean ? 0.5 : 0.0;
    }
    gsl_sort(means, 1, RW_RESAMPLES);
    if (means[0] == means[RW_RESAMPLES - 1]) {
        *interval = (rw_interval){means[0], means[0]};
    } else {
        double z0 = gsl_cdf_ugaussian_Pinv(below / RW_RESAMPLES), a = acceleration(values, n, mean);
        interval->low = bca_quantile(means, z0, a, 0.5 * (1.0 - RW_LEVEL));
        interval->high = bca_quantile(means, z0, a, 0.5 * (1.0 + RW_LEVEL));
    }
    rw_free(means);
    return RW_OK;
}

/* ---- permutation ---- */

static double signed_sum(const double *differences, size_t n, rw_stream stream, uint64_t draw, bool exact) {
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        uint64_t negative = exact ? draw >> i & 1 : rw_draw(stream, draw, i / 32).word[0] >> (i % 32) & 1;
        sum += negative != 0 ? -differences[i] : differences[i];
    }
    return sum;
}

double rw_permutation_paired(const double *differences, size_t n, uint64_t seed) {
    const rw_stream stream = rw_substream_of(seed, RW_SUBSTREAM_RESAMPLE_SIGNS, 0);
    const bool exact = n <= EXACT_UP_TO;
    const uint64_t draws = exact ? (uint64_t)1 << n : RW_RESAMPLES;
    double seen = 0.0, scale = 0.0;
    size_t as_far = 0;
    if (n < 2)
        return NAN;
    for (size_t i = 0; i < n; i++) {
        seen += differences[i];
        scale += fabs(differences[i]);
    }
    const double far = fabs(seen) - 1e-12 * scale; /* sums of the same terms may differ in their last bits */
    for (uint64_t draw = 0; draw < draws; draw++)
        as_far += fabs(signed_sum(differences, n, stream, draw, exact)) >= far;
    return exact ? (double)as_far / (double)draws : ((double)as_far + 1.0) / ((double)draws + 1.0);
}

double rw_permutation_least(size_t n) {
    return n < 2 ? NAN : n <= EXACT_UP_TO ? ldexp(1.0, 1 - (int)n) : 1.0 / (RW_RESAMPLES + 1.0);
}

size_t rw_permutation_pairs(size_t n_comparisons) {
    for (size_t n = 2; n <= EXACT_UP_TO + 1; n++)
        if ((double)n_comparisons * rw_permutation_least(n) < 1.0 - RW_LEVEL)
            return n;
    return 0;
}

/* ---- effect sizes ---- */

double rw_cohen_d(const double *a, const double *b, size_t n) {
    if (n < 2)
        return NAN;
    double spread = sqrt(0.5 * (gsl_stats_variance(a, 1, n) + gsl_stats_variance(b, 1, n)));
    double difference = gsl_stats_mean(b, 1, n) - gsl_stats_mean(a, 1, n);
    return spread > 0.0 ? difference / spread : difference == 0.0 ? 0.0 : NAN;
}

double rw_cliff_delta(const double *a, const double *b, size_t n) {
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            sum += (b[j] > a[i]) - (b[j] < a[i]);
    return n > 0 ? sum / ((double)n * (double)n) : NAN;
}

/* ---- many comparisons ---- */

/* Indices of the p-values that are numbers, ascending by p. */
static rw_err order_of(const double *p, size_t n, size_t **order, size_t *count) {
    double *numbers = NULL;
    size_t *kept = NULL;
    *count = 0;
    *order = NULL;
    rw_err err = RW_NEW(kept, n, "correction of p-values");
    if (err == RW_OK)
        err = RW_NEW(numbers, n, "correction of p-values");
    if (err == RW_OK)
        err = RW_NEW(*order, n, "correction of p-values");
    for (size_t i = 0; err == RW_OK && i < n; i++)
        if (!isnan(p[i])) {
            numbers[*count] = p[i];
            kept[(*count)++] = i;
        }
    if (*count > 0)
        gsl_sort_index(*order, numbers, 1, *count);
    for (size_t k = 0; k < *count; k++)
        (*order)[k] = kept[(*order)[k]];
    rw_free(numbers);
    rw_free(kept);
    return err;
}

rw_err rw_correct_holm(const double *p, size_t n, double *corrected) {
    size_t *order = NULL, m = 0;
    double worst = 0.0;
    RW_TRY(order_of(p, n, &order, &m));
    for (size_t i = 0; i < n; i++)
        corrected[i] = NAN;
    for (size_t k = 0; k < m; k++) {
        worst = fmax(worst, fmin(1.0, (double)(m - k) * p[order[k]]));
        corrected[order[k]] = worst;
    }
    rw_free(order);
    return RW_OK;
}

rw_err rw_correct_benjamini_hochberg(const double *p, size_t n, double *corrected) {
    size_t *order = NULL, m = 0;
    double best = 1.0;
    RW_TRY(order_of(p, n, &order, &m));
    for (size_t i = 0; i < n; i++)
        corrected[i] = NAN;
    for (size_t k = m; k-- > 0;) {
        best = fmin(best, (double)m / (double)(k + 1) * p[order[k]]);
        corrected[order[k]] = best;
    }
    rw_free(order);
    return RW_OK;
}

/* ---- shares and ranks ---- */

rw_interval rw_wilson(size_t k, size_t n) {
    if (n == 0)
        return (rw_interval){NAN, NAN};
    double z = gsl_cdf_ugaussian_Pinv(0.5 * (1.0 + RW_LEVEL)), count = (double)n, share = (double)k / count;
    double middle = (share + z * z / (2.0 * count)) / (1.0 + z * z / count);
    double half = z / (1.0 + z * z / count) * sqrt(share * (1.0 - share) / count + z * z / (4.0 * count * count));
    return (rw_interval){fmax(0.0, middle - half), fmin(1.0, middle + half)};
}

rw_err rw_spearman(const double *x, const double *y, size_t n, double *rho) {
    double *work = NULL;
    size_t count = 0;
    RW_TRY(RW_NEW(work, 4 * n, "rank correlation"));
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i]) && !isnan(y[i])) {
            work[count] = x[i];
            work[n + count++] = y[i];
        }
    *rho = count >= 3 ? gsl_stats_spearman(work, 1, work + n, 1, count, work + 2 * n) : NAN;
    rw_free(work);
    return RW_OK;
}
