#include "study/comparison/hill.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multifit_nlinear.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"

enum { RESAMPLES = RW_HILL_RESAMPLES, ITERATIONS = 200, PARAMETERS = 4 };

/* Means over units at each dose, with the number of units as weight: the same least squares as all values. */
typedef struct {
    const double *doses;
    double *mean, *weight;
    size_t n;
} dose_means;

double rw_hill_at(const rw_hill *fit, double dose) {
    if (!(dose > 0.0))
        return fit->E0;
    return fit->E0 + fit->E_max / (1.0 + exp(fit->h * (log(fit->EC50) - log(dose))));
}

/* EC50 and h are fitted as logarithms, so that they stay positive. */
static rw_hill from_vector(const gsl_vector *x) {
    return (rw_hill){.E0 = gsl_vector_get(x, 0),
                     .E_max = gsl_vector_get(x, 1),
                     .EC50 = exp(gsl_vector_get(x, 2)),
                     .h = exp(gsl_vector_get(x, 3))};
}

static int residuals(const gsl_vector *x, void *data, gsl_vector *f) {
    const dose_means *means = data;
    const rw_hill fit = from_vector(x);
    for (size_t i = 0; i < means->n; i++)
        gsl_vector_set(f, i, sqrt(means->weight[i]) * (rw_hill_at(&fit, means->doses[i]) - means->mean[i]));
    return GSL_SUCCESS;
}

/* Derivatives by E0, E_max, log EC50 and log h: differences would lose their digits where a parameter is near 0. */
static int derivatives(const gsl_vector *x, void *data, gsl_matrix *jacobian) {
    const dose_means *means = data;
    const rw_hill fit = from_vector(x);
    for (size_t i = 0; i < means->n; i++) {
        const double root = sqrt(means->weight[i]), distance = log(fit.EC50) - log(means->doses[i]);
        const double share = means->doses[i] > 0.0 ? 1.0 / (1.0 + exp(fit.h * distance)) : 0.0;
        const double slope = share > 0.0 ? -fit.E_max * share * (1.0 - share) * fit.h : 0.0;
        gsl_matrix_set(jacobian, i, 0, root);
        gsl_matrix_set(jacobian, i, 1, root * share);
        gsl_matrix_set(jacobian, i, 2, root * slope);
        gsl_matrix_set(jacobian, i, 3, slope != 0.0 ? root * slope * distance : 0.0);
    }
    return GSL_SUCCESS;
}

/* One descent from a start; the sum of squares, infinite if it went nowhere. */
static double descend(gsl_multifit_nlinear_workspace *work, gsl_multifit_nlinear_fdf *problem, const double *start,
                      rw_hill *fit) {
    gsl_vector_const_view from = gsl_vector_const_view_array(start, PARAMETERS);
    int info = 0;
    double squares = INFINITY;
    if (gsl_multifit_nlinear_init(&from.vector, problem, work) != GSL_SUCCESS)
        return INFINITY;
    (void)gsl_multifit_nlinear_driver(ITERATIONS, 1e-10, 1e-10, 0.0, NULL, NULL, &info, work); /* judged by the sum */
    if (gsl_blas_ddot(gsl_multifit_nlinear_residual(work), gsl_multifit_nlinear_residual(work), &squares) !=
        GSL_SUCCESS)
        return INFINITY;
    *fit = from_vector(gsl_multifit_nlinear_position(work));
    return isfinite(squares) && isfinite(fit->EC50) && isfinite(fit->h) ? squares : INFINITY;
}

/* The best of descents that start at every dose, flat and steep. */
static double fit_means(gsl_multifit_nlinear_workspace *work, const dose_means *means, rw_hill *best) {
    gsl_multifit_nlinear_fdf problem = {
        .f = residuals, .df = derivatives, .n = means->n, .p = PARAMETERS, .params = (void *)means};
    double least = INFINITY;
    for (size_t i = 0; i < means->n; i++)
        for (int steep = 0; steep < 2 && means->doses[i] > 0.0; steep++) {
            const double start[PARAMETERS] = {means->mean[0], means->mean[means->n - 1] - means->mean[0],
                                              log(means->doses[i]), steep ? log(3.0) : 0.0};
            rw_hill fit;
            double squares = descend(work, &problem, start, &fit);
            if (squares < least) {
                least = squares;
                *best = fit;
            }
        }
    return least;
}

