/* What a run will cost, before it is started: a simple model, stated as a prediction.
 *
 * memory: the program + cells x (numbers of their models + arrival buffers) + synapses x bytes.
 * disk: what empty files need + spikes x bytes + snapshots x synapses x bytes + samples of reports and series.
 * time: (synapses x ns to build + steps x cells x ns, measured now for each model, + steps x Poisson targets x ns
 * + spikes delivered x ns) / threads + snapshots x synapses x ns.
 *
 * Rates are unknown before the run; RW_ASSUMED_RATE_HZ stands for them. */
#ifndef RW_CLI_COST_H
#define RW_CLI_COST_H

#include "config/scenario.h"

#define RW_ASSUMED_RATE_HZ 5.0

typedef struct {
    uint64_t neurons; /* that are simulated */
    double synapses;  /* expected at the start */
    double memory_bytes, disk_bytes, wall_s;
} rw_cost;

/* Predicts the cost of a run on n_threads. Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_cost_predict(rw_cost *cost, const rw_scenario *scenario, int n_threads);

#endif
