/* Leaky integrate-and-fire cell with exponential synaptic currents, solved exactly on the grid. */
#include "model/model.h"

enum {
    TAU_M,
    C_M,
    E_L,
    V_TH,
    V_RESET,
    T_REF,
    TAU_SYN_EX,
    TAU_SYN_IN,
    I_E,
    P_M,
    P_EX,
    P_IN,
    P_M_EX,
    P_M_IN,
    P_M_I,
    REF_STEPS,
    V_M,
    I_EX,
    I_IN,
    REFRACTORY,
    I_EXT,
    EXC,
    INH,
    N_FIELDS
};

static const rw_field fields[N_FIELDS] = {
    [TAU_M] = {"tau_m", "ms", RW_PARAMETER, 10.0, 1e-3, 1e6, "membrane time constant", NULL},
    [C_M] = {"C_m", "pF", RW_PARAMETER, 250.0, 1e-3, 1e9, "membrane capacitance", NULL},
    [E_L] = {"E_L", "mV", RW_PARAMETER, -70.0, -1e4, 1e4, "resting potential", NULL},
    [V_TH] = {"V_th", "mV", RW_PARAMETER, -55.0, -1e4, 1e4, "spike threshold", NULL},
    [V_RESET] = {"V_reset", "mV", RW_PARAMETER, -70.0, -1e4, 1e4, "potential after a spike", NULL},
    [T_REF] = {"t_ref", "ms", RW_PARAMETER, 2.0, 0.0, 1e6, "refractory time, rounded to steps", NULL},
    [TAU_SYN_EX] = {"tau_syn_ex", "ms", RW_PARAMETER, 2.0, 1e-3, 1e6, "decay of the excitatory current", NULL},
    [TAU_SYN_IN] = {"tau_syn_in", "ms", RW_PARAMETER, 2.0, 1e-3, 1e6, "decay of the inhibitory current", NULL},
    [I_E] = {"I_e", "pA", RW_PARAMETER, 0.0, -1e9, 1e9, "constant current", NULL},
    [P_M] = {"P22", "1", RW_DERIVED, 0, 0, 0, "membrane decay over a step", NULL},
    [P_EX] = {"P11_ex", "1", RW_DERIVED, 0, 0, 0, "decay of the excitatory current over a step", NULL},
    [P_IN] = {"P11_in", "1", RW_DERIVED, 0, 0, 0, "decay of the inhibitory current over a step", NULL},
    [P_M_EX] = {"P21_ex", "mV/pA", RW_DERIVED, 0, 0, 0, "effect of the excitatory current over a step", NULL},
    [P_M_IN] = {"P21_in", "mV/pA", RW_DERIVED, 0, 0, 0, "effect of the inhibitory current over a step", NULL},
    [P_M_I] = {"P20", "mV/pA", RW_DERIVED, 0, 0, 0, "effect of a constant current over a step", NULL},
    [REF_STEPS] = {"ref_steps", "1", RW_DERIVED, 0, 0, 0, "refractory steps", NULL},
    [V_M] = {"V_m", "mV", RW_STATE, 0.0, -1e4, 1e4, "membrane potential", "E_L"},
    [I_EX] = {"I_syn_ex", "pA", RW_STATE, 0.0, -1e9, 1e9, "excitatory synaptic current", NULL},
    [I_IN] = {"I_syn_in", "pA", RW_STATE, 0.0, -1e9, 1e9, "inhibitory synaptic current", NULL},
    [REFRACTORY] = {"refractory", "1", RW_STATE, 0.0, 0.0, 1e9, "refractory steps left", NULL},
    [I_EXT] = {"I_ext", "pA", RW_INPUT, 0, 0, 0, "current from inputs during the step", NULL},
    [EXC] = {"exc", "pA", RW_PORT, 0, 0, 0, "jump of the excitatory current", NULL},
    [INH] = {"inh", "pA", RW_PORT, 0, 0, 0, "jump of the inhibitory current", NULL},
};