/* Means over units; a dose without any effect has weight 0. units NULL: each once. */
static void compute_means(dose_means *means, const double *effects, size_t n_units, const size_t *units) {
    for (size_t d = 0; d < means->n; d++) {
        means->mean[d] = means->weight[d] = 0.0;
        for (size_t u = 0; u < n_units; u++) {
            double effect = effects[(units != NULL ? units[u] : u) * means->n + d];
            if (isnan(effect))
                continue;
            means->mean[d] += effect;
            means->weight[d] += 1.0;
        }
        means->mean[d] /= means->weight[d] > 0.0 ? means->weight[d] : 1.0;
    }
}

static double explained(const dose_means *means, const double *effects, size_t n_units, const rw_hill *fit) {
    double sum = 0.0, count = 0.0, total = 0.0, left = 0.0;
    for (size_t i = 0; i < means->n * n_units; i++)
        if (!isnan(effects[i])) {
            sum += effects[i];
            count++;
        }
    for (size_t i = 0; i < means->n * n_units; i++)
        if (!isnan(effects[i])) {
            double off = effects[i] - rw_hill_at(fit, means->doses[i % means->n]);
            total += (effects[i] - sum / count) * (effects[i] - sum / count);
            left += off * off;
        }
    return total > 0.0 ? 1.0 - left / total : NAN;
}

static rw_interval percentiles(double *values, size_t n) {
    if (n < RESAMPLES / 2)
        return (rw_interval){NAN, NAN};
    gsl_sort(values, 1, n);
    return (rw_interval){gsl_stats_quantile_from_sorted_data(values, 1, n, 0.5 * (1.0 - RW_LEVEL)),
                         gsl_stats_quantile_from_sorted_data(values, 1, n, 0.5 * (1.0 + RW_LEVEL))};
}

static void find_intervals(gsl_multifit_nlinear_workspace *work, dose_means *means, const double *effects,
                           size_t n_units, uint64_t seed, size_t *units, double *found, rw_hill *fit, rw_hill *curves) {
    const rw_stream stream = rw_substream_of(seed, RW_SUBSTREAM_RESAMPLE_HILL, 0);
    size_t n = 0;
    for (size_t r = 0; r < RESAMPLES; r++) {
        rw_hill again = {0};
        for (size_t u = 0; u < n_units; u++) {
            rw_bits bits = rw_draw(stream, r, u);
            units[u] = (size_t)rw_uniform_below(bits.word[0], bits.word[1], n_units);
        }
        compute_means(means, effects, n_units, units);
        if (!isfinite(fit_means(work, means, &again)))
            continue;
        if (curves != NULL)
            curves[n] = again;
        found[n] = again.E0;
        found[RESAMPLES + n] = again.E_max;
        found[2 * RESAMPLES + n] = again.EC50;
        found[3 * RESAMPLES + n++] = again.h;
    }
    fit->resamples = n;
    fit->of_E0 = percentiles(found, n);
    fit->of_E_max = percentiles(found + RESAMPLES, n);
    fit->of_EC50 = percentiles(found + (size_t)2 * RESAMPLES, n);
    fit->of_h = percentiles(found + (size_t)3 * RESAMPLES, n);
}

rw_interval rw_hill_band(const rw_hill *again, size_t n, double dose) {
    double values[RESAMPLES];
    for (size_t r = 0; r < n; r++)
        values[r] = rw_hill_at(&again[r], dose);
    return percentiles(values, n);
}

/* What effects are measured from and in while a curve is fitted: the solver has tolerances of its own, with which it
 * would find another curve where effects are 1e-9 or lie on an offset of 1e6. */
typedef struct {
    double offset, unit;
} standard;

