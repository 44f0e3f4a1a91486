/* What a run will cost, before it is started: a simple model, stated as a prediction.
 *
 * memory: the program + cells x (numbers of their models + arrival buffers) + synapses x bytes.
 * disk: what empty files need + spikes x bytes + snapshots x synapses x bytes + samples of reports and series.
 * time: (synapses x ns to build + steps x cells x ns, measured now for each model, + steps x Poisson targets x ns
 * + spikes delivered x ns) / threads + snapshots x synapses x ns.
 *
 * With several ranks, memory, traffic and time are those of one rank. The network is not measured but estimated on
 * paper, with the constants below, from how many spikes a cell fires and how many ranks its synapses reach if they are
 * spread evenly; synapses that stay near reach fewer.
 *
 * Rates are unknown before the run; RW_ASSUMED_RATE_HZ stands for them. */
#ifndef RW_CLI_COST_H
#define RW_CLI_COST_H

#include "config/scenario.h"

#define RW_ASSUMED_RATE_HZ 5.0

/* A typical interconnect: a message's time in the network, its cost at the sender, and bytes per second. */
#define RW_LATENCY_S 2e-6
#define RW_MESSAGE_S 0.3e-6
#define RW_LINK_BYTES_S 1e10

typedef struct {
    uint64_t network_steps;      /* that stand for the run */
    uint64_t neurons;            /* that are simulated */
    double synapses;             /* expected at the start */
    double memory_bytes, wall_s; /* of a rank */
    double extra_bytes;          /* of memory that the first rank, which writes the files, needs beyond */
    double disk_bytes;
    double exchanges_hz;    /* exchanges of spikes per second of the network; 0 with one rank */
    double sent_bytes_s;    /* by a rank, per second of the network */
    double exchange_wall_s; /* what the network adds to wall_s, estimated; part of it */
} rw_cost;

/* Predicts the cost of a run on each of n_ranks with n_threads, for which `network_steps` stand (rw_clock_forecast, or
 * rw_clock_predict where memory alone is asked for). Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_cost_predict(rw_cost *cost, const rw_scenario *scenario, uint64_t network_steps, int n_ranks,
                                     int n_threads);

#endif
