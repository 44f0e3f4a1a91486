#include "model/exponential.h"

#include <math.h>
#include <string.h>

#include "base/vmath.h"

double rw_flows_fastest(const rw_flows *flows) {
    double fastest = 0.0;
    for (size_t i = 0; i < flows->n; i++)
        fastest = fmax(fastest, -flows->rate[i][i]);
    return fastest;
}

/* c = a b; c may be a. */
static void multiply(size_t n, double c[][RW_STATES_MAX], const double a[][RW_STATES_MAX],
                     const double b[][RW_STATES_MAX]) {
    for (size_t i = 0; i < n; i++) {
        double row[RW_STATES_MAX] = {0};
        for (size_t k = 0; k < n; k++)
            for (size_t j = 0; j < n; j++)
                row[j] += a[i][k] * b[k][j];
        memcpy(c[i], row, sizeof row);
    }
}

/* sum = 1 + step + step^2 / 2! + ...; all entries of step are at least 0. */
static void sum_series(size_t n, double sum[][RW_STATES_MAX], const double step[][RW_STATES_MAX]) {
    enum { TERMS = 24 }; /* the largest loss over the step is at most 1, and 1/24! is below 1e-23 */
    double term[RW_STATES_MAX][RW_STATES_MAX] = {{0}};
    for (size_t i = 0; i < n; i++) {
        memset(sum[i], 0, sizeof sum[i]);
        sum[i][i] = term[i][i] = 1.0;
    }
    for (int k = 1; k <= TERMS; k++) {
        multiply(n, term, (const double(*)[RW_STATES_MAX])term, step);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++) {
                term[i][j] /= k;
                sum[i][j] += term[i][j];
            }
    }
}

void rw_flows_exponential(const rw_flows *flows, double hours, double propagator[][RW_STATES_MAX]) {
    size_t n = flows->n;
    double fastest = rw_flows_fastest(flows), shifted[RW_STATES_MAX][RW_STATES_MAX] = {{0}};
    int halvings = 0;
    while (fastest * ldexp(hours, -halvings) > 1.0)
        halvings++;
    double h = ldexp(hours, -halvings);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            shifted[i][j] = h * (flows->rate[i][j] + (i == j ? fastest : 0.0));
    sum_series(n, propagator, (const double(*)[RW_STATES_MAX])shifted);
    double shift = rw_exp(-fastest * h);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            propagator[i][j] *= shift;
    for (int k = 0; k < halvings; k++) {
        memcpy(shifted, propagator, n * sizeof shifted[0]);
        multiply(n, propagator, (const double(*)[RW_STATES_MAX])shifted, (const double(*)[RW_STATES_MAX])shifted);
    }
}
