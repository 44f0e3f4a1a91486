/* Homeostatic scaling of all synapses onto a cell (van Rossum, Bi & Turrigiano 2000, without the integral). */
#include "model/model.h"

enum { GOAL, TAU, TAU_RATE, MOST, EVERY, FACTOR, ACTIVITY, N_FIELDS };
enum { STATE_FACTOR, STATE_RATE };

static const rw_field fields[N_FIELDS] = {
    [GOAL] = {"target_rate", "Hz", RW_PARAMETER, 5.0, 1e-6, 1e3, "rate that scaling brings the cell to", NULL},
    [TAU] = {"tau", "s", RW_PARAMETER, 86400.0, 1e-2, 1e9, "time in which a silent cell's factor grows by e", NULL},
    [TAU_RATE] = {"tau_rate", "s", RW_PARAMETER, 60.0, 1e-2, 1e7, "time over which the rate is averaged", NULL},
    [MOST] = {"most", "1", RW_PARAMETER, 10.0, 1.0, 1e6, "largest factor; its inverse is the smallest", NULL},
    [EVERY] = {"every", "ms", RW_PARAMETER, 100.0, 1e-3, 1e7, "time between changes of the factor", NULL},
    [FACTOR] = {"factor", "1", RW_STATE, 1.0, 1e-6, 1e6, "factor of the weights of all synapses onto the cell", NULL},
    [ACTIVITY] = {"rate", "Hz", RW_STATE, 0.0, 0.0, 1e4, "running average of the cell's rate", "target_rate"},
};

static void tick(const double *p, double *state, double spikes, double tick_ms) {
    double seconds = 1e-3 * tick_ms;
    double left = rw_exp(-seconds / p[TAU_RATE]);
    state[STATE_RATE] = state[STATE_RATE] * left + (1.0 - left) * spikes / seconds;
    double growth = seconds / p[TAU] * (1.0 - state[STATE_RATE] / p[GOAL]);
    double factor = state[STATE_FACTOR] * rw_exp(growth);
    state[STATE_FACTOR] = fmin(fmax(factor, 1.0 / p[MOST]), p[MOST]);
}

const rw_model rw_synapse_scaling = {
    .name = "scaling",
    .kind = RW_SYNAPSE,
    .summary = "Homeostatic scaling of all a projection's synapses onto a cell towards a rate.",
    .equations = "tau_rate r' = -r + spikes; tau S' = S (1 - r / target_rate); a weight w acts as S w",
    .references = "van Rossum, Bi & Turrigiano 2000 J Neurosci 20:8812; Turrigiano et al. 1998 Nature 391:892",
    .fields = fields,
    .n_fields = N_FIELDS,
    .synapse = {.site = RW_AT_TARGET, .tick = tick},
};
