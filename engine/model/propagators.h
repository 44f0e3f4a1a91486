/* Exact one-step propagators of linear neuron equations (Rotter & Diesmann 1999, Biol Cybern 81:381). */
#ifndef RW_MODEL_PROPAGATORS_H
#define RW_MODEL_PROPAGATORS_H

#include <math.h>

/* Effect on V (mV) after h ms of a current of 1 pA that decays with tau_s, on a membrane tau_m (ms), C_m (pF):
 * (e^(-h/tau_m) - e^(-h/tau_s)) / (C_m (1/tau_s - 1/tau_m)), written so that tau_s = tau_m is no special case. */
static inline double rw_propagate_exp_current(double tau_m, double C_m, double tau_s, double h) {
    double rate = 1.0 / tau_s - 1.0 / tau_m;
    double mean = rate * h == 0.0 ? h : -expm1(-rate * h) / rate;
    return exp(-h / tau_m) * mean / C_m;
}

/* Effect on V (mV) after h ms of a constant current of 1 pA. */
static inline double rw_propagate_constant_current(double tau_m, double C_m, double h) {
    return -expm1(-h / tau_m) * tau_m / C_m;
}

#endif
