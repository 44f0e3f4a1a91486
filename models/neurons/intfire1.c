/* NEURON's artificial cell IntFire1 on the grid: a leaky sum of weights that fires when it passes 1. */
#include "model/model.h"

enum { TAU, REFRAC, DECAY, REF_STEPS, V_M, REFRACTORY, W, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [TAU] = {"tau", "ms", RW_PARAMETER, 10.0, 1e-2, 1e6, "decay of the sum of weights", NULL},
    [REFRAC] = {"refrac", "ms", RW_PARAMETER, 5.0, 0.0, 1e6, "refractory time, rounded to steps", NULL},
    [DECAY] = {"decay", "1", RW_DERIVED, 0, 0, 0, "decay of the sum over a step", NULL},
    [REF_STEPS] = {"ref_steps", "1", RW_DERIVED, 0, 0, 0, "refractory steps", NULL},
    [V_M] = {"V_m", "1", RW_STATE, 0.0, -1e3, 1e3, "the sum, in units of the threshold: m of NEURON", NULL},
    [REFRACTORY] = {"refractory", "1", RW_STATE, 0.0, 0.0, 1e9, "refractory steps left", NULL},
    [W] = {"w", "1", RW_PORT, 0, 0, 0, "jump of the sum, lost while refractory", NULL},
};

RW_KERNEL_BODY double step(const rw_chunk *chunk, double *fired, bool homogeneous) {
    double *const *x = chunk->x;
    double *m = x[V_M], *refractory = x[REFRACTORY];
    const float *w = chunk->ports[W];
    const rw_parameter decay = rw_parameter_of(chunk, DECAY, homogeneous);
    const rw_parameter ref_steps = rw_parameter_of(chunk, REF_STEPS, homogeneous);
    double n_fired = 0.0;
#pragma omp simd reduction(+ : n_fired)
    for (size_t i = 0; i < chunk->n; i++) {
        double sum = refractory[i] > 0.0 ? 0.0 : rw_fma(rw_at(decay, i), m[i], w[i]);
        double left = refractory[i] > 0.0 ? refractory[i] - 1.0 : 0.0;
        int spike = sum > 1.0;
        m[i] = spike ? 0.0 : sum;
        refractory[i] = spike ? rw_at(ref_steps, i) : left;
        fired[i] = spike ? 1.0 : 0.0;
        n_fired += fired[i];
    }
    return n_fired;
}

RW_KERNEL static double update(const rw_chunk *chunk, double *fired) {
    return chunk->homogeneous ? step(chunk, fired, true) : step(chunk, fired, false);
}

static void derive(const rw_chunk *chunk) {
    double *const *x = chunk->x;
    double h = chunk->step_ms;
    for (size_t i = 0; i < chunk->n; i++) {
        x[DECAY][i] = exp(-h / x[TAU][i]);
        x[REF_STEPS][i] = round(x[REFRAC][i] / h);
    }
}

const rw_model rw_neuron_intfire1 = {
    .name = "intfire1",
    .kind = RW_NEURON,
    .summary = "NEURON's IntFire1: a leaky sum of weights, without units, that fires when it passes 1.",
    .equations = "tau dV_m/dt = -V_m; a spike of weight w adds w, unless the cell is refractory\n"
                 "V_m > 1: spike, V_m = 0 for refrac",
    .references =
        "IntFire1 of NEURON (src/nrnoc/intfire1.mod). There, spikes arrive one by one at any time; here, those "
        "that arrive in one step are added first",
    .fields = fields,
    .n_fields = N_FIELDS,
    .derive = derive,
    .neuron = {.update = update},
};
