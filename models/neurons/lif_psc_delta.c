/* Leaky integrate-and-fire cell whose potential jumps at each spike that arrives, solved exactly on the grid. */
#include "model/model.h"

enum { TAU_M, C_M, E_L, V_TH, V_RESET, T_REF, I_E, P_M, P_M_I, REF_STEPS, V_M, REFRACTORY, I_EXT, DELTA, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [TAU_M] = {"tau_m", "ms", RW_PARAMETER, 10.0, 1e-2, 1e5, "membrane time constant", NULL},
    [C_M] = {"C_m", "pF", RW_PARAMETER, 250.0, 1e-2, 1e6, "membrane capacitance", NULL},
    [E_L] = {"E_L", "mV", RW_PARAMETER, -70.0, -1e3, 1e3, "resting potential", NULL},
    [V_TH] = {"V_th", "mV", RW_PARAMETER, -55.0, -1e3, 1e3, "spike threshold", NULL},
    [V_RESET] = {"V_reset", "mV", RW_PARAMETER, -70.0, -1e3, 1e3, "potential after a spike", NULL},
    [T_REF] = {"t_ref", "ms", RW_PARAMETER, 2.0, 0.0, 1e5, "refractory time, rounded to steps", NULL},
    [I_E] = {"I_e", "pA", RW_PARAMETER, 0.0, -1e6, 1e6, "constant current", NULL},
    [P_M] = {"P33", "1", RW_DERIVED, 0, 0, 0, "membrane decay over a step", NULL},
    [P_M_I] = {"P30", "mV/pA", RW_DERIVED, 0, 0, 0, "effect of a constant current over a step", NULL},
    [REF_STEPS] = {"ref_steps", "1", RW_DERIVED, 0, 0, 0, "refractory steps", NULL},
    [V_M] = {"V_m", "mV", RW_STATE, 0.0, -1e3, 1e3, "membrane potential", "E_L"},
    [REFRACTORY] = {"refractory", "1", RW_STATE, 0.0, 0.0, 1e9, "refractory steps left", NULL},
    [I_EXT] = {"I_ext", "pA", RW_INPUT, 0, 0, 0, "current from inputs during the step", NULL},
    [DELTA] = {"delta", "mV", RW_PORT, 0, 0, 0, "jump of the potential, lost while refractory", NULL},
};

RW_KERNEL_BODY double step(const rw_chunk *chunk, double *fired, bool homogeneous) {
    double *const *x = chunk->x;
    double *V_m = x[V_M], *refractory = x[REFRACTORY];
    const double *I_ext = x[I_EXT];
    const float *delta = chunk->ports[DELTA];
    const rw_parameter P33 = rw_parameter_of(chunk, P_M, homogeneous), P30 = rw_parameter_of(chunk, P_M_I, homogeneous);
    const rw_parameter E = rw_parameter_of(chunk, E_L, homogeneous),
                       threshold = rw_parameter_of(chunk, V_TH, homogeneous);
    const rw_parameter reset = rw_parameter_of(chunk, V_RESET, homogeneous);
    const rw_parameter ref_steps = rw_parameter_of(chunk, REF_STEPS, homogeneous),
                       I_e = rw_parameter_of(chunk, I_E, homogeneous);
    double n_fired = 0.0;
#pragma omp simd reduction(+ : n_fired)
    for (size_t i = 0; i < chunk->n; i++) {
        double free_V = rw_at(E, i) + rw_at(P33, i) * (V_m[i] - rw_at(E, i)) +
                        rw_at(P30, i) * (rw_at(I_e, i) + I_ext[i]) + delta[i];
        double V = refractory[i] > 0.0 ? rw_at(reset, i) : free_V;
        double left = refractory[i] > 0.0 ? refractory[i] - 1.0 : 0.0;
        int spike = V >= rw_at(threshold, i);
        V_m[i] = spike ? rw_at(reset, i) : V;
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
        x[P_M][i] = exp(-h / x[TAU_M][i]);
        x[P_M_I][i] = rw_propagate_constant_current(x[TAU_M][i], x[C_M][i], h);
        x[REF_STEPS][i] = round(x[T_REF][i] / h);
    }
}

static const char *invalid(const rw_chunk *chunk, size_t i) {
    return chunk->x[V_RESET][i] < chunk->x[V_TH][i] ? NULL : "V_reset must lie below V_th";
}

const rw_model rw_neuron_lif_psc_delta = {
    .name = "lif_psc_delta",
    .kind = RW_NEURON,
    .summary = "Leaky integrate-and-fire cell whose potential jumps at each arriving spike, exact on the grid.",
    .equations = "C_m dV_m/dt = -(C_m/tau_m) (V_m - E_L) + I_e + I_ext\n"
                 "a spike of weight w (mV) adds w to V_m, unless the cell is refractory\n"
                 "V_m >= V_th: spike, V_m = V_reset for t_ref",
    .references = "Rotter & Diesmann 1999 Biol Cybern 81:381; semantics and defaults of iaf_psc_delta in NEST",
    .fields = fields,
    .n_fields = N_FIELDS,
    .derive = derive,
    .invalid = invalid,
    .neuron = {.update = update},
};