RW_KERNEL_BODY double step(const rw_chunk *chunk, double *fired, bool homogeneous) {
    double *const *x = chunk->x;
    double *V_m = x[V_M], *I_ex = x[I_EX], *I_in = x[I_IN], *refractory = x[REFRACTORY];
    const double *I_ext = x[I_EXT];
    const float *exc = chunk->ports[EXC], *inh = chunk->ports[INH];
    const rw_parameter P22 = rw_parameter_of(chunk, P_M, homogeneous), P20 = rw_parameter_of(chunk, P_M_I, homogeneous);
    const rw_parameter P11_ex = rw_parameter_of(chunk, P_EX, homogeneous),
                       P21_ex = rw_parameter_of(chunk, P_M_EX, homogeneous);
    const rw_parameter P11_in = rw_parameter_of(chunk, P_IN, homogeneous),
                       P21_in = rw_parameter_of(chunk, P_M_IN, homogeneous);
    const rw_parameter E = rw_parameter_of(chunk, E_L, homogeneous), I_e = rw_parameter_of(chunk, I_E, homogeneous);
    const rw_parameter threshold = rw_parameter_of(chunk, V_TH, homogeneous),
                       reset = rw_parameter_of(chunk, V_RESET, homogeneous);
    const rw_parameter ref_steps = rw_parameter_of(chunk, REF_STEPS, homogeneous);
    double n_fired = 0.0;
#pragma omp simd reduction(+ : n_fired)
    for (size_t i = 0; i < chunk->n; i++) {
        double free_V = rw_fma(rw_at(P22, i), V_m[i] - rw_at(E, i), rw_at(E, i));
        free_V = rw_fma(rw_at(P21_ex, i), I_ex[i], free_V);
        free_V = rw_fma(rw_at(P21_in, i), I_in[i], free_V);
        free_V = rw_fma(rw_at(P20, i), rw_at(I_e, i) + I_ext[i], free_V);
        double V = refractory[i] > 0.0 ? rw_at(reset, i) : free_V;
        double left = refractory[i] > 0.0 ? refractory[i] - 1.0 : 0.0;
        int spike = V >= rw_at(threshold, i);
        I_ex[i] = rw_fma(rw_at(P11_ex, i), I_ex[i], exc[i]);
        I_in[i] = rw_fma(rw_at(P11_in, i), I_in[i], inh[i]);
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
        double tau_m = x[TAU_M][i], C_m = x[C_M][i];
        x[P_M][i] = exp(-h / tau_m);
        x[P_EX][i] = exp(-h / x[TAU_SYN_EX][i]);
        x[P_IN][i] = exp(-h / x[TAU_SYN_IN][i]);
        x[P_M_EX][i] = rw_propagate_exp_current(tau_m, C_m, x[TAU_SYN_EX][i], h);
        x[P_M_IN][i] = rw_propagate_exp_current(tau_m, C_m, x[TAU_SYN_IN][i], h);
        x[P_M_I][i] = rw_propagate_constant_current(tau_m, C_m, h);
        x[REF_STEPS][i] = round(x[T_REF][i] / h);
    }
}

static const char *invalid(const rw_chunk *chunk, size_t i) {
    return chunk->x[V_RESET][i] < chunk->x[V_TH][i] ? NULL : "V_reset must lie below V_th";
}

const rw_model rw_neuron_lif_psc_exp = {
    .name = "lif_psc_exp",
    .kind = RW_NEURON,
    .summary = "Leaky integrate-and-fire cell with exponential synaptic currents, exact on the grid.",
    .equations = "C_m dV_m/dt = -(C_m/tau_m) (V_m - E_L) + I_syn_ex + I_syn_in + I_e + I_ext\n"
                 "tau_syn dI_syn/dt = -I_syn; a spike of weight w (pA) adds w\n"
                 "V_m >= V_th: spike, V_m = V_reset for t_ref",
    .references = "Rotter & Diesmann 1999 Biol Cybern 81:381; Tsodyks, Uziel & Markram 2000 J Neurosci 20:RC50",
    .fields = fields,
    .n_fields = N_FIELDS,
    .derive = derive,
    .invalid = invalid,
    .neuron = {.update = update},
};
