#include "study/comparison/sensitivity.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

#include "base/memory.h"
#include "base/random.h"

enum { RESAMPLES = 1000 };

/* Indices of parameter k from the samples that `of` lists. */
static rw_sensitivity estimate(const double *outcomes, size_t width, size_t k, const size_t *of, size_t n) {
    double mean = 0.0, square = 0.0, first = 0.0, total = 0.0;
    for (size_t i = 0; i < n; i++) {
        const double *row = outcomes + of[i] * width;
        mean += row[0] + row[1];
    }
    mean /= 2.0 * (double)n;
    for (size_t i = 0; i < n; i++) { /* about the mean: the sums stay small */
        const double *row = outcomes + of[i] * width;
        double a = row[0] - mean, b = row[1] - mean, mixed = row[2 + k] - mean;
        square += a * a + b * b;
        first += b * (mixed - a);
        total += (a - mixed) * (a - mixed);
    }
    double variance = square / (2.0 * (double)n);
    rw_sensitivity indices = {.first = NAN, .total = NAN};
    if (variance > 0.0) {
        indices.first = first / (double)n / variance;
        indices.total = total / (2.0 * (double)n) / variance;
    }
    return indices;
}

static rw_interval percentiles(double *values) {
    gsl_sort(values, 1, RESAMPLES);
    return (rw_interval){gsl_stats_quantile_from_sorted_data(values, 1, RESAMPLES, 0.5 * (1.0 - RW_LEVEL)),
                         gsl_stats_quantile_from_sorted_data(values, 1, RESAMPLES, 0.5 * (1.0 + RW_LEVEL))};
}

static bool is_whole(const double *row, size_t width) {
    for (size_t i = 0; i < width; i++)
        if (isnan(row[i]))
            return false;
    return true;
}

static void find_indices(const double *outcomes, size_t width, size_t k, const size_t *whole, size_t n, uint64_t seed,
                         size_t *drawn, double *found, rw_sensitivity *index) {
    const rw_stream stream = rw_substream_of(seed, RW_SUBSTREAM_RESAMPLE_SENSITIVITY, 0);
    *index = estimate(outcomes, width, k, whole, n);
    index->of_first = index->of_total = (rw_interval){NAN, NAN};
    if (isnan(index->first))
        return;
    for (size_t r = 0; r < RESAMPLES; r++) {
        for (size_t i = 0; i < n; i++) {
            rw_bits bits = rw_draw(stream, r, i);
            drawn[i] = whole[rw_uniform_below(bits.word[0], bits.word[1], n)];
        }
        rw_sensitivity again = estimate(outcomes, width, k, drawn, n);
        found[r] = isnan(again.first) ? index->first : again.first;
        found[RESAMPLES + r] = isnan(again.total) ? index->total : again.total;
    }
    index->of_first = percentiles(found);
    index->of_total = percentiles(found + RESAMPLES);
}

rw_err rw_sensitivity_indices(const double *outcomes, size_t n_samples, size_t n_parameters, uint64_t seed,
                              rw_sensitivity *indices) {
    const size_t width = n_parameters + 2;
    size_t *rows = NULL, n = 0;
    double *found = NULL;
    RW_TRY(RW_NEW(rows, 2 * n_samples, "sensitivity indices"));
    rw_err err = RW_NEW(found, (size_t)2 * RESAMPLES, "sensitivity indices");
    for (size_t i = 0; i < n_samples; i++)
        if (is_whole(outcomes + i * width, width))
            rows[n++] = i;
    for (size_t k = 0; err == RW_OK && k < n_parameters; k++) {
        const rw_interval none = {NAN, NAN};
        indices[k] = (rw_sensitivity){NAN, NAN, none, none};
        if (n >= 4)
            find_indices(outcomes, width, k, rows, n, seed, rows + n_samples, found, &indices[k]);
    }
    rw_free(found);
    rw_free(rows);
    return err;
}
