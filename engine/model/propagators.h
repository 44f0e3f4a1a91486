/* Exact one-step propagators of linear neuron equations (Rotter & Diesmann 1999, Biol Cybern 81:381).
 *
 * Each is written so that equal time constants are no special case and no exponential overflows. */
#ifndef RW_MODEL_PROPAGATORS_H
#define RW_MODEL_PROPAGATORS_H

#include <math.h>

/* Effect on V (mV) after h ms of a current of 1 pA that decays with tau_s, on a membrane tau_m (ms), C_m (pF):
 * (e^(-h/tau_m) - e^(-h/tau_s)) / (C_m (1/tau_s - 1/tau_m)), which is symmetric in the two time constants. */
static inline double rw_propagate_exp_current(double tau_m, double C_m, double tau_s, double h) {
    double rate = fabs(1.0 / tau_s - 1.0 / tau_m);
    double mean = rate * h == 0.0 ? h : -expm1(-rate * h) / rate;
    return exp(-h / fmax(tau_m, tau_s)) * mean / C_m;
}

/* Effect on V (mV) after h ms of a current that is 0 now, rises by 1 pA/ms and decays as t e^(-t/tau_s) pA:
 * e^(-h/tau_m) (1 - (1 + x) e^(-x)) / (C_m (1/tau_s - 1/tau_m)^2) with x = h (1/tau_s - 1/tau_m). */
static inline double rw_propagate_alpha_current(double tau_m, double C_m, double tau_s, double h) {
    double x = h * (1.0 / tau_s - 1.0 / tau_m);
    double shape; /* e^(-h/tau_m) (1 - (1 + x) e^(-x)) / x^2 */
    if (fabs(x) < 0.5) {
        double sum = 0.0, term = 0.5;
        for (int n = 3; n < 20; n++) { /* (e^x - 1 - x) / x^2 = 1/2! + x/3! + x^2/4! + ... */
            sum += term;
            term *= x / n;
        }
        shape = exp(-h / tau_s) * sum;
    } else if (x > 0.0) {
        shape = exp(-h / tau_m) * (1.0 - (1.0 + x) * exp(-x)) / (x * x);
    } else {
        shape = exp(-h / tau_s) * (expm1(x) - x) / (x * x);
    }
    return shape * h * h / C_m;
}

/* Effect on V (mV) after h ms of a constant current of 1 pA. */
static inline double rw_propagate_constant_current(double tau_m, double C_m, double h) {
    return -expm1(-h / tau_m) * tau_m / C_m;
}

/* Peak of (e^(-t/tau_decay) - e^(-t/tau_rise)) / (1/tau_rise - 1/tau_decay), in ms; t e^(-t/tau) if both are equal. */
static inline double rw_two_exponential_peak(double tau_rise, double tau_decay) {
    double rate = 1.0 / tau_rise - 1.0 / tau_decay;
    double t_peak = rate == 0.0 ? tau_decay : log1p(rate * tau_decay) / rate;
    return rw_propagate_exp_current(tau_decay, 1.0, tau_rise, t_peak);
}

/* Mean over h ms of what decays with tau from 1. */
static inline double rw_mean_decay(double tau, double h) {
    return -expm1(-h / tau) * tau / h;
}

/* Places and weights of Gauss-Legendre quadrature with five points on [0, 1]. */
enum { RW_QUADRATURE_POINTS = 5 };
static const double rw_quadrature_place[RW_QUADRATURE_POINTS] = {0.04691007703066800, 0.23076534494715845, 0.5,
                                                                 0.76923465505284155, 0.95308992296933200};
static const double rw_quadrature_weight[RW_QUADRATURE_POINTS] = {
    0.11846344252809454, 0.23931433524968324, 0.28444444444444444, 0.23931433524968324, 0.11846344252809454};

/* Mean over h ms of the effect that rw_propagate_exp_current has after a time, by Gauss-Legendre quadrature with five
 * points: relative error below 1e-10 while h is no longer than the time constants. */
static inline double rw_mean_exp_current(double tau_m, double C_m, double tau_s, double h) {
    double sum = 0.0;
    for (int k = 0; k < RW_QUADRATURE_POINTS; k++)
        sum += rw_quadrature_weight[k] * rw_propagate_exp_current(tau_m, C_m, tau_s, rw_quadrature_place[k] * h);
    return sum;
}

#endif
