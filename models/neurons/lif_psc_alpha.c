/* Leaky integrate-and-fire cell with alpha-shaped synaptic currents, solved exactly on the grid. */
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
    P_I_EX,
    P_I_IN,
    P_M_DEX,
    P_M_DIN,
    P_M_EX,
    P_M_IN,
    P_M_I,
    PEAK_EX,
    PEAK_IN,
    REF_STEPS,
    V_M,
    DI_EX,
    I_EX,
    DI_IN,
    I_IN,
    REFRACTORY,
    I_EXT,
    EXC,
    INH,
    N_FIELDS
};

static const rw_field fields[N_FIELDS] = {
    [TAU_M] = {"tau_m", "ms", RW_PARAMETER, 10.0, 1e-2, 1e5, "membrane time constant", NULL},
    [C_M] = {"C_m", "pF", RW_PARAMETER, 250.0, 1e-2, 1e6, "membrane capacitance", NULL},
    [E_L] = {"E_L", "mV", RW_PARAMETER, -70.0, -1e3, 1e3, "resting potential", NULL},
    [V_TH] = {"V_th", "mV", RW_PARAMETER, -55.0, -1e3, 1e3, "spike threshold", NULL},
    [V_RESET] = {"V_reset", "mV", RW_PARAMETER, -70.0, -1e3, 1e3, "potential after a spike", NULL},
    [T_REF] = {"t_ref", "ms", RW_PARAMETER, 2.0, 0.0, 1e5, "refractory time, rounded to steps", NULL},
    [TAU_SYN_EX] = {"tau_syn_ex", "ms", RW_PARAMETER, 2.0, 1e-2, 1e5, "time to peak of the excitatory current", NULL},
    [TAU_SYN_IN] = {"tau_syn_in", "ms", RW_PARAMETER, 2.0, 1e-2, 1e5, "time to peak of the inhibitory current", NULL},
    [I_E] = {"I_e", "pA", RW_PARAMETER, 0.0, -1e6, 1e6, "constant current", NULL},
    [P_M] = {"P33", "1", RW_DERIVED, 0, 0, 0, "membrane decay over a step", NULL},
    [P_EX] = {"P11_ex", "1", RW_DERIVED, 0, 0, 0, "decay of the excitatory states over a step", NULL},
    [P_IN] = {"P11_in", "1", RW_DERIVED, 0, 0, 0, "decay of the inhibitory states over a step", NULL},
    [P_I_EX] = {"P21_ex", "ms", RW_DERIVED, 0, 0, 0, "effect of dI_syn_ex on I_syn_ex over a step", NULL},
    [P_I_IN] = {"P21_in", "ms", RW_DERIVED, 0, 0, 0, "effect of dI_syn_in on I_syn_in over a step", NULL},
    [P_M_DEX] = {"P31_ex", "mV ms/pA", RW_DERIVED, 0, 0, 0, "effect of dI_syn_ex on V_m over a step", NULL},
    [P_M_DIN] = {"P31_in", "mV ms/pA", RW_DERIVED, 0, 0, 0, "effect of dI_syn_in on V_m over a step", NULL},
    [P_M_EX] = {"P32_ex", "mV/pA", RW_DERIVED, 0, 0, 0, "effect of I_syn_ex on V_m over a step", NULL},
    [P_M_IN] = {"P32_in", "mV/pA", RW_DERIVED, 0, 0, 0, "effect of I_syn_in on V_m over a step", NULL},
    [P_M_I] = {"P30", "mV/pA", RW_DERIVED, 0, 0, 0, "effect of a constant current over a step", NULL},
    [PEAK_EX] = {"peak_ex", "1/ms", RW_DERIVED, 0, 0, 0, "jump of dI_syn_ex that gives a peak of 1 pA", NULL},
    [PEAK_IN] = {"peak_in", "1/ms", RW_DERIVED, 0, 0, 0, "jump of dI_syn_in that gives a peak of 1 pA", NULL},
    [REF_STEPS] = {"ref_steps", "1", RW_DERIVED, 0, 0, 0, "refractory steps", NULL},
    [V_M] = {"V_m", "mV", RW_STATE, 0.0, -1e3, 1e3, "membrane potential", "E_L"},
    [DI_EX] = {"dI_syn_ex", "pA/ms", RW_STATE, 0.0, -1e6, 1e6, "source of the excitatory synaptic current", NULL},
    [I_EX] = {"I_syn_ex", "pA", RW_STATE, 0.0, -1e6, 1e6, "excitatory synaptic current", NULL},
    [DI_IN] = {"dI_syn_in", "pA/ms", RW_STATE, 0.0, -1e6, 1e6, "source of the inhibitory synaptic current", NULL},
    [I_IN] = {"I_syn_in", "pA", RW_STATE, 0.0, -1e6, 1e6, "inhibitory synaptic current", NULL},
    [REFRACTORY] = {"refractory", "1", RW_STATE, 0.0, 0.0, 1e9, "refractory steps left", NULL},
    [I_EXT] = {"I_ext", "pA", RW_INPUT, 0, 0, 0, "current from inputs during the step", NULL},
    [EXC] = {"exc", "pA", RW_PORT, 0, 0, 0, "peak of the excitatory current", NULL},
    [INH] = {"inh", "pA", RW_PORT, 0, 0, 0, "peak of the inhibitory current, negative to inhibit", NULL},
};

