/* Leaky integrate-and-fire cell that takes any set of conductance receptors, stepped by exponential Euler. */
#include "model/model.h"

enum {
    C_M,
    G_L,
    E_L,
    V_TH,
    V_RESET,
    T_REF,
    I_E,
    STEP_PER_C,
    REF_STEPS,
    V_M,
    REFRACTORY,
    I_EXT,
    G_SYN,
    GE_SYN,
    N_FIELDS
};

static const rw_field fields[N_FIELDS] = {
    [C_M] = {"C_m", "pF", RW_PARAMETER, 250.0, 1e-2, 1e6, "membrane capacitance", NULL},
    [G_L] = {"g_L", "nS", RW_PARAMETER, 16.6667, 1e-4, 1e5, "leak conductance", NULL},
    [E_L] = {"E_L", "mV", RW_PARAMETER, -70.0, -1e3, 1e3, "leak reversal potential", NULL},
    [V_TH] = {"V_th", "mV", RW_PARAMETER, -55.0, -1e3, 1e3, "spike threshold", NULL},
    [V_RESET] = {"V_reset", "mV", RW_PARAMETER, -60.0, -1e3, 1e3, "potential after a spike", NULL},
    [T_REF] = {"t_ref", "ms", RW_PARAMETER, 2.0, 0.0, 1e5, "refractory time, rounded to steps", NULL},
    [I_E] = {"I_e", "pA", RW_PARAMETER, 0.0, -1e6, 1e6, "constant current", NULL},
    [STEP_PER_C] = {"step_per_C", "ms/pF", RW_DERIVED, 0, 0, 0, "step over capacitance", NULL},
    [REF_STEPS] = {"ref_steps", "1", RW_DERIVED, 0, 0, 0, "refractory steps", NULL},
    [V_M] = {"V_m", "mV", RW_STATE, 0.0, -1e3, 1e3, "membrane potential", "E_L"},
    [REFRACTORY] = {"refractory", "1", RW_STATE, 0.0, 0.0, 1e9, "refractory steps left", NULL},
    [I_EXT] = {"I_ext", "pA", RW_INPUT, 0, 0, 0, "current from inputs during the step", NULL},
    [G_SYN] = {"g_syn", "nS", RW_INPUT, 0, 0, 0, "mean conductance of all receptors over the step", NULL},
    [GE_SYN] = {"gE_syn", "pA", RW_INPUT, 0, 0, 0, "sum of conductance times reversal potential", NULL},
};

/* Whether the step is short compared with the membrane's time constant in every cell of the chunk. */
RW_KERNEL_BODY bool all_small(const rw_chunk *chunk, bool homogeneous) {
    const rw_parameter leak = rw_parameter_of(chunk, G_L, homogeneous),
                       step_per_C = rw_parameter_of(chunk, STEP_PER_C, homogeneous);
    const double *g_syn = chunk->x[G_SYN];
    double most = 0.0; /* homogeneous: conductance; else step over time constant */
#pragma omp simd reduction(max : most)
    for (size_t i = 0; i < chunk->n; i++) {
        double now = homogeneous ? g_syn[i] : (rw_at(leak, i) + g_syn[i]) * rw_at(step_per_C, i);
        most = now > most ? now : most;
    }
    return (homogeneous ? (leak.one + most) * step_per_C.one : most) <= RW_RELAXATION_SMALL;
}

RW_KERNEL_BODY double step(const rw_chunk *chunk, double *fired, bool homogeneous, bool small) {
    double *const *x = chunk->x;
    double *V_m = x[V_M], *refractory = x[REFRACTORY];
    const double *I_ext = x[I_EXT], *g_syn = x[G_SYN], *gE_syn = x[GE_SYN];
    const rw_parameter leak = rw_parameter_of(chunk, G_L, homogeneous), E = rw_parameter_of(chunk, E_L, homogeneous);
    const rw_parameter threshold = rw_parameter_of(chunk, V_TH, homogeneous),
                       reset = rw_parameter_of(chunk, V_RESET, homogeneous);
    const rw_parameter I_e = rw_parameter_of(chunk, I_E, homogeneous),
                       ref_steps = rw_parameter_of(chunk, REF_STEPS, homogeneous);
    const rw_parameter step_per_C = rw_parameter_of(chunk, STEP_PER_C, homogeneous);
    double n_fired = 0.0;
#pragma omp simd reduction(+ : n_fired)
    for (size_t i = 0; i < chunk->n; i++) {
        /* A refractory cell moves by a factor of 0: a branch would make every column it spares a masked load. */
        double V_0 = refractory[i] > 0.0 ? rw_at(reset, i) : V_m[i];
        double scale = refractory[i] > 0.0 ? 0.0 : rw_at(step_per_C, i);
        double g = rw_at(leak, i) + g_syn[i], ratio = g * rw_at(step_per_C, i);
        double I = rw_fma(rw_at(leak, i), rw_at(E, i), rw_at(I_e, i)) + gE_syn[i] + I_ext[i];
        I = rw_fma(-g, V_m[i], I);
        double relaxation = small ? rw_relaxation_small(ratio) : rw_relaxation(ratio);
        double V = rw_fma(I * scale, relaxation, V_0);
        double left = refractory[i] > 1.0 ? refractory[i] - 1.0 : 0.0;
        int spike = V >= rw_at(threshold, i);
        V_m[i] = spike ? rw_at(reset, i) : V;
        refractory[i] = spike ? rw_at(ref_steps, i) : left;
        fired[i] = spike ? 1.0 : 0.0;
        n_fired += fired[i];
    }
    return n_fired;
}

/* Membranes are slow compared with the step unless conductances are extreme; only then an exponential is needed. */
RW_KERNEL static double update(const rw_chunk *chunk, double *fired) {
    if (chunk->homogeneous)
        return all_small(chunk, true) ? step(chunk, fired, true, true) : step(chunk, fired, true, false);
    return all_small(chunk, false) ? step(chunk, fired, false, true) : step(chunk, fired, false, false);
}

static void derive(const rw_chunk *chunk) {
    double *const *x = chunk->x;
    for (size_t i = 0; i < chunk->n; i++) {
        x[STEP_PER_C][i] = chunk->step_ms / x[C_M][i];
        x[REF_STEPS][i] = round(x[T_REF][i] / chunk->step_ms);
    }
}

static const char *invalid(const rw_chunk *chunk, size_t i) {
    return chunk->x[V_RESET][i] < chunk->x[V_TH][i] ? NULL : "V_reset must lie below V_th";
}

const rw_model rw_neuron_lif_cond = {
    .name = "lif_cond",
    .kind = RW_NEURON,
    .summary = "Leaky integrate-and-fire cell with conductance synapses: takes any set of receptors.",
    .equations =
        "C_m dV_m/dt = -g_L (V_m - E_L) - sum over receptors of g (V_m - E_rev) + I_e + I_ext\n"
        "V_m >= V_th: spike, V_m = V_reset for t_ref\n"
        "each step is exact for the mean conductances over it: second order in the step, first with magnesium block",
    .references = "Brette et al. 2007 J Comput Neurosci 23:349; defaults of iaf_cond_exp in NEST",
    .fields = fields,
    .n_fields = N_FIELDS,
    .derive = derive,
    .invalid = invalid,
    .neuron = {.update = update},
};
