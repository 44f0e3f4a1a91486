/* NMDA receptor: a two-exponential conductance under voltage-dependent magnesium block. */
#include "model/model.h"

enum {
    TAU_RISE,
    TAU_DECAY,
    E_REV,
    MG,
    K_MG,
    GAMMA,
    RISE,
    DECAY,
    DG_TO_G,
    MEAN,
    DG_TO_MEAN,
    PEAK,
    MG_PER_K,
    DG,
    G,
    N_FIELDS
};

static const rw_field fields[N_FIELDS] = {
    [TAU_RISE] = {"tau_rise", "ms", RW_PARAMETER, 2.0, 1e-2, 1e3, "rise of the conductance", NULL},
    [TAU_DECAY] = {"tau_decay", "ms", RW_PARAMETER, 100.0, 1e-2, 1e4, "decay of the conductance", NULL},
    [E_REV] = {"E_rev", "mV", RW_PARAMETER, 0.0, -200.0, 200.0, "reversal potential", NULL},
    [MG] = {"Mg", "mmol/l", RW_PARAMETER, 1.0, 0.0, 100.0, "extracellular magnesium; 0: no block", NULL},
    [K_MG] = {"K_Mg", "mmol/l", RW_PARAMETER, 3.57, 1e-3, 1e3, "magnesium that blocks half at 0 mV", NULL},
    [GAMMA] = {"gamma", "1/mV", RW_PARAMETER, 0.062, 0.0, 0.5, "voltage dependence of the block", NULL},
    [RISE] = {"rise", "1", RW_DERIVED, 0, 0, 0, "decay of dg over a step", NULL},
    [DECAY] = {"decay", "1", RW_DERIVED, 0, 0, 0, "decay of g over a step", NULL},
    [DG_TO_G] = {"dg_to_g", "ms", RW_DERIVED, 0, 0, 0, "effect of dg on g over a step", NULL},
    [MEAN] = {"mean", "1", RW_DERIVED, 0, 0, 0, "effect of g on its mean over a step", NULL},
    [DG_TO_MEAN] = {"dg_to_mean", "ms", RW_DERIVED, 0, 0, 0, "effect of dg on the mean of g over a step", NULL},
    [PEAK] = {"peak", "1/ms", RW_DERIVED, 0, 0, 0, "jump of dg that gives a peak of 1 nS", NULL},
    [MG_PER_K] = {"Mg_per_K", "1", RW_DERIVED, 0, 0, 0, "Mg / K_Mg", NULL},
    [DG] = {"dg", "nS/ms", RW_STATE, 0.0, 0.0, 1e6, "source of the conductance", NULL},
    [G] = {"g", "nS", RW_STATE, 0.0, 0.0, 1e6, "conductance without magnesium block", NULL},
};

/* The share of channels that are not blocked needs no double precision: its error of 3e-7 is a thousandth of its change
 * with the potential in a step. */
