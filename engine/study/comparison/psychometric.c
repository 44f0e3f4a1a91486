#include "study/comparison/psychometric.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_sf_log.h>
#include <math.h>

enum { ITERATIONS = 100 };

/* Trials with a choice, evidence in a unit in which it has a spread of about 1. */
typedef struct {
    const double *x, *choice;
    size_t n;
    double offset, unit;
} trials;

/* Gradient and Fisher information of the log likelihood, in intercept and slope. */
typedef struct {
    double gradient[2], information[4], log_likelihood;
} likelihood;

static double standardised(const trials *all, size_t i) {
    return (all->x[i] - all->offset) / all->unit;
}

/* log(1 + exp(z)) without an overflow */
static double log1pexp(double z) {
    return z > 0.0 ? z + gsl_log1p(exp(-z)) : gsl_log1p(exp(z));
}

static double probability(double log_odds) {
    return 1.0 / (1.0 + exp(-log_odds));
}

static likelihood likelihood_at(const trials *all, const double *at) {
    likelihood sum = {.log_likelihood = 0.0};
    for (size_t i = 0; i < all->n; i++) {
        if (isnan(all->choice[i]))
            continue;
        const double x = standardised(all, i), z = at[0] + at[1] * x, p = probability(z), w = p * (1.0 - p);
        sum.log_likelihood += all->choice[i] * z - log1pexp(z);
        sum.gradient[0] += all->choice[i] - p;
        sum.gradient[1] += (all->choice[i] - p) * x;
        sum.information[0] += w;
        sum.information[1] += w * x;
        sum.information[3] += w * x * x;
    }
    sum.information[2] = sum.information[1];
    return sum;
}

/* Offset and unit; false: all evidence is the same. */
static bool standardise(trials *all) {
    double n = 0.0, mean = 0.0, squares = 0.0;
    for (size_t i = 0; i < all->n; i++) {
        if (isnan(all->choice[i]))
            continue;
        const double before = all->x[i] - mean;
        n += 1.0;
        mean += before / n;
        squares += before * (all->x[i] - mean);
    }
    all->offset = mean;
    all->unit = n > 0.0 ? sqrt(squares / n) : 0.0;
    return all->unit > 0.0;
}

/* Why the likelihood has no maximum; NULL: it has. */
static const char *find_problem(trials *all) {
    double least[2] = {INFINITY, INFINITY}, most[2] = {-INFINITY, -INFINITY};
    for (size_t i = 0; i < all->n; i++) {
        if (isnan(all->choice[i]))
            continue;
        const int of = all->choice[i] > 0.5;
        least[of] = fmin(least[of], all->x[i]);
        most[of] = fmax(most[of], all->x[i]);
    }
    if (!isfinite(least[0]) && !isfinite(least[1]))
        return "no trial has a choice";
    if (!isfinite(least[0]) || !isfinite(least[1]))
        return "all choices are the same";
    if (!standardise(all))
        return "all trials have the same evidence";
    return most[0] <= least[1] || most[1] <= least[0]
               ? "some evidence separates the choices; take more trials, or values between"
               : NULL;
}

/* Newton's method; halves a step that does not raise the likelihood. false: no maximum was found. */
static bool maximise(const trials *all, double *at, gsl_matrix *covariance) {
    likelihood now = likelihood_at(all, at);
    for (int i = 0; i < ITERATIONS; i++) {
        double move[2];
        gsl_matrix_view information = gsl_matrix_view_array(now.information, 2, 2);
        gsl_vector_view gradient = gsl_vector_view_array(now.gradient, 2), step = gsl_vector_view_array(move, 2);
        if (gsl_linalg_cholesky_decomp1(&information.matrix) != GSL_SUCCESS ||
            gsl_linalg_cholesky_solve(&information.matrix, &gradient.vector, &step.vector) != GSL_SUCCESS)
            return false;
        const double size = fmax(fabs(move[0]), fabs(move[1]));
        if (size < 1e-10) {
            if (gsl_linalg_cholesky_invert(&information.matrix) != GSL_SUCCESS)
                return false;
            return gsl_matrix_memcpy(covariance, &information.matrix) == GSL_SUCCESS;
        }
        double share = 1.0, next[2];
        likelihood then;
        do {
            next[0] = at[0] + share * move[0];
            next[1] = at[1] + share * move[1];
            then = likelihood_at(all, next);
            share *= 0.5;
        } while (then.log_likelihood < now.log_likelihood - 1e-12 * fabs(now.log_likelihood) && share > 1e-6);
        at[0] = next[0];
        at[1] = next[1];
        now = then;
    }
    return false;
}

