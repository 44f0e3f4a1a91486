#include "study/comparison/logrank.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>

/* Singular values below this share of the largest are 0: groups that were never compared. */
#define SINGULAR 1e-10

/* Sums over the times of events. */
typedef struct {
    double *observed, *expected; /* [n_groups] */
    double *covariance;          /* [n_groups x n_groups] of observed - expected */
    double *at_risk;             /* [n_groups] at the time that is looked at */
} rank_sums;

static bool is_in(const rw_logrank_sample *s, size_t i, size_t stratum) {
    return !isnan(s->times[i]) && (s->strata == NULL || s->strata[i] == stratum);
}

/* Whether subject i is the first of its stratum with an event at its time, which is then taken account of once. */
static bool opens_time(const rw_logrank_sample *s, size_t i, size_t stratum) {
    if (!s->events[i])
        return false;
    for (size_t j = 0; j < i; j++)
        if (is_in(s, j, stratum) && s->events[j] && s->times[j] == s->times[i])
            return false;
    return true;
}

/* Adds what a time of events in a stratum contributes. */
static void add_time(const rw_logrank_sample *s, size_t stratum, double time, rank_sums *sums) {
    const size_t g_all = s->n_groups;
    double risk = 0.0, met = 0.0;
    for (size_t g = 0; g < g_all; g++)
        sums->at_risk[g] = 0.0;
    for (size_t j = 0; j < s->n; j++) {
        if (!is_in(s, j, stratum) || s->times[j] < time)
            continue;
        const bool event = s->events[j] && s->times[j] == time;
        sums->at_risk[s->groups[j]] += 1.0;
        sums->observed[s->groups[j]] += event ? 1.0 : 0.0;
        risk += 1.0;
        met += event ? 1.0 : 0.0;
    }
    const double ties = risk > 1.0 ? met * (risk - met) / (risk - 1.0) : 0.0;
    for (size_t a = 0; a < g_all; a++) {
        const double share = sums->at_risk[a] / risk;
        sums->expected[a] += met * share;
        for (size_t b = 0; b < g_all; b++)
            sums->covariance[a * g_all + b] += ties * share * ((a == b ? 1.0 : 0.0) - sums->at_risk[b] / risk);
    }
}

/* chi2 = d' V^- d, with the generalised inverse of a symmetric V; its rank is the number of degrees of freedom. */
static void finish(const rank_sums *sums, size_t n, gsl_matrix *u, gsl_matrix *v, gsl_vector *s, gsl_vector *work,
                   rw_logrank *test) {
    for (size_t i = 0; i < n * n; i++)
        gsl_matrix_set(u, i / n, i % n, sums->covariance[i]);
    (void)gsl_linalg_SV_decomp(u, v, s, work);
    double chi2 = 0.0;
    for (size_t k = 0; k < n; k++) {
        const double singular = gsl_vector_get(s, k);
        double left = 0.0, right = 0.0;
        if (!(singular > SINGULAR * gsl_vector_get(s, 0)) || singular == 0.0)
            continue;
        for (size_t g = 0; g < n; g++) {
            left += gsl_matrix_get(u, g, k) * (sums->observed[g] - sums->expected[g]);
            right += gsl_matrix_get(v, g, k) * (sums->observed[g] - sums->expected[g]);
        }
        chi2 += left * right / singular;
        test->freedom++;
    }
    if (test->freedom == 0)
        return;
    test->chi2 = fmax(chi2, 0.0);
    test->p = gsl_cdf_chisq_Q(test->chi2, (double)test->freedom);
}

static rw_err solve(const rank_sums *sums, size_t n, rw_logrank *test) {
    gsl_error_handler_t *handler = gsl_set_error_handler_off(); /* no memory is an error here, no reason to abort */
    gsl_matrix *u = gsl_matrix_alloc(n, n), *v = gsl_matrix_alloc(n, n);
    gsl_vector *s = gsl_vector_alloc(n), *work = gsl_vector_alloc(n);
    const bool there = u != NULL && v != NULL && s != NULL && work != NULL;
    if (there)
        finish(sums, n, u, v, s, work, test);
    gsl_matrix_free(u);
    gsl_matrix_free(v);
    gsl_vector_free(s);
    gsl_vector_free(work);
    (void)gsl_set_error_handler(handler);
    RW_CHECK(there, RW_ERR_SYSTEM, "no memory for the log-rank test of %zu groups", n);
    return RW_OK;
}

rw_err rw_logrank_test(rw_arena *arena, const rw_logrank_sample *sample, rw_logrank *test) {
    const size_t n = sample->n_groups;
    rank_sums sums = {0};
    *test = (rw_logrank){.chi2 = NAN, .p = NAN};
    RW_TRY(RW_ARENA_NEW(arena, sums.observed, n));
    RW_TRY(RW_ARENA_NEW(arena, sums.expected, n));
    RW_TRY(RW_ARENA_NEW(arena, sums.covariance, n * n));
    RW_TRY(RW_ARENA_NEW(arena, sums.at_risk, n));
    for (size_t stratum = 0; stratum < (sample->strata == NULL ? 1 : sample->n_strata); stratum++)
        for (size_t i = 0; i < sample->n; i++)
            if (is_in(sample, i, stratum) && opens_time(sample, i, stratum))
                add_time(sample, stratum, sample->times[i], &sums);
    test->observed = sums.observed;
    test->expected = sums.expected;
    return n < 2 ? RW_OK : solve(&sums, n, test);
}
