#include "sim/accuracy/clock_evidence.h"

#include <math.h>

/* Counts that the estimate of the Fano factor averages over, and what it begins with: one of a Poisson process. */
static const double FANO_COUNTS = 64.0, FANO_PRIOR = 4.0;

/* Updates that the averages of formed and deleted synapses go over. */
static const double SYNAPSE_UPDATES = 64.0;

double rw_error_total(const rw_error_sources *error) {
    return error->lag + error->steps + 3.0 * error->sampling;
}

/* The second difference of successive rates has the variances v1 + 4 v2 + v3 of its three, and no part of a rate that
 * rises or falls steadily: what a drug does in an hour is no noise. */
void rw_rate_evidence_count(rw_rate_evidence *rate, double spikes, double network_ms) {
    const double cell_s = rate->cells * 1e-3 * network_ms, n[] = {spikes, rate->counted[0], rate->counted[1]};
    const double s[] = {cell_s, rate->counted_cell_s[0], rate->counted_cell_s[1]};
    rate->counted[0] = n[0];
    rate->counted[1] = n[1];
    rate->counted_cell_s[0] = s[0];
    rate->counted_cell_s[1] = s[1];
    const double sum = n[0] + n[1] + n[2];
    if (s[2] == 0.0 || sum == 0.0)
        return;
    const double poisson = sum / (s[0] + s[1] + s[2]) * (1.0 / s[0] + 4.0 / s[1] + 1.0 / s[2]);
    const double difference = n[0] / s[0] - 2.0 * n[1] / s[1] + n[2] / s[2];
    if (rate->weight == 0.0) {
        rate->weight = FANO_PRIOR;
        rate->fano = 1.0;
    }
    rate->weight = fmin(rate->weight + 1.0, FANO_COUNTS);
    rate->fano += (difference * difference / poisson - rate->fano) / rate->weight;
}

/* Two exponential averages in series differ by the slope times their time. That time is a few lags, so that noise of
 * the slope adds little to the error which is estimated from it. */
static void add_slope(rw_rate_evidence *rate, double rate_hz, double S, double interval_ms) {
    rate->slope_ms = fmax(2.0 * interval_ms, 4.0 * S * rate->settling_ms);
    double kept = rw_exp(-interval_ms / rate->slope_ms), gain = 1.0 - kept;
    rate->mean_hz += gain * (rate_hz - rate->mean_hz);
    rate->delayed_hz += gain * (rate->mean_hz - rate->delayed_hz);
    double late_ms = interval_ms * kept / gain; /* how late an average of a steady slope is */
    rate->slope_per_ms = (rate->mean_hz - rate->delayed_hz) / (late_ms * fmax(rate->mean_hz, 1e-9));
}

void rw_rate_evidence_add(rw_rate_evidence *rate, double spikes, double network_ms, double interval_ms) {
    double cell_s = rate->cells * 1e-3 * network_ms, rate_hz = spikes / cell_s;
    if (rate->last_cell_s == 0.0)
        rate->mean_hz = rate->delayed_hz = rate_hz;
    add_slope(rate, rate_hz, interval_ms / network_ms, interval_ms);
    rate->last_cell_s = cell_s;
}

void rw_synapse_evidence_add(rw_synapse_evidence *synapses, double number, double formed, double deleted,
                             double formation, double interval_ms) {
    double per_ms = 1.0 / (fmax(number, 1.0) * interval_ms), gain = 1.0 / SYNAPSE_UPDATES;
    if (synapses->number == 0.0)
        gain = 1.0;
    synapses->formed_per_ms += gain * (formed * per_ms / fmax(formation, 1e-9) - synapses->formed_per_ms);
    synapses->deleted_per_ms += gain * (deleted * per_ms - synapses->deleted_per_ms);
    synapses->net_per_ms += gain * ((formed - deleted) * per_ms - synapses->net_per_ms);
    synapses->number = number;
}

/* The larger of two errors, source by source. */
static void keep_larger(rw_error_sources *kept, const rw_error_sources *other) {
    kept->lag = fmax(kept->lag, other->lag);
    kept->sampling = fmax(kept->sampling, other->sampling);
    kept->steps = fmax(kept->steps, other->steps);
}

static double relative_slope(const rw_rate_evidence *rate) {
    return fmax(fabs(rate->slope_per_ms), rate->known_per_ms);
}

/* Rates are late; noise of a rate is no error of the rate, but of what averages it. */
static rw_error_sources errors_of_rates(const rw_clock_evidence *evidence, double S, bool ahead) {
    rw_error_sources error = {0};
    for (size_t p = 0; p < evidence->n_rates; p++) {
        const rw_rate_evidence *rate = &evidence->rates[p];
        double slope = ahead ? relative_slope(rate) : fabs(rate->slope_per_ms);
        error.lag = fmax(error.lag, S * rate->settling_ms * slope);
    }
    return error;
}

/* Synapses that calcium steers towards a target rate: they follow a calcium that is S tau_Ca old, and its noise lets
 * their number K walk at random until the network pulls it back, within K / steered if rates are in proportion to K. */
static rw_error_sources errors_of_steering(const rw_synapse_evidence *synapses, double S) {
    rw_error_sources error = {0};
    if (synapses->steered_per_ms <= 0.0)
        return error;
    error.lag = S * synapses->calcium_ms * fabs(synapses->net_per_ms);
    error.sampling = sqrt(0.5 * synapses->steered_per_ms * synapses->steered_noise * fmax(S - 1.0, 0.0));
    return error;
}

/* Synapses form at the end of an interval, half of it late in the mean. */
static rw_error_sources errors_of_synapses(const rw_clock_evidence *evidence, double S) {
    rw_error_sources error = errors_of_steering(&evidence->synapses, S);
    error.steps = 0.5 * evidence->interval_ms * fabs(evidence->synapses.net_per_ms);
    return error;
}

static void add_signals(rw_clock_errors *errors, const rw_signal_errors *signal, rw_error_sources *worst) {
    keep_larger(&errors->signals, &signal->formation);
    keep_larger(worst, &signal->synapses);
}

/* Errors of signals and of steering are independent: sizes of noise add as squares. */
static void add_worst(rw_clock_errors *errors, const rw_error_sources *worst) {
    errors->synapses.lag += worst->lag;
    errors->synapses.steps += worst->steps;
    errors->synapses.sampling =
        sqrt(errors->synapses.sampling * errors->synapses.sampling + worst->sampling * worst->sampling);
}

rw_clock_errors rw_clock_errors_now(const rw_clock_evidence *evidence) {
    double S = evidence->factor;
    rw_clock_errors errors = {.rates = errors_of_rates(evidence, S, false),
                              .synapses = errors_of_synapses(evidence, S)};
    rw_error_sources worst = {0};
    for (size_t s = 0; s < evidence->n_signals; s++) {
        rw_signal_errors signal = rw_signal_ensemble_errors(&evidence->ensembles[s]);
        add_signals(&errors, &signal, &worst);
    }
    add_worst(&errors, &worst);
    return errors;
}

rw_clock_errors rw_clock_errors_ahead(const rw_clock_evidence *evidence, double S) {
    rw_clock_errors errors = {.rates = errors_of_rates(evidence, S, true), .synapses = errors_of_synapses(evidence, S)};
    rw_error_sources worst = {0};
    for (size_t s = 0; s < evidence->n_signals; s++) {
        rw_signal_errors signal = rw_signal_ensemble_forecast(&evidence->ensembles[s], &evidence->outlooks[s], S);
        add_signals(&errors, &signal, &worst);
    }
    add_worst(&errors, &worst);
    return errors;
}
