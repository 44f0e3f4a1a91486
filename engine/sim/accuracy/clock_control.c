#include "sim/accuracy/clock_control.h"

#include <math.h>

/* Steps of the search for a factor: four to a doubling. */
static const double FINER = 1.189207115002721; /* 2^(1/4) */

/* So many settling times of the network begin a run; and the rate of cells before it is measured (an assumption). */
static const double SETTLING_TIMES = 10.0, FIRST_HZ = 1.0;

/* Where calcium steers growth, its lag is at most this part of the time within which synapses respond; a feedback that
 * is later begins to oscillate (delay times gain below 1/e: no overshoot). */
static const double STEADY = 0.3;

double rw_clock_errors_total(const rw_clock_errors *errors, unsigned of) {
    double rates = (of & RW_CLOCK_RATES) != 0 ? rw_error_total(&errors->rates) : 0.0;
    double signals = (of & RW_CLOCK_SIGNALS) != 0 ? rw_error_total(&errors->signals) : 0.0;
    double synapses = (of & RW_CLOCK_SYNAPSES) != 0 ? rw_error_total(&errors->synapses) : 0.0;
    return fmax(rates, fmax(signals, synapses));
}

/* What errors to come may be, beside one that is there already; at least half the tolerance, since no factor takes back
 * what has happened. */
static double left_of(double tolerance, double there) {
    return sqrt(fmax(tolerance * tolerance - there * there, 0.25 * tolerance * tolerance));
}

static bool fits(const rw_error_sources *ahead, const rw_error_sources *now, double tolerance) {
    return rw_error_total(ahead) <= left_of(tolerance, rw_error_total(now));
}

/* Whether the errors to come fit. Rates forget theirs at once; signals keep theirs for hours, synapses for good. */
static bool is_fit(const rw_clock_evidence *evidence, const rw_clock_errors *now, const rw_clock_spec *tolerance,
                   double S) {
    const rw_synapse_evidence *synapses = &evidence->synapses;
    const rw_error_sources none = {0};
    if (S * synapses->calcium_ms * synapses->steered_per_ms > STEADY)
        return false;
    rw_clock_errors ahead = rw_clock_errors_ahead(evidence, S);
    return ((tolerance->of & RW_CLOCK_RATES) == 0 || fits(&ahead.rates, &none, tolerance->tolerance)) &&
           ((tolerance->of & RW_CLOCK_SIGNALS) == 0 || fits(&ahead.signals, &now->signals, tolerance->tolerance)) &&
           ((tolerance->of & RW_CLOCK_SYNAPSES) == 0 || fits(&ahead.synapses, &now->synapses, tolerance->tolerance));
}

static double clamp(double S, const rw_clock_spec *tolerance) {
    return fmin(fmax(S, tolerance->slowest), tolerance->fastest);
}

/* Nothing is measured yet. The network gets time to settle, and populations that drive a signal time for so many spikes
 * that their rates are known to the tolerance, if cells fire at FIRST_HZ. */
static double first_factor(const rw_clock_evidence *evidence, const rw_clock_spec *tolerance) {
    double network_ms = SETTLING_TIMES;
    for (size_t p = 0; p < evidence->n_rates; p++)
        network_ms = fmax(network_ms, SETTLING_TIMES * evidence->rates[p].settling_ms);
    for (size_t s = 0; s < evidence->n_signals; s++) {
        double cells = evidence->rates[evidence->ensembles[s].signal->spec->population].cells;
        double spikes = 1.0 / (tolerance->tolerance * tolerance->tolerance);
        network_ms = fmax(network_ms, 1e3 * spikes / (FIRST_HZ * fmax(cells, 1.0)));
    }
    return clamp(evidence->interval_ms / network_ms, tolerance);
}

double rw_clock_control(const rw_clock_evidence *evidence, const rw_clock_spec *tolerance) {
    if (evidence->factor == 0.0)
        return first_factor(evidence, tolerance);
    const rw_clock_errors now = rw_clock_errors_now(evidence);
    double S = clamp(evidence->factor, tolerance), most = clamp(2.0 * S, tolerance);
    if (is_fit(evidence, &now, tolerance, S)) {
        while (S < most && is_fit(evidence, &now, tolerance, fmin(S * FINER, most)))
            S = fmin(S * FINER, most);
        return S;
    }
    while (S > tolerance->slowest && !is_fit(evidence, &now, tolerance, S))
        S = fmax(S / FINER, tolerance->slowest);
    return S;
}