/* The log likelihood if each value of the evidence had the share that was seen. */
static double log_likelihood_of_shares(const trials *all) {
    double sum = 0.0;
    for (size_t i = 0; i < all->n; i++) {
        double n = 0.0, chosen = 0.0;
        for (size_t k = 0; k < all->n && !isnan(all->choice[i]); k++)
            if (all->x[k] == all->x[i] && !isnan(all->choice[k])) {
                n += 1.0;
                chosen += all->choice[k];
            }
        if (n > 0.0)
            sum += log(all->choice[i] > 0.5 ? chosen / n : 1.0 - chosen / n);
    }
    return sum;
}

static rw_interval around(double value, double variance) {
    const double half = gsl_cdf_ugaussian_Pinv(0.5 * (1.0 + RW_LEVEL)) * sqrt(variance);
    return (rw_interval){value - half, value + half};
}

/* From the standardised evidence back to its own unit. */
static void fill(const trials *all, const double *at, const gsl_matrix *covariance, rw_psychometric *fit) {
    const double shift = all->offset / all->unit, v00 = gsl_matrix_get(covariance, 0, 0);
    const double v01 = gsl_matrix_get(covariance, 0, 1), v11 = gsl_matrix_get(covariance, 1, 1);
    fit->slope = at[1] / all->unit;
    fit->intercept = at[0] - shift * at[1];
    fit->even = all->offset - all->unit * at[0] / at[1];
    fit->var_slope = v11 / (all->unit * all->unit);
    fit->var_intercept = v00 - 2.0 * shift * v01 + shift * shift * v11;
    fit->covariance = (v01 - shift * v11) / all->unit;
    fit->of_slope = around(fit->slope, fit->var_slope);
    fit->of_even = around(
        fit->even, (fit->var_intercept + 2.0 * fit->even * fit->covariance + fit->even * fit->even * fit->var_slope) /
                       (fit->slope * fit->slope));
    fit->deviance = 2.0 * (log_likelihood_of_shares(all) - likelihood_at(all, at).log_likelihood);
}

rw_err rw_psychometric_fit(const double *x, const double *choice, size_t n, rw_psychometric *fit) {
    const rw_interval none = {NAN, NAN};
    trials all = {.x = x, .choice = choice, .n = n};
    double at[2] = {0.0, 0.0};
    *fit = (rw_psychometric){NAN, NAN, none, none, NAN, NAN, NAN, NAN, NAN, 0, NULL};
    for (size_t i = 0; i < n; i++)
        fit->n += isnan(choice[i]) ? 0 : 1;
    fit->problem = find_problem(&all);
    if (fit->problem != NULL)
        return RW_OK;
    gsl_error_handler_t *handler = gsl_set_error_handler_off(); /* a fit that fails is an answer, no reason to abort */
    gsl_matrix *covariance = gsl_matrix_alloc(2, 2);
    rw_err err = covariance != NULL ? RW_OK
                                    : rw_fail(RW_ERR_SYSTEM, "not enough memory for a psychometric fit; close other "
                                                             "programs");
    if (err == RW_OK && maximise(&all, at, covariance))
        fill(&all, at, covariance, fit);
    else if (err == RW_OK)
        fit->problem = "the likelihood has no maximum that could be found";
    gsl_matrix_free(covariance);
    (void)gsl_set_error_handler(handler);
    return err;
}

double rw_psychometric_at(const rw_psychometric *fit, double x) {
    return probability(fit->intercept + fit->slope * x);
}

rw_interval rw_psychometric_band(const rw_psychometric *fit, double x) {
    const rw_interval odds = around(fit->intercept + fit->slope * x,
                                    fit->var_intercept + 2.0 * x * fit->covariance + x * x * fit->var_slope);
    return (rw_interval){probability(odds.low), probability(odds.high)};
}
