/* GABA-B receptor: bound receptors drive a G-protein that opens potassium channels cooperatively.
 *
 * Published kinetics with a transmitter pulse of T for pulse_ms after each spike. What is approximated here:
 * the pulse acts at once, at the spike's arrival, by what its closed form does to R over pulse_ms; the G-protein made
 * during the pulse is added after it. All synapses of a cell share one R: a spike of weight g_max is one published
 * pulse, other weights scale its effect on R. Between spikes the two linear equations are solved exactly. */
#include "model/model.h"

enum { G_MAX, E_REV, K1, K2, K3, K4, K_D, T, PULSE, DECAY_R, DECAY_G, R_TO_G, R_INF, BIND, R, G, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [G_MAX] = {"g_max", "nS", RW_PARAMETER, 1.0, 1e-6, 1e6, "conductance with all channels open", NULL},
    [E_REV] = {"E_rev", "mV", RW_PARAMETER, -95.0, -200.0, 200.0, "reversal potential", NULL},
    [K1] = {"K1", "l/(mmol ms)", RW_PARAMETER, 0.52, 0.0, 1e2, "binding of transmitter", NULL},
    [K2] = {"K2", "1/ms", RW_PARAMETER, 0.0013, 1e-5, 1e1, "unbinding of transmitter", NULL},
    [K3] = {"K3", "1/ms", RW_PARAMETER, 0.098, 0.0, 1e1, "production of G-protein", NULL},
    [K4] = {"K4", "1/ms", RW_PARAMETER, 0.033, 1e-5, 1e1, "removal of G-protein", NULL},
    [K_D] = {"K_D", "1", RW_PARAMETER, 100.0, 1e-3, 1e6, "fourth power of G that opens half the channels", NULL},
    [T] = {"T", "mmol/l", RW_PARAMETER, 0.5, 0.0, 1e2, "transmitter during the pulse", NULL},
    [PULSE] = {"pulse", "ms", RW_PARAMETER, 0.3, 1e-3, 1e2, "length of the transmitter pulse", NULL},
    [DECAY_R] = {"decay_R", "1", RW_DERIVED, 0, 0, 0, "decay of R over a step", NULL},
    [DECAY_G] = {"decay_G", "1", RW_DERIVED, 0, 0, 0, "decay of G over a step", NULL},
    [R_TO_G] = {"R_to_G", "1", RW_DERIVED, 0, 0, 0, "effect of R on G over a step", NULL},
    [R_INF] = {"R_inf", "1", RW_DERIVED, 0, 0, 0, "R that an endless pulse would reach", NULL},
    [BIND] = {"bind", "1/nS", RW_DERIVED, 0, 0, 0, "share of the way to R_inf per weight", NULL},
    [R] = {"R", "1", RW_STATE, 0.0, 0.0, 1.0, "bound share of the receptors", NULL},
    [G] = {"G", "1", RW_STATE, 0.0, 0.0, 1e4, "active G-protein", NULL},
};

RW_KERNEL_BODY void step(const rw_chunk *chunk, const rw_receptor_io *io, bool homogeneous) {
    double *const *x = chunk->x;
    double *r = x[R], *G_protein = x[G];
    const rw_parameter decay_R = rw_parameter_of(chunk, DECAY_R, homogeneous);
    const rw_parameter decay_G = rw_parameter_of(chunk, DECAY_G, homogeneous);
    const rw_parameter R_to_G = rw_parameter_of(chunk, R_TO_G, homogeneous),
                       R_inf = rw_parameter_of(chunk, R_INF, homogeneous);
    const rw_parameter bind = rw_parameter_of(chunk, BIND, homogeneous),
                       g_max = rw_parameter_of(chunk, G_MAX, homogeneous);
    const rw_parameter reversal = rw_parameter_of(chunk, E_REV, homogeneous);
    const rw_parameter dissociation = rw_parameter_of(chunk, K_D, homogeneous);
    double factor = io->conductance_factor;
#pragma omp simd
    for (size_t i = 0; i < chunk->n; i++) {
        double G2 = G_protein[i] * G_protein[i];
        double G4 = G2 * G2;
        double open = factor * rw_at(g_max, i) * G4 / (G4 + rw_at(dissociation, i));
        rw_open(io, i, open, rw_at(reversal, i));
        G_protein[i] = rw_at(decay_G, i) * G_protein[i] + rw_at(R_to_G, i) * r[i];
        double unbound = rw_at(decay_R, i) * r[i];
        double share = rw_at(bind, i) * rw_arrived(io, i);
        share = share < 1.0 ? share : 1.0;
        r[i] = unbound + share * (rw_at(R_inf, i) - unbound);
    }
}

RW_KERNEL static void update(const rw_chunk *chunk, const rw_receptor_io *io) {
    rw_receptor_cases(chunk, io, step);
}

static void derive(const rw_chunk *chunk) {
    double *const *x = chunk->x;
    double h = chunk->step_ms;
    for (size_t i = 0; i < chunk->n; i++) {
        double binding = x[K1][i] * x[T][i], k2 = x[K2][i], k4 = x[K4][i];
        x[DECAY_R][i] = exp(-h * k2);
        x[DECAY_G][i] = exp(-h * k4);
        x[R_TO_G][i] = x[K3][i] * rw_propagate_exp_current(1.0 / k4, 1.0, 1.0 / k2, h);
        x[R_INF][i] = binding / (binding + k2);
        x[BIND][i] = -expm1(-(binding + k2) * x[PULSE][i]) / x[G_MAX][i];
    }
}

const rw_model rw_receptor_gaba_b = {
    .name = "gaba_b",
    .kind = RW_RECEPTOR,
    .summary = "GABA-B receptor: slow inhibition through a G-protein, weak for single spikes and strong for bursts.",
    .equations =
        "dR/dt = K1 T(t) (1 - R) - K2 R, dG/dt = K3 R - K4 G\n"
        "g = g_max G^4 / (G^4 + K_D), I = g (E_rev - V_m)\n"
        "event form: at the arrival of spikes of summed weight w (nS), R moves towards R_inf = K1 T / (K1 T + K2)\n"
        "by the share min(1, w/g_max (1 - exp(-(K1 T + K2) pulse))); the pulse takes no time",
    .references = "Destexhe, Mainen & Sejnowski 1994 J Comput Neurosci 1:195; constants as in ModelDB 18198",
    .fields = fields,
    .n_fields = N_FIELDS,
    .derive = derive,
    .receptor = {.weight_unit = "nS", .inhibitory = 1, .update = update},
};