/* The unit is the largest distance of a mean from that at the first dose, which becomes 1. */
static standard standard_of(const dose_means *means) {
    standard of = {.offset = NAN, .unit = 0.0};
    for (size_t d = 0; d < means->n; d++)
        if (means->weight[d] > 0.0) {
            of.offset = isnan(of.offset) ? means->mean[d] : of.offset;
            of.unit = fmax(of.unit, fabs(means->mean[d] - of.offset));
        }
    of.offset = isnan(of.offset) ? 0.0 : of.offset;
    of.unit = of.unit > 0.0 ? of.unit : 1.0;
    of.offset -= of.unit;
    return of;
}

static void restore_curve(const standard *of, rw_hill *fit) {
    fit->E0 = of->offset + of->unit * fit->E0;
    fit->E_max *= of->unit;
}

static void restore(const standard *of, rw_hill *fit, rw_hill *curves) {
    restore_curve(of, fit);
    fit->of_E0 = (rw_interval){of->offset + of->unit * fit->of_E0.low, of->offset + of->unit * fit->of_E0.high};
    fit->of_E_max = (rw_interval){of->unit * fit->of_E_max.low, of->unit * fit->of_E_max.high};
    for (size_t r = 0; curves != NULL && r < fit->resamples; r++)
        restore_curve(of, &curves[r]);
}

/* Fits effects [n_units x n], which are standardised in place. */
static void fit_standardised(gsl_multifit_nlinear_workspace *work, dose_means *means, double *effects, size_t n_units,
                             uint64_t seed, size_t *units, double *found, rw_hill *fit, rw_hill *curves) {
    compute_means(means, effects, n_units, NULL);
    const standard of = standard_of(means);
    for (size_t i = 0; i < n_units * means->n; i++)
        effects[i] = (effects[i] - of.offset) / of.unit;
    compute_means(means, effects, n_units, NULL);
    if (!isfinite(fit_means(work, means, fit)))
        return;
    fit->r_squared = explained(means, effects, n_units, fit);
    find_intervals(work, means, effects, n_units, seed, units, found, fit, curves);
    restore(&of, fit, curves);
}

rw_err rw_hill_fit(const double *doses, size_t n_doses, const double *effects, size_t n_units, uint64_t seed,
                   rw_hill *fit, rw_hill *again) {
    const rw_interval none = {NAN, NAN};
    const gsl_multifit_nlinear_parameters how = gsl_multifit_nlinear_default_parameters();
    double *numbers = NULL;
    size_t *units = NULL;
    *fit = (rw_hill){NAN, NAN, NAN, NAN, NAN, none, none, none, none, 0};
    if (n_doses < PARAMETERS)
        return RW_OK;
    RW_TRY(RW_NEW(numbers, (2 + n_units) * n_doses + (size_t)PARAMETERS * RESAMPLES, "dose-response fit"));
    rw_err err = RW_NEW(units, n_units, "dose-response fit");
    gsl_error_handler_t *handler = gsl_set_error_handler_off(); /* a fit that fails is an answer, no reason to abort */
    gsl_multifit_nlinear_workspace *work = NULL;
    if (err == RW_OK) {
        work = gsl_multifit_nlinear_alloc(gsl_multifit_nlinear_trust, &how, n_doses, PARAMETERS);
        if (work == NULL)
            err = rw_fail(RW_ERR_SYSTEM, "not enough memory for a dose-response fit; close other programs");
    }
    if (err == RW_OK) {
        dose_means means = {.doses = doses, .mean = numbers, .weight = numbers + n_doses, .n = n_doses};
        double *standardised = numbers + 2 * n_doses, *found = standardised + n_units * n_doses;
        memcpy(standardised, effects, n_units * n_doses * sizeof *effects);
        fit_standardised(work, &means, standardised, n_units, seed, units, found, fit, again);
    }
    gsl_multifit_nlinear_free(work);
    (void)gsl_set_error_handler(handler);
    rw_free(units);
    rw_free(numbers);
    return err;
}
