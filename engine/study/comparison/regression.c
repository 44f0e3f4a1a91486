#include "study/comparison/regression.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multifit.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

/* Singular values below this share of the largest mean that columns depend on each other. */
#define DEPENDENT 1e-7

/* What the fit works on: a column of ones and the standardised quantities. */
typedef struct {
    gsl_matrix *x, *covariance;
    gsl_vector *y, *beta;
    gsl_multifit_linear_workspace *work;
    size_t n, k; /* rows, columns with that of ones */
} design;

static void design_free(design *d) {
    gsl_matrix_free(d->x);
    gsl_matrix_free(d->covariance);
    gsl_vector_free(d->y);
    gsl_vector_free(d->beta);
    if (d->work != NULL)
        gsl_multifit_linear_free(d->work);
}

static rw_err design_create(design *d, size_t n, size_t k) {
    *d = (design){.x = gsl_matrix_alloc(n, k),
                  .covariance = gsl_matrix_alloc(k, k),
                  .y = gsl_vector_alloc(n),
                  .beta = gsl_vector_alloc(k),
                  .work = gsl_multifit_linear_alloc(n, k),
                  .n = n,
                  .k = k};
    if (d->x != NULL && d->covariance != NULL && d->y != NULL && d->beta != NULL && d->work != NULL)
        return RW_OK;
    design_free(d);
    return rw_fail(RW_ERR_SYSTEM, "no memory for a regression of %zu rows and %zu columns", n, k);
}

static bool is_whole(const double *y, const double *x, size_t row, size_t n_columns) {
    for (size_t c = 0; c < n_columns; c++)
        if (!isfinite(x[row * n_columns + c]))
            return false;
    return isfinite(y[row]);
}

/* Scales a vector to mean 0 and standard deviation 1; false if it does not vary. */
static bool standardise(gsl_vector *v) {
    const double mean = gsl_stats_mean(v->data, v->stride, v->size);
    const double spread = gsl_stats_sd_m(v->data, v->stride, v->size, mean);
    if (!(spread > 1e-12 * fabs(mean)))
        return false;
    (void)gsl_vector_add_constant(v, -mean);
    (void)gsl_vector_scale(v, 1.0 / spread);
    return true;
}

/* Copies the whole rows and standardises every column; false if one does not vary. */
static bool design_fill(design *d, const double *y, const double *x, size_t n_rows) {
    const size_t n_columns = d->k - 1;
    size_t at = 0;
    bool varies = true;
    for (size_t row = 0; row < n_rows; row++) {
        if (!is_whole(y, x, row, n_columns))
            continue;
        gsl_vector_set(d->y, at, y[row]);
        gsl_matrix_set(d->x, at, 0, 1.0);
        for (size_t c = 0; c < n_columns; c++)
            gsl_matrix_set(d->x, at, 1 + c, x[row * n_columns + c]);
        at++;
    }
    for (size_t c = 1; c < d->k; c++) {
        gsl_vector_view column = gsl_matrix_column(d->x, c);
        varies = standardise(&column.vector) && varies;
    }
    return standardise(d->y) && varies;
}

static void read_coefficients(const design *d, rw_coefficient *coefficients) {
    const double freedom = (double)(d->n - d->k), t_end = gsl_cdf_tdist_Pinv(0.5 * (1.0 + RW_LEVEL), freedom);
    for (size_t c = 1; c < d->k; c++) {
        const double beta = gsl_vector_get(d->beta, c), error = sqrt(gsl_matrix_get(d->covariance, c, c));
        coefficients[c - 1] = (rw_coefficient){.beta = beta,
                                               .p = 2.0 * gsl_cdf_tdist_Q(fabs(beta) / error, freedom),
                                               .interval = {beta - t_end * error, beta + t_end * error}};
    }
}

static void solve(design *d, const double *y, const double *x, size_t n_rows, rw_regression *fit,
                  rw_coefficient *coefficients) {
    size_t rank = 0;
    double squares = 0.0;
    if (!design_fill(d, y, x, n_rows)) {
        fit->problem = "what is explained, or a trait, is the same in all subjects";
        return;
    }
    (void)gsl_multifit_linear_tsvd(d->x, d->y, DEPENDENT, d->beta, d->covariance, &squares, &rank, d->work);
    if (rank < d->k) {
        fit->problem = "traits depend on each other";
        return;
    }
    fit->r_squared = 1.0 - squares / (double)(d->n - 1);
    read_coefficients(d, coefficients);
}

rw_err rw_regression_fit(const double *y, const double *x, size_t n_rows, size_t n_columns, rw_regression *fit,
                         rw_coefficient *coefficients) {
    design d;
    *fit = (rw_regression){.r_squared = NAN};
    for (size_t c = 0; c < n_columns; c++)
        coefficients[c] = (rw_coefficient){NAN, NAN, {NAN, NAN}};
    for (size_t row = 0; row < n_rows; row++)
        fit->n += is_whole(y, x, row, n_columns);
    if (fit->n < n_columns + 2) {
        fit->problem = "there are too few subjects for so many traits";
        return RW_OK;
    }
    gsl_error_handler_t *handler = gsl_set_error_handler_off(); /* no memory is an error here, no reason to abort */
    rw_err err = design_create(&d, fit->n, n_columns + 1);
    if (err == RW_OK) {
        solve(&d, y, x, n_rows, fit, coefficients);
        design_free(&d);
    }
    (void)gsl_set_error_handler(handler);
    return err;
}