RW_KERNEL_BODY double step(const rw_chunk *chunk, double *fired, bool homogeneous) {
    double *const *x = chunk->x;
    double *V_m = x[V_M], *dI_ex = x[DI_EX], *I_ex = x[I_EX], *dI_in = x[DI_IN], *I_in = x[I_IN],
           *refractory = x[REFRACTORY];
    const double *I_ext = x[I_EXT];
    const float *exc = chunk->ports[EXC], *inh = chunk->ports[INH];
    const rw_parameter P33 = rw_parameter_of(chunk, P_M, homogeneous),
                       P11_ex = rw_parameter_of(chunk, P_EX, homogeneous);
    const rw_parameter P11_in = rw_parameter_of(chunk, P_IN, homogeneous),
                       P21_ex = rw_parameter_of(chunk, P_I_EX, homogeneous);
    const rw_parameter P21_in = rw_parameter_of(chunk, P_I_IN, homogeneous);
    const rw_parameter P31_ex = rw_parameter_of(chunk, P_M_DEX, homogeneous);
    const rw_parameter P31_in = rw_parameter_of(chunk, P_M_DIN, homogeneous);
    const rw_parameter P32_ex = rw_parameter_of(chunk, P_M_EX, homogeneous),
                       P32_in = rw_parameter_of(chunk, P_M_IN, homogeneous);
    const rw_parameter P30 = rw_parameter_of(chunk, P_M_I, homogeneous), E = rw_parameter_of(chunk, E_L, homogeneous);
    const rw_parameter threshold = rw_parameter_of(chunk, V_TH, homogeneous);
    const rw_parameter reset = rw_parameter_of(chunk, V_RESET, homogeneous);
    const rw_parameter ref_steps = rw_parameter_of(chunk, REF_STEPS, homogeneous),
                       I_e = rw_parameter_of(chunk, I_E, homogeneous);
    const rw_parameter peak_ex = rw_parameter_of(chunk, PEAK_EX, homogeneous);
    const rw_parameter peak_in = rw_parameter_of(chunk, PEAK_IN, homogeneous);
    double n_fired = 0.0;
#pragma omp simd reduction(+ : n_fired)
    for (size_t i = 0; i < chunk->n; i++) {
        double excitation = rw_fma(rw_at(P31_ex, i), dI_ex[i], rw_at(P32_ex, i) * I_ex[i]);
        double inhibition = rw_fma(rw_at(P31_in, i), dI_in[i], rw_at(P32_in, i) * I_in[i]);
        double free_V = rw_fma(rw_at(P33, i), V_m[i] - rw_at(E, i), rw_at(E, i));
        free_V = rw_fma(rw_at(P30, i), rw_at(I_e, i) + I_ext[i], free_V) + (excitation + inhibition);
        double V = refractory[i] > 0.0 ? rw_at(reset, i) : free_V;
        double left = refractory[i] > 0.0 ? refractory[i] - 1.0 : 0.0;
        int spike = V >= rw_at(threshold, i);
        I_ex[i] = rw_fma(rw_at(P21_ex, i), dI_ex[i], rw_at(P11_ex, i) * I_ex[i]);
        I_in[i] = rw_fma(rw_at(P21_in, i), dI_in[i], rw_at(P11_in, i) * I_in[i]);
        dI_ex[i] = rw_fma(rw_at(P11_ex, i), dI_ex[i], rw_at(peak_ex, i) * exc[i]);
        dI_in[i] = rw_fma(rw_at(P11_in, i), dI_in[i], rw_at(peak_in, i) * inh[i]);
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
    const double e = 2.718281828459045235;
    double h = chunk->step_ms;
    for (size_t i = 0; i < chunk->n; i++) {
        double tau_m = x[TAU_M][i], C_m = x[C_M][i], tau_ex = x[TAU_SYN_EX][i], tau_in = x[TAU_SYN_IN][i];
        x[P_M][i] = exp(-h / tau_m);
        x[P_EX][i] = exp(-h / tau_ex);
        x[P_IN][i] = exp(-h / tau_in);
        x[P_I_EX][i] = h * exp(-h / tau_ex);
        x[P_I_IN][i] = h * exp(-h / tau_in);
        x[P_M_DEX][i] = rw_propagate_alpha_current(tau_m, C_m, tau_ex, h);
        x[P_M_DIN][i] = rw_propagate_alpha_current(tau_m, C_m, tau_in, h);
        x[P_M_EX][i] = rw_propagate_exp_current(tau_m, C_m, tau_ex, h);
        x[P_M_IN][i] = rw_propagate_exp_current(tau_m, C_m, tau_in, h);
        x[P_M_I][i] = rw_propagate_constant_current(tau_m, C_m, h);
        x[PEAK_EX][i] = e / tau_ex;
        x[PEAK_IN][i] = e / tau_in;
        x[REF_STEPS][i] = round(x[T_REF][i] / h);
    }
}

static const char *invalid(const rw_chunk *chunk, size_t i) {
    return chunk->x[V_RESET][i] < chunk->x[V_TH][i] ? NULL : "V_reset must lie below V_th";
}

const rw_model rw_neuron_lif_psc_alpha = {
    .name = "lif_psc_alpha",
    .kind = RW_NEURON,
    .summary = "Leaky integrate-and-fire cell with alpha-shaped synaptic currents, exact on the grid.",
    .equations = "C_m dV_m/dt = -(C_m/tau_m) (V_m - E_L) + I_syn_ex + I_syn_in + I_e + I_ext\n"
                 "dI_syn/dt = -I_syn/tau_syn + dI_syn, d(dI_syn)/dt = -dI_syn/tau_syn\n"
                 "a spike of weight w (pA) adds w e/tau_syn to dI_syn: the current peaks at w after tau_syn\n"
                 "V_m >= V_th: spike, V_m = V_reset for t_ref",
    .references = "Rotter & Diesmann 1999 Biol Cybern 81:381; semantics and defaults of iaf_psc_alpha in NEST",
    .fields = fields,
    .n_fields = N_FIELDS,
    .derive = derive,
    .invalid = invalid,
    .neuron = {.update = update},
};
