/* NMDA receptor whose gate saturates at high presynaptic rates, in event form.
 *
 * The gate s belongs to the presynaptic cell. It obeys ds/dt = -s/tau_decay + alpha x (1 - s), dx/dt = -x/tau_rise, and
 * x jumps by 1 at a spike. As tau_rise is much shorter than tau_decay and than the intervals between spikes, all that x
 * does to s is added at the spike: s jumps by k0 + k1 s. The target sums the jumps, each times its synapse's weight.
 */
#include "model/model.h"

enum { ALPHA, TAU_RISE, TAU_DECAY, E_REV, MG, K_MG, GAMMA, K0, K1, DECAY, MEAN, MG_PER_K, G, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [ALPHA] = {"alpha", "1/ms", RW_PARAMETER, 0.5, 1e-3, 10.0, "opening rate of the gate", NULL},
    [TAU_RISE] = {"tau_rise", "ms", RW_PARAMETER, 2.0, 1e-2, 50.0, "decay of the transmitter", NULL},
    [TAU_DECAY] = {"tau_decay", "ms", RW_PARAMETER, 100.0, 1e-2, 1e4, "decay of the gate", NULL},
    [E_REV] = {"E_rev", "mV", RW_PARAMETER, 0.0, -200.0, 200.0, "reversal potential", NULL},
    [MG] = {"Mg", "mmol/l", RW_PARAMETER, 1.0, 0.0, 100.0, "extracellular magnesium; 0: no block", NULL},
    [K_MG] = {"K_Mg", "mmol/l", RW_PARAMETER, 3.57, 1e-3, 1e3, "magnesium that blocks half at 0 mV", NULL},
    [GAMMA] = {"gamma", "1/mV", RW_PARAMETER, 0.062, 0.0, 0.5, "voltage dependence of the block", NULL},
    [K0] = {"k0", "1", RW_DERIVED, 0, 0, 0, "jump of a closed gate at a spike", NULL},
    [K1] = {"k1", "1", RW_DERIVED, 0, 0, 0, "change of the jump with the gate", NULL},
    [DECAY] = {"decay", "1", RW_DERIVED, 0, 0, 0, "decay of the gate over a step", NULL},
    [MEAN] = {"mean", "1", RW_DERIVED, 0, 0, 0, "mean of a decaying conductance over a step", NULL},
    [MG_PER_K] = {"Mg_per_K", "1", RW_DERIVED, 0, 0, 0, "Mg / K_Mg", NULL},
    [G] = {"g", "nS", RW_STATE, 0.0, 0.0, 1e6, "conductance without magnesium block", NULL},
};

/* The share of channels that are not blocked needs no double precision: its error of 3e-7 is a thousandth of its change
 * with the potential in a step. */
RW_KERNEL_BODY void step(const rw_chunk *chunk, const rw_receptor_io *io, bool homogeneous, bool magnesium) {
    double *const *x = chunk->x;
    double *g = x[G];
    const double *V_m = io->V_m;
    const float *pore_shape = io->pore_shape;
    float pore_level = io->pore_level;
    const rw_parameter decay = rw_parameter_of(chunk, DECAY, homogeneous),
                       mean = rw_parameter_of(chunk, MEAN, homogeneous);
    const rw_parameter reversal = rw_parameter_of(chunk, E_REV, homogeneous);
    const rw_parameter Mg_per_K = rw_parameter_of(chunk, MG_PER_K, homogeneous);
    const rw_parameter gamma_V = rw_parameter_of(chunk, GAMMA, homogeneous);
    double factor = io->conductance_factor;
#pragma omp simd
    for (size_t i = 0; i < chunk->n; i++) {
        float closed = __builtin_fmaf(pore_level, pore_shape[i], 1.0f);
        if (magnesium)
            closed += (float)rw_at(Mg_per_K, i) * rw_exp_single((float)(-rw_at(gamma_V, i) * V_m[i]));
        double unblocked = (double)(1.0f / closed);
        double open = factor * rw_at(mean, i) * g[i] * unblocked;
        rw_open(io, i, open, rw_at(reversal, i));
        g[i] = rw_fma(rw_at(decay, i), g[i], rw_arrived(io, i));
    }
}

/* The body with a constant for whether magnesium blocks. */
RW_KERNEL_BODY void step_blocked(const rw_chunk *chunk, const rw_receptor_io *io, bool homogeneous) {
    step(chunk, io, homogeneous, true);
}

RW_KERNEL_BODY void step_unblocked(const rw_chunk *chunk, const rw_receptor_io *io, bool homogeneous) {
    step(chunk, io, homogeneous, false);
}

