/* AMPA receptor: a conductance that jumps at a spike and decays exponentially. */
#include "model/model.h"

enum { TAU_DECAY, E_REV, DECAY, MEAN, G, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [TAU_DECAY] = {"tau_decay", "ms", RW_PARAMETER, 2.0, 1e-2, 1e4, "decay of the conductance", NULL},
    [E_REV] = {"E_rev", "mV", RW_PARAMETER, 0.0, -200.0, 200.0, "reversal potential", NULL},
    [DECAY] = {"decay", "1", RW_DERIVED, 0, 0, 0, "decay of the conductance over a step", NULL},
    [MEAN] = {"mean", "1", RW_DERIVED, 0, 0, 0, "mean of a decaying conductance over a step", NULL},
    [G] = {"g", "nS", RW_STATE, 0.0, 0.0, 1e6, "conductance", NULL},
};

RW_KERNEL_BODY void step(const rw_chunk *chunk, const rw_receptor_io *io, bool homogeneous) {
    double *g = chunk->x[G];
    const rw_parameter decay = rw_parameter_of(chunk, DECAY, homogeneous),
                       mean = rw_parameter_of(chunk, MEAN, homogeneous);
    const rw_parameter reversal = rw_parameter_of(chunk, E_REV, homogeneous);
    double factor = io->conductance_factor;
#pragma omp simd
    for (size_t i = 0; i < chunk->n; i++) {
        double open = factor * rw_at(mean, i) * g[i];
        rw_open(io, i, open, rw_at(reversal, i));
        g[i] = rw_fma(rw_at(decay, i), g[i], rw_arrived(io, i));
    }
}

RW_KERNEL static void update(const rw_chunk *chunk, const rw_receptor_io *io) {
    rw_receptor_cases(chunk, io, step);
}

static void derive(const rw_chunk *chunk) {
    double h = chunk->step_ms;
    for (size_t i = 0; i < chunk->n; i++) {
        double tau_decay = chunk->x[TAU_DECAY][i];
        chunk->x[DECAY][i] = exp(-h / tau_decay);
        chunk->x[MEAN][i] = rw_mean_decay(tau_decay, h);
    }
}

const rw_model rw_receptor_ampa = {
    .name = "ampa",
    .kind = RW_RECEPTOR,
    .summary = "AMPA receptor: excitatory conductance that decays exponentially.",
    .equations = "tau_decay dg/dt = -g; a spike of weight w (nS) adds w\n"
                 "I = g (E_rev - V_m)",
    .references = "Brunel & Wang 2001 J Comput Neurosci 11:63; Wang 2002 Neuron 36:955 (tau_decay 2 ms)",
    .fields = fields,
    .n_fields = N_FIELDS,
    .derive = derive,
    .receptor = {.weight_unit = "nS", .inhibitory = 0, .update = update},
};
