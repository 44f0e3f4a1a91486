/* What a fast clock does to a growth signal: an ensemble of copies of the signal ("members", as in weather forecasts),
 * each of which gets a rate that is changed by one source of error.
 *
 * A growth signal sees the rate of a population averaged over N steps of the network, which stand for an interval that
 * is S times as long. Against S = 1,
 *   lag       the network needs some time to settle, S times that in biology: the rate is an old one. The member of
 *             lag gets what the rate would be without it, rate + S tau d(rate)/dt.
 *   sampling  the average is one over S times fewer spikes. The members of noise get the mean of recent intervals
 *             times 1 + sigma xi, sigma^2 = F (1 - 1/S) / (spikes counted), xi a standard normal number, F the Fano
 *             factor of the counts. They are compared with a member that gets the mean: the rate itself has such noise
 *             already, and with twice as much of it a steep signal would answer far too often.
 *   steps     the signal advances once in an interval. The member of steps does so twice, and twice the difference is
 *             the error, which is of first order.
 * The difference between member and signal (or mean) is the error of the source, at any depth of any model of a signal,
 * also where it is not linear. What a wrong formation does to the number of synapses K is added up beside it:
 * d(error)/dt = g (f_member - f) - l error, with formed synapses g f K and deleted ones l K per unit of time.
 *
 * Estimates by ensembles: Evensen 2003 Ocean Dynamics 53:343; noise of the fast part of a multiscale scheme: E &
 * Engquist 2003 Commun Math Sci 1:87, Vanden-Eijnden 2007 Commun Math Sci 5:495. */
#ifndef RW_SIM_SIGNAL_ENSEMBLE_H
#define RW_SIM_SIGNAL_ENSEMBLE_H

#include "sim/elements/growth_signal.h"

enum {
    RW_MEMBER_LAG,
    RW_MEMBER_STEPS,
    RW_MEMBER_MEAN,
    RW_MEMBER_NOISE, /* the first of the members of noise; they come in pairs with opposite noise */
    RW_NOISE_MEMBERS = 16,
    RW_MEMBERS = RW_MEMBER_NOISE + RW_NOISE_MEMBERS,
    RW_FORECAST_STEPS = 128
};

/* Errors of one quantity by source, relative to it, >= 0. Sampling is a standard deviation. */
typedef struct {
    double lag, sampling, steps;
} rw_error_sources;

/* The errors of what a signal acts on: the factor on formation, and the number of synapses. */
typedef struct {
    rw_error_sources formation, synapses;
} rw_signal_errors;

typedef struct {
    const rw_signal *signal;
    rw_mechanism half_drive, half_cascade; /* over half an interval */
    rw_mechanism long_drive, long_cascade; /* over a step of the forecast */
    double forecast_ms;                    /* that step, biological */
    double listening_ms;                   /* shortest time over which the drive averages a rate; 0: none */
    size_t stride;                         /* numbers of a member */
    double *members;                       /* [RW_MEMBERS x stride] drive, cascade, past, factor on formation, relative
                                              error of the number of synapses */
    double *normals;                       /* [RW_NOISE_MEMBERS / 2 x RW_FORECAST_STEPS] noise of a forecast */
    rw_stream stream;
} rw_signal_ensemble;

/* What the run did in the interval that the signal has just advanced over. */
typedef struct {
    rw_drive_view view; /* as the signal got it */
    double left;
    double before;           /* the signal's factor on formation in the interval */
    double lag_hz;           /* what the rate lacks because the network lags */
    double mean_hz, noise;   /* mean of recent intervals, and sigma above */
    double rate_hz, blocked; /* change of the view's rate and block from the interval before to this one */
    double formed, deleted;  /* in the interval, as shares of all synapses; formed: at a factor of 1 */
    uint64_t number;         /* of the interval */
} rw_signal_interval;

/* What is known about the time to come. */
typedef struct {
    rw_drive_view view; /* at its begin; held */
    double left;
    double noise_ms;                      /* F / (spikes per ms of the network): sigma^2 of an average over one ms */
    double lag;                           /* relative lag of the rate at S = 1: tau / r dr/dt */
    double lag_ms;                        /* how long the rate goes on changing */
    double formed_per_ms, deleted_per_ms; /* as above */
} rw_signal_outlook;

/* Makes the ensemble of a signal that has not been driven yet; `index` is the signal's number in the scenario. Errors:
 * RW_ERR_SYSTEM, RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_signal_ensemble_create(rw_signal_ensemble *ensemble, const rw_signal *signal, uint64_t seed,
                                               size_t index);

/* Lets all members be as the signal is: the errors begin anew. */
void rw_signal_ensemble_begin(rw_signal_ensemble *ensemble);

/* Copies the members' numbers [RW_MEMBERS x stride] with the past in the order of time, as a restored signal has it. */
void rw_signal_ensemble_copy(const rw_signal_ensemble *ensemble, double *numbers);

/* Frees it; a zeroed one is fine. */
void rw_signal_ensemble_destroy(rw_signal_ensemble *ensemble);

/* Advances all members over the interval over which the signal has just advanced. */
void rw_signal_ensemble_advance(rw_signal_ensemble *ensemble, const rw_signal_interval *interval);

/* The errors that the run has now. */
rw_signal_errors rw_signal_ensemble_errors(const rw_signal_ensemble *ensemble);

/* The largest errors that come of a clock with factor S from now on, of lag and sampling; those that the run has
 * already are not in it. */
rw_signal_errors rw_signal_ensemble_forecast(const rw_signal_ensemble *ensemble, const rw_signal_outlook *outlook,
                                             double S);

#endif