RW_KERNEL static void update(const rw_chunk *chunk, const rw_receptor_io *io) {
    if (chunk->homogeneous && chunk->x[MG_PER_K][0] == 0.0)
        rw_receptor_cases(chunk, io, step_unblocked);
    else
        rw_receptor_cases(chunk, io, step_blocked);
}

static double presynaptic_jump(const rw_chunk *chunk, double *gate, double elapsed_ms) {
    double *const *x = chunk->x;
    double s = *gate * rw_exp(-elapsed_ms / x[TAU_DECAY][0]);
    double jump = x[K0][0] + x[K1][0] * s;
    *gate = s + jump;
    return jump;
}

/* k0 = z^(1 - a) gamma(a, z), z = alpha tau_rise, a = 1 - tau_rise/tau_decay, with the lower incomplete gamma function
 * gamma(a, z) = z^a e^(-z) (1/a + z/(a (a + 1)) + z^2/(a (a + 1) (a + 2)) + ...). */
static double closed_gate_jump(double alpha, double tau_rise, double tau_decay) {
    double z = alpha * tau_rise, a = 1.0 - tau_rise / tau_decay;
    double term = 1.0 / a, sum = 0.0;
    for (int n = 1; term > 1e-17 * sum; n++) {
        sum += term;
        term *= z / (a + n);
    }
    return z * exp(-z) * sum;
}

static void derive(const rw_chunk *chunk) {
    double *const *x = chunk->x;
    for (size_t i = 0; i < chunk->n; i++) {
        double alpha = x[ALPHA][i], tau_rise = x[TAU_RISE][i], tau_decay = x[TAU_DECAY][i];
        x[K0][i] = tau_rise < tau_decay ? closed_gate_jump(alpha, tau_rise, tau_decay) : 0.0;
        x[K1][i] = expm1(-alpha * tau_rise);
        x[DECAY][i] = exp(-chunk->step_ms / tau_decay);
        x[MEAN][i] = rw_mean_decay(tau_decay, chunk->step_ms);
        x[MG_PER_K][i] = x[MG][i] / x[K_MG][i];
    }
}

/* As in nmda.c. The gate belongs to the source, so its decay cannot differ between the target's subunits. */
static const rw_glun2_value glun2[] = {
    {K_MG, {[RW_GLUN2A] = 3.57, [RW_GLUN2B] = 3.57, [RW_GLUN2C] = 25.0, [RW_GLUN2D] = 40.0}},
};

static const char *invalid(const rw_chunk *chunk, size_t i) {
    return 10.0 * chunk->x[TAU_RISE][i] <= chunk->x[TAU_DECAY][i]
               ? NULL
               : "tau_decay must be at least ten times tau_rise, or the event form of the gate is not the gate";
}

const rw_model rw_receptor_nmda_saturating = {
    .name = "nmda_saturating",
    .kind = RW_RECEPTOR,
    .summary = "NMDA receptor with a presynaptic gate that saturates, in event form, under magnesium block.",
    .equations = "ds/dt = -s/tau_decay + alpha x (1 - s), dx/dt = -x/tau_rise, x = x + 1 at a presynaptic spike\n"
                 "event form: at a spike s = s + k0 + k1 s, in between tau_decay ds/dt = -s\n"
                 "k0 = z^(tau_rise/tau_decay) gamma(1 - tau_rise/tau_decay, z), k1 = exp(-z) - 1, z = alpha tau_rise\n"
                 "g = sum over synapses of weight (nS) times s of the source\n"
                 "B(V) = 1 / (1 + Mg/K_Mg exp(-gamma V)), I = g B(V_m) (E_rev - V_m)\n"
                 "with a drug of concentration C in the pore: B(V) = 1 / (1 + Mg/K_Mg exp(-gamma V) + C/K(V)), K(V) by "
                 "its action\n"
                 "with glun2: one such receptor per subunit; 2A, 2B, 2C, 2D have K_Mg 3.57, 3.57, 25, 40 mM unless set",
    .references = "Wang 1999 J Neurosci 19:9587; Brunel & Wang 2001 J Comput Neurosci 11:63; Wang 2002 Neuron 36:955; "
                  "event form as in NEST's iaf_bw_2001; Jahr & Stevens 1990 J Neurosci 10:3178",
    .fields = fields,
    .n_fields = N_FIELDS,
    .derive = derive,
    .invalid = invalid,
    .receptor = {.weight_unit = "nS",
                 .inhibitory = 0,
                 .update = update,
                 .presynaptic_jump = presynaptic_jump,
                 .glun2 = glun2,
                 .n_glun2 = RW_COUNT(glun2),
                 .gate = G},
};
