/* What a run knows about the errors that its clock makes, and the errors that follow from it. Plain numbers and pure
 * functions of them: who fills them in is sim/accuracy/clock_observation.c. */
#ifndef RW_SIM_CLOCK_EVIDENCE_H
#define RW_SIM_CLOCK_EVIDENCE_H

#include "sim/accuracy/signal_ensemble.h"

/* The rate of one population. */
typedef struct {
    double settling_ms; /* of the network: the longest time constant of its cells and their receptors */
    double cells;
    double last_cell_s;                   /* of the last interval: cells times seconds of the network */
    double mean_hz, delayed_hz;           /* exponential averages: of the rate, and of mean_hz */
    double slope_per_ms, slope_ms;        /* relative change per biological ms, and the time it is measured over */
    double known_per_ms;                  /* relative change that is known ahead, of drugs and factors, >= 0 */
    double fano, weight;                  /* Fano factor of spike counts, and how many counts are in it */
    double counted[2], counted_cell_s[2]; /* spikes of the last two counts, newest first; 0 cell seconds: none yet */
} rw_rate_evidence;

/* All synapses that form and vanish. Per biological ms, as shares of them. */
typedef struct {
    double number;                        /* at the last update */
    double formed_per_ms, deleted_per_ms; /* averages; formed: divided by the factor of the signal */
    double net_per_ms;                    /* average of formed minus deleted */
    /* Where calcium steers growth: how fast, as a share of the synapses, elements grow when calcium is a relative
     * amount of 1 too small, largest of all kinds; and tau_Ca. 0: calcium steers nothing. */
    double steered_per_ms, calcium_ms;
    double steered_noise; /* per ms of the network: relative variance x time of what steers: F / (rate cells) */
} rw_synapse_evidence;

/* The errors of these quantities by source, each the largest of its kind; relative to the quantity. */
typedef struct {
    rw_error_sources rates, signals, synapses;
} rw_clock_errors;

typedef struct {
    double interval_ms;      /* biological, E */
    double factor;           /* S of the last interval; 0 before the first */
    rw_rate_evidence *rates; /* [n_rates] */
    size_t n_rates;
    rw_signal_ensemble *ensembles; /* [n_signals] */
    rw_signal_outlook *outlooks;   /* [n_signals] */
    size_t n_signals;
    rw_synapse_evidence synapses;
} rw_clock_evidence;

/* Adds an interval to the evidence: spikes of all cells in network_ms of the network, which stood for interval_ms. */
void rw_rate_evidence_add(rw_rate_evidence *rate, double spikes, double network_ms, double interval_ms);

/* Adds spikes of all cells in network_ms of the network, right after those of the last call: a count for the Fano
 * factor. Counts must be short compared with the time in which the rate changes. */
void rw_rate_evidence_count(rw_rate_evidence *rate, double spikes, double network_ms);

/* Adds an update of connectivity: synapses before it, formed and deleted by it, after interval_ms. `formation`: the
 * factor of signals at which they formed. */
void rw_synapse_evidence_add(rw_synapse_evidence *synapses, double number, double formed, double deleted,
                             double formation, double interval_ms);

/* The errors that the run has at the end of the last interval. */
rw_clock_errors rw_clock_errors_now(const rw_clock_evidence *evidence);

/* The largest errors to come with factor S from now on. */
rw_clock_errors rw_clock_errors_ahead(const rw_clock_evidence *evidence, double S);

/* lag + steps + 3 sampling: 95 of 100 runs are below it all the time. At one time two standard deviations would do; a
 * run of some memory times of a signal has several chances. */
double rw_error_total(const rw_error_sources *error);

#endif