RW_KERNEL_BODY void step(const rw_chunk *chunk, const rw_receptor_io *io, bool homogeneous, bool magnesium) {
    double *const *x = chunk->x;
    double *dg = x[DG], *g = x[G];
    const double *V_m = io->V_m;
    const float *pore_shape = io->pore_shape;
    float pore_level = io->pore_level;
    const rw_parameter rise = rw_parameter_of(chunk, RISE, homogeneous),
                       decay = rw_parameter_of(chunk, DECAY, homogeneous);
    const rw_parameter dg_to_g = rw_parameter_of(chunk, DG_TO_G, homogeneous),
                       peak = rw_parameter_of(chunk, PEAK, homogeneous);
    const rw_parameter mean = rw_parameter_of(chunk, MEAN, homogeneous);
    const rw_parameter dg_to_mean = rw_parameter_of(chunk, DG_TO_MEAN, homogeneous);
    const rw_parameter Mg_per_K = rw_parameter_of(chunk, MG_PER_K, homogeneous);
    const rw_parameter gamma_V = rw_parameter_of(chunk, GAMMA, homogeneous);
    const rw_parameter reversal = rw_parameter_of(chunk, E_REV, homogeneous);
    double factor = io->conductance_factor;
    float unblocked[RW_CHUNK];
#pragma omp simd
    for (size_t i = 0; i < chunk->n; i++) {
        float closed = __builtin_fmaf(pore_level, pore_shape[i], 1.0f);
        if (magnesium)
            closed += (float)rw_at(Mg_per_K, i) * rw_exp_single((float)(-rw_at(gamma_V, i) * V_m[i]));
        unblocked[i] = 1.0f / closed;
    }
#pragma omp simd
    for (size_t i = 0; i < chunk->n; i++) {
        double open = factor * rw_fma(rw_at(mean, i), g[i], rw_at(dg_to_mean, i) * dg[i]) * (double)unblocked[i];
        rw_open(io, i, open, rw_at(reversal, i));
        g[i] = rw_fma(rw_at(decay, i), g[i], rw_at(dg_to_g, i) * dg[i]);
        dg[i] = rw_fma(rw_at(rise, i), dg[i], rw_at(peak, i) * rw_arrived(io, i));
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

static void derive(const rw_chunk *chunk) {
    double *const *x = chunk->x;
    double h = chunk->step_ms;
    for (size_t i = 0; i < chunk->n; i++) {
        double tau_rise = x[TAU_RISE][i], tau_decay = x[TAU_DECAY][i];
        x[RISE][i] = exp(-h / tau_rise);
        x[DECAY][i] = exp(-h / tau_decay);
        x[DG_TO_G][i] = rw_propagate_exp_current(tau_decay, 1.0, tau_rise, h);
        x[MEAN][i] = rw_mean_decay(tau_decay, h);
        x[DG_TO_MEAN][i] = rw_mean_exp_current(tau_decay, 1.0, tau_rise, h);
        x[PEAK][i] = 1.0 / rw_two_exponential_peak(tau_rise, tau_decay);
        x[MG_PER_K][i] = x[MG][i] / x[K_MG][i];
    }
}

/* Deactivation after brief glutamate, and magnesium that blocks half at 0 mV, as Evans et al. 2012 have them; 2C: its
 * range is 250 to 380 ms. That 2C is blocked more than 2D is uncertain: both lie between 25 and 40 mM. */
static const rw_glun2_value glun2[] = {
    {TAU_DECAY, {[RW_GLUN2A] = 50.0, [RW_GLUN2B] = 300.0, [RW_GLUN2C] = 300.0, [RW_GLUN2D] = 1700.0}},
    {K_MG, {[RW_GLUN2A] = 3.57, [RW_GLUN2B] = 3.57, [RW_GLUN2C] = 25.0, [RW_GLUN2D] = 40.0}},
};

static const char *invalid(const rw_chunk *chunk, size_t i) {
    return chunk->x[TAU_RISE][i] <= chunk->x[TAU_DECAY][i] ? NULL : "tau_rise must not exceed tau_decay";
}

const rw_model rw_receptor_nmda = {
    .name = "nmda",
    .kind = RW_RECEPTOR,
    .summary = "NMDA receptor: two-exponential conductance under voltage-dependent magnesium block.",
    .equations = "dg/dt = -g/tau_decay + dg, d(dg)/dt = -dg/tau_rise, where the state dg (nS/ms) is the source of g\n"
                 "a spike of weight w (nS) adds to dg what makes g peak at w\n"
                 "B(V) = 1 / (1 + Mg/K_Mg exp(-gamma V)), I = g B(V_m) (E_rev - V_m)\n"
                 "with a drug of concentration C in the pore: B(V) = 1 / (1 + Mg/K_Mg exp(-gamma V) + C/K(V)), K(V) by "
                 "its action\n"
                 "with glun2: one such receptor per subunit; 2A, 2B, 2C, 2D have tau_decay 50, 300, 300, 1700 ms and "
                 "K_Mg 3.57, 3.57, 25, 40 mM unless set",
    .references =
        "Jahr & Stevens 1990 J Neurosci 10:3178 (block: K_Mg 3.57 mM, gamma 0.062 /mV); Wang 1999 J Neurosci "
        "19:9587 (rise 2 ms, decay 100 ms); by subunit: Vicini et al. 1998 J Neurophysiol 79:555 (decays), Evans et "
        "al. 2012 PLoS Comput Biol 8:e1002493 (decays and K_Mg, as in ModelDB 145917)",
    .fields = fields,
    .n_fields = N_FIELDS,
    .derive = derive,
    .invalid = invalid,
    .receptor =
        {.weight_unit = "nS", .inhibitory = 0, .update = update, .glun2 = glun2, .n_glun2 = RW_COUNT(glun2), .gate = G},
};
