/* The generalised leaky integrate-and-fire cells (GLIF) of the Allen Institute, with alpha-shaped synaptic currents.
 *
 * Three switches make five models: 1 (LIF) none; 2 (LIF-R) spike_dependent_threshold; 3 (LIF-ASC) after_spike_currents;
 * 4 (LIF-R-ASC) both; 5 (LIF-R-ASC-A) all three. Parameters have the names of glif_psc in NEST, with a number behind
 * those that are lists there. A switch that is off makes the numbers derived from it zero, so the update asks for none.
 *
 * The update is exact between two tests of the threshold. NEST's takes the mean of the after-spike currents over a step
 * for both equations below, leaves synaptic currents out of the threshold's, and resets from the potential at the start
 * of the step; these differences vanish as the step does. */
#include "model/model.h"

enum { CURRENTS = 2, SYNAPSES = 4 }; /* after-spike currents and synaptic inputs of a cell */

enum {
    G,
    C_M,
    E_L,
    V_TH,
    V_RESET,
    T_REF,
    I_E,
    TH_SPIKE_ADD,
    TH_SPIKE_DECAY,
    RESET_FRACTION,
    RESET_ADD,
    TH_VOLTAGE_INDEX,
    TH_VOLTAGE_DECAY,
    SPIKE_DEPENDENT_THRESHOLD,
    AFTER_SPIKE_CURRENTS,
    ADAPTING_THRESHOLD,
    ASC_INIT,
    ASC_DECAY = ASC_INIT + CURRENTS,
    ASC_AMPS = ASC_DECAY + CURRENTS,
    ASC_R = ASC_AMPS + CURRENTS,
    TAU_SYN = ASC_R + CURRENTS,
    /* derived: P_x_y is the effect of y on x over a step */
    P_V_V = TAU_SYN + SYNAPSES,
    P_V_I,
    P_TH_TH,
    P_TH_V,
    P_TH_I,
    P_THS_THS,
    THS_REF,
    THS_JUMP,
    RESET_TO,
    RESET_SHARE,
    REF_STEPS,
    P_ASC_ASC,
    P_V_ASC = P_ASC_ASC + CURRENTS,
    P_TH_ASC = P_V_ASC + CURRENTS,
    ASC_REF = P_TH_ASC + CURRENTS,
    ASC_JUMP = ASC_REF + CURRENTS,
    P_SYN_SYN = ASC_JUMP + CURRENTS,
    P_SYN_DSYN = P_SYN_SYN + SYNAPSES,
    P_V_SYN = P_SYN_DSYN + SYNAPSES,
    P_V_DSYN = P_V_SYN + SYNAPSES,
    P_TH_SYN = P_V_DSYN + SYNAPSES,
    P_TH_DSYN = P_TH_SYN + SYNAPSES,
    PEAK = P_TH_DSYN + SYNAPSES,
    /* states */
    V_M = PEAK + SYNAPSES,
    THRESHOLD_SPIKE,
    THRESHOLD_VOLTAGE,
    REFRACTORY,
    ASC,
    I_SYN = ASC + CURRENTS,
    DI_SYN = I_SYN + SYNAPSES,
    I_EXT = DI_SYN + SYNAPSES,
    SYN,
    N_FIELDS = SYN + SYNAPSES
};

/* One row for each of the numbered fields. */
#define EACH_CURRENT(FIELD, NAME, ...) [FIELD] = {NAME "_1", __VA_ARGS__}, [FIELD + 1] = {NAME "_2", __VA_ARGS__}
#define EACH_SYNAPSE(FIELD, NAME, ...)                                                                                 \
    [FIELD] = {NAME "_1", __VA_ARGS__}, [FIELD + 1] = {NAME "_2", __VA_ARGS__},                                        \
    [FIELD + 2] = {NAME "_3", __VA_ARGS__}, [FIELD + 3] = {NAME "_4", __VA_ARGS__}

static const rw_field fields[N_FIELDS] = {
    [G] = {"g", "nS", RW_PARAMETER, 9.43, 1e-3, 1e6, "membrane conductance", NULL},
    [C_M] = {"C_m", "pF", RW_PARAMETER, 58.72, 1e-2, 1e6, "membrane capacitance", NULL},
    [E_L] = {"E_L", "mV", RW_PARAMETER, -78.85, -1e3, 1e3, "resting potential", NULL},
    [V_TH] = {"V_th", "mV", RW_PARAMETER, -51.68, -1e3, 1e3, "spike threshold at rest", NULL},
    [V_RESET] = {"V_reset", "mV", RW_PARAMETER, -78.85, -1e3, 1e3,
                 "potential after a spike without spike_dependent_threshold", NULL},
    [T_REF] = {"t_ref", "ms", RW_PARAMETER, 3.75, 0.0, 1e5, "refractory time, rounded to steps", NULL},
    [I_E] = {"I_e", "pA", RW_PARAMETER, 0.0, -1e6, 1e6, "constant current", NULL},
    [TH_SPIKE_ADD] = {"th_spike_add", "mV", RW_PARAMETER, 0.37, -1e3, 1e3, "jump of threshold_spike at a spike", NULL},
    [TH_SPIKE_DECAY] = {"th_spike_decay", "1/ms", RW_PARAMETER, 0.009, 1e-6, 1e2, "decay of threshold_spike", NULL},
    [RESET_FRACTION] = {"voltage_reset_fraction", "1", RW_PARAMETER, 0.2, 0.0, 1.0,
                        "share of V_m - E_L that a spike leaves, with spike_dependent_threshold", NULL},
    [RESET_ADD] = {"voltage_reset_add", "mV", RW_PARAMETER, 18.51, -1e3, 1e3,
                   "added to that share, with spike_dependent_threshold", NULL},
    [TH_VOLTAGE_INDEX] = {"th_voltage_index", "1/ms", RW_PARAMETER, 0.005, -1e2, 1e2,
                          "speed at which threshold_voltage follows the potential", NULL},
    [TH_VOLTAGE_DECAY] = {"th_voltage_decay", "1/ms", RW_PARAMETER, 0.09, 1e-6, 1e2, "decay of threshold_voltage",
                          NULL},
    [SPIKE_DEPENDENT_THRESHOLD] = {"spike_dependent_threshold", "1", RW_PARAMETER, 0.0, 0.0, 1.0,
                                   "switch, 0 or 1: threshold_spike, and a reset that depends on the potential", NULL},
    [AFTER_SPIKE_CURRENTS] = {"after_spike_currents", "1", RW_PARAMETER, 0.0, 0.0, 1.0,
                              "switch, 0 or 1: currents that spikes leave behind", NULL},
    [ADAPTING_THRESHOLD] = {"adapting_threshold", "1", RW_PARAMETER, 0.0, 0.0, 1.0,
                            "switch, 0 or 1: threshold_voltage; needs the other two", NULL},
    EACH_CURRENT(ASC_INIT, "asc_init", "pA", RW_PARAMETER, 0.0, -1e6, 1e6, "initial after-spike current", NULL),
    [ASC_DECAY] = {"asc_decay_1", "1/ms", RW_PARAMETER, 0.003, 1e-6, 1e2, "decay of the after-spike current", NULL},
    [ASC_DECAY + 1] = {"asc_decay_2", "1/ms", RW_PARAMETER, 0.1, 1e-6, 1e2, "decay of the after-spike current", NULL},
    [ASC_AMPS] = {"asc_amps_1", "pA", RW_PARAMETER, -9.18, -1e6, 1e6, "jump of the after-spike current", NULL},
    [ASC_AMPS + 1] = {"asc_amps_2", "pA", RW_PARAMETER, -198.94, -1e6, 1e6, "jump of the after-spike current", NULL},
    EACH_CURRENT(ASC_R, "asc_r", "1", RW_PARAMETER, 1.0, 0.0, 1.0, "share of the current that a spike leaves", NULL),
    EACH_SYNAPSE(TAU_SYN, "tau_syn", "ms", RW_PARAMETER, 2.0, 1e-2, 1e5, "time to peak of the synaptic current", NULL),
    [P_V_V] = {"P33", "1", RW_DERIVED, 0, 0, 0, "membrane decay over a step", NULL},
    [P_V_I] = {"P30", "mV/pA", RW_DERIVED, 0, 0, 0, "effect of a constant current on V_m over a step", NULL},
    [P_TH_TH] = {"P44", "1", RW_DERIVED, 0, 0, 0, "decay of threshold_voltage over a step", NULL},
    [P_TH_V] = {"P43", "1", RW_DERIVED, 0, 0, 0, "effect of V_m - E_L on threshold_voltage over a step", NULL},
    [P_TH_I] = {"P40", "mV/pA", RW_DERIVED, 0, 0, 0, "effect of a constant current on threshold_voltage", NULL},
    [P_THS_THS] = {"th_spike_step", "1", RW_DERIVED, 0, 0, 0, "decay of threshold_spike over a step", NULL},
    [THS_REF] = {"th_spike_ref", "1", RW_DERIVED, 0, 0, 0, "decay of threshold_spike over t_ref", NULL},
    [THS_JUMP] = {"th_spike_jump", "mV", RW_DERIVED, 0, 0, 0, "jump of threshold_spike, 0 if switched off", NULL},
    [RESET_TO] = {"reset_to", "mV", RW_DERIVED, 0, 0, 0, "part of the reset that is the same for all spikes", NULL},
    [RESET_SHARE] = {"reset_share", "1", RW_DERIVED, 0, 0, 0, "share of V_m - E_L in the reset", NULL},
    [REF_STEPS] = {"ref_steps", "1", RW_DERIVED, 0, 0, 0, "refractory steps", NULL},
    EACH_CURRENT(P_ASC_ASC, "asc_step", "1", RW_DERIVED, 0, 0, 0, "decay of the current over a step", NULL),
    EACH_CURRENT(P_V_ASC, "P35", "mV/pA", RW_DERIVED, 0, 0, 0, "effect of the current on V_m over a step", NULL),
    EACH_CURRENT(P_TH_ASC, "P45", "mV/pA", RW_DERIVED, 0, 0, 0, "the same on threshold_voltage", NULL),
    EACH_CURRENT(ASC_REF, "asc_ref", "1", RW_DERIVED, 0, 0, 0, "what spike and refractory time leave of it", NULL),
    EACH_CURRENT(ASC_JUMP, "asc_jump", "pA", RW_DERIVED, 0, 0, 0, "jump of the current, 0 if switched off", NULL),
    EACH_SYNAPSE(P_SYN_SYN, "P11", "1", RW_DERIVED, 0, 0, 0, "decay of the synaptic states over a step", NULL),
    EACH_SYNAPSE(P_SYN_DSYN, "P21", "ms", RW_DERIVED, 0, 0, 0, "effect of dI_syn on I_syn over a step", NULL),
    EACH_SYNAPSE(P_V_SYN, "P32", "mV/pA", RW_DERIVED, 0, 0, 0, "effect of I_syn on V_m over a step", NULL),
    EACH_SYNAPSE(P_V_DSYN, "P31", "mV ms/pA", RW_DERIVED, 0, 0, 0, "effect of dI_syn on V_m over a step", NULL),
    EACH_SYNAPSE(P_TH_SYN, "P42", "mV/pA", RW_DERIVED, 0, 0, 0, "effect of I_syn on threshold_voltage", NULL),
    EACH_SYNAPSE(P_TH_DSYN, "P41", "mV ms/pA", RW_DERIVED, 0, 0, 0, "effect of dI_syn on threshold_voltage", NULL),
    EACH_SYNAPSE(PEAK, "peak", "1/ms", RW_DERIVED, 0, 0, 0, "jump of dI_syn that gives a peak of 1 pA", NULL),
    [V_M] = {"V_m", "mV", RW_STATE, 0.0, -1e3, 1e3, "membrane potential", "E_L"},
    [THRESHOLD_SPIKE] = {"threshold_spike", "mV", RW_STATE, 0.0, -1e3, 1e3, "part of the threshold that spikes raise",
                         NULL},
    [THRESHOLD_VOLTAGE] = {"threshold_voltage", "mV", RW_STATE, 0.0, -1e3, 1e3,
                           "part of the threshold that follows the potential", NULL},
    [REFRACTORY] = {"refractory", "1", RW_STATE, 0.0, 0.0, 1e9, "refractory steps left", NULL},
    [ASC] = {"asc_1", "pA", RW_STATE, 0.0, -1e6, 1e6, "after-spike current", "asc_init_1"},
    [ASC + 1] = {"asc_2", "pA", RW_STATE, 0.0, -1e6, 1e6, "after-spike current", "asc_init_2"},
    EACH_SYNAPSE(I_SYN, "I_syn", "pA", RW_STATE, 0.0, -1e6, 1e6, "synaptic current", NULL),
    EACH_SYNAPSE(DI_SYN, "dI_syn", "pA/ms", RW_STATE, 0.0, -1e6, 1e6, "source of the synaptic current", NULL),
    [I_EXT] = {"I_ext", "pA", RW_INPUT, 0, 0, 0, "current from inputs during the step", NULL},
    EACH_SYNAPSE(SYN, "syn", "pA", RW_PORT, 0, 0, 0, "peak of the synaptic current, negative to inhibit", NULL),
};

/* The synaptic currents advance, and what they did to the potential and the threshold is added up. */
RW_KERNEL_BODY void add_synapse(const rw_chunk *chunk, size_t s, size_t i, bool homogeneous, double *V, double *theta) {
    double *I = chunk->x[I_SYN + s], *dI = chunk->x[DI_SYN + s];
    const float *arrived = chunk->ports[SYN + s];
#define OF(FIELD) rw_at(rw_parameter_of(chunk, (FIELD) + s, homogeneous), i)
    *V = rw_fma(OF(P_V_DSYN), dI[i], rw_fma(OF(P_V_SYN), I[i], *V));
    *theta = rw_fma(OF(P_TH_DSYN), dI[i], rw_fma(OF(P_TH_SYN), I[i], *theta));
    I[i] = rw_fma(OF(P_SYN_DSYN), dI[i], OF(P_SYN_SYN) * I[i]);
    dI[i] = rw_fma(OF(P_SYN_SYN), dI[i], OF(PEAK) * arrived[i]);
#undef OF
}

RW_KERNEL_BODY double step(const rw_chunk *chunk, double *fired, bool homogeneous) {
    double *const *x = chunk->x;
    double *V_m = x[V_M], *theta_s = x[THRESHOLD_SPIKE], *theta_v = x[THRESHOLD_VOLTAGE], *refractory = x[REFRACTORY];
    double *asc_1 = x[ASC], *asc_2 = x[ASC + 1], n_fired = 0.0;
    const double *I_ext = x[I_EXT];
#define OF(FIELD) rw_at(rw_parameter_of(chunk, FIELD, homogeneous), i)
#pragma omp simd reduction(+ : n_fired)
    for (size_t i = 0; i < chunk->n; i++) {
        double U = V_m[i] - OF(E_L), I = OF(I_E) + I_ext[i];
        double V = rw_fma(OF(P_V_V), U, rw_fma(OF(P_V_I), I, OF(E_L)));
        double voltage = rw_fma(OF(P_TH_V), U, rw_fma(OF(P_TH_I), I, OF(P_TH_TH) * theta_v[i]));
        V = rw_fma(OF(P_V_ASC), asc_1[i], rw_fma(OF(P_V_ASC + 1), asc_2[i], V));
        voltage = rw_fma(OF(P_TH_ASC), asc_1[i], rw_fma(OF(P_TH_ASC + 1), asc_2[i], voltage));
        add_synapse(chunk, 0, i, homogeneous, &V, &voltage);
        add_synapse(chunk, 1, i, homogeneous, &V, &voltage);
        add_synapse(chunk, 2, i, homogeneous, &V, &voltage);
        add_synapse(chunk, 3, i, homogeneous, &V, &voltage);
        double after_1 = OF(P_ASC_ASC) * asc_1[i], after_2 = OF(P_ASC_ASC + 1) * asc_2[i];
        double raised = OF(P_THS_THS) * theta_s[i];
        /* while refractory, potential, threshold and after-spike currents stand still: their decay until its end was
         * counted at the spike */
        int waits = refractory[i] > 0.0;
        int spike = !waits & (V > OF(V_TH) + raised + voltage);
        double reset = rw_fma(OF(RESET_SHARE), V - OF(E_L), OF(RESET_TO));
        V_m[i] = waits ? V_m[i] : spike ? reset : V;
        theta_v[i] = waits ? theta_v[i] : voltage;
        theta_s[i] = waits ? theta_s[i] : spike ? rw_fma(OF(THS_REF), raised, OF(THS_JUMP)) : raised;
        asc_1[i] = waits ? asc_1[i] : spike ? rw_fma(OF(ASC_REF), after_1, OF(ASC_JUMP)) : after_1;
        asc_2[i] = waits ? asc_2[i] : spike ? rw_fma(OF(ASC_REF + 1), after_2, OF(ASC_JUMP + 1)) : after_2;
        refractory[i] = spike ? OF(REF_STEPS) : waits ? refractory[i] - 1.0 : 0.0;
        fired[i] = spike ? 1.0 : 0.0;
        n_fired += fired[i];
    }
#undef OF
    return n_fired;
}

RW_KERNEL static double update(const rw_chunk *chunk, double *fired) {
    return chunk->homogeneous ? step(chunk, fired, true) : step(chunk, fired, false);
}

/* What acts on the potential. */
typedef enum { OF_POTENTIAL, OF_CONSTANT, OF_EXPONENTIAL, OF_ALPHA } response;

static double potential_after(response of, double tau_m, double C_m, double tau, double t) {
    switch (of) {
    case OF_POTENTIAL:
        return exp(-t / tau_m);
    case OF_CONSTANT:
        return rw_propagate_constant_current(tau_m, C_m, t);
    case OF_EXPONENTIAL:
        return rw_propagate_exp_current(tau_m, C_m, tau, t);
    default:
        return rw_propagate_alpha_current(tau_m, C_m, tau, t);
    }
}

/* Effect on threshold_voltage over h ms: a times the integral of e^(-b (h - t)) times the potential after t, by
 * quadrature on panels no longer than the shortest time constant, up to 64. */
static double threshold_after(response of, const rw_chunk *chunk, size_t i, double tau, double h) {
    double *const *x = chunk->x;
    double tau_m = x[C_M][i] / x[G][i], a = x[TH_VOLTAGE_INDEX][i], b = x[TH_VOLTAGE_DECAY][i];
    if (x[ADAPTING_THRESHOLD][i] == 0.0)
        return 0.0;
    int panels = (int)fmin(64.0, ceil(h * fmax(b, fmax(1.0 / tau_m, 1.0 / tau))));
    double sum = 0.0, width = h / panels;
    for (int p = 0; p < panels; p++)
        for (int k = 0; k < RW_QUADRATURE_POINTS; k++) {
            double t = (p + rw_quadrature_place[k]) * width;
            sum += rw_quadrature_weight[k] * exp(-b * (h - t)) * potential_after(of, tau_m, x[C_M][i], tau, t);
        }
    return a * width * sum;
}

static void derive_current(const rw_chunk *chunk, size_t k, size_t i) {
    double *const *x = chunk->x, h = chunk->step_ms;
    double tau_m = x[C_M][i] / x[G][i], tau = 1.0 / x[ASC_DECAY + k][i], on = x[AFTER_SPIKE_CURRENTS][i];
    x[P_ASC_ASC + k][i] = exp(-h / tau);
    x[P_V_ASC + k][i] = on * rw_propagate_exp_current(tau_m, x[C_M][i], tau, h);
    x[P_TH_ASC + k][i] = on * threshold_after(OF_EXPONENTIAL, chunk, i, tau, h);
    x[ASC_REF + k][i] = x[ASC_R + k][i] * exp(-x[T_REF][i] / tau);
    x[ASC_JUMP + k][i] = on * x[ASC_AMPS + k][i];
}

static void derive_synapse(const rw_chunk *chunk, size_t s, size_t i) {
    const double e = 2.718281828459045235, h = chunk->step_ms;
    double *const *x = chunk->x;
    double tau_m = x[C_M][i] / x[G][i], tau = x[TAU_SYN + s][i];
    x[P_SYN_SYN + s][i] = exp(-h / tau);
    x[P_SYN_DSYN + s][i] = h * exp(-h / tau);
    x[P_V_SYN + s][i] = rw_propagate_exp_current(tau_m, x[C_M][i], tau, h);
    x[P_V_DSYN + s][i] = rw_propagate_alpha_current(tau_m, x[C_M][i], tau, h);
    x[P_TH_SYN + s][i] = threshold_after(OF_EXPONENTIAL, chunk, i, tau, h);
    x[P_TH_DSYN + s][i] = threshold_after(OF_ALPHA, chunk, i, tau, h);
    x[PEAK + s][i] = e / tau;
}

static void derive(const rw_chunk *chunk) {
    double *const *x = chunk->x, h = chunk->step_ms;
    for (size_t i = 0; i < chunk->n; i++) {
        double tau_m = x[C_M][i] / x[G][i], decay = x[TH_SPIKE_DECAY][i];
        bool by_spikes = x[SPIKE_DEPENDENT_THRESHOLD][i] != 0.0, by_potential = x[ADAPTING_THRESHOLD][i] != 0.0;
        x[P_V_V][i] = exp(-h / tau_m);
        x[P_V_I][i] = rw_propagate_constant_current(tau_m, x[C_M][i], h);
        x[P_TH_TH][i] = by_potential ? exp(-h * x[TH_VOLTAGE_DECAY][i]) : 0.0;
        x[P_TH_V][i] = threshold_after(OF_POTENTIAL, chunk, i, tau_m, h);
        x[P_TH_I][i] = threshold_after(OF_CONSTANT, chunk, i, tau_m, h);
        x[P_THS_THS][i] = by_spikes ? exp(-h * decay) : 0.0;
        x[THS_REF][i] = exp(-decay * x[T_REF][i]);
        x[THS_JUMP][i] = by_spikes ? x[TH_SPIKE_ADD][i] : 0.0;
        x[RESET_TO][i] = by_spikes ? x[E_L][i] + x[RESET_ADD][i] : x[V_RESET][i];
        x[RESET_SHARE][i] = by_spikes ? x[RESET_FRACTION][i] : 0.0;
        x[REF_STEPS][i] = round(x[T_REF][i] / h);
        for (size_t k = 0; k < CURRENTS; k++)
            derive_current(chunk, k, i);
        for (size_t s = 0; s < SYNAPSES; s++)
            derive_synapse(chunk, s, i);
    }
}

static const char *invalid(const rw_chunk *chunk, size_t i) {
    double r = chunk->x[SPIKE_DEPENDENT_THRESHOLD][i], asc = chunk->x[AFTER_SPIKE_CURRENTS][i];
    double a = chunk->x[ADAPTING_THRESHOLD][i];
    if ((r != 0.0 && r != 1.0) || (asc != 0.0 && asc != 1.0) || (a != 0.0 && a != 1.0))
        return "spike_dependent_threshold, after_spike_currents and adapting_threshold are switches, 0 or 1";
    if (a == 1.0 && (r == 0.0 || asc == 0.0))
        return "adapting_threshold needs spike_dependent_threshold and after_spike_currents";
    return chunk->x[V_RESET][i] < chunk->x[V_TH][i] ? NULL : "V_reset must lie below V_th";
}

const rw_model rw_neuron_glif_psc = {
    .name = "glif_psc",
    .kind = RW_NEURON,
    .summary =
        "Generalised leaky integrate-and-fire cell (GLIF) with alpha-shaped synaptic currents, exact on the grid.",
    .equations = "C_m dV_m/dt = -g (V_m - E_L) + asc_1 + asc_2 + I_syn_1 + ... + I_syn_4 + I_e + I_ext\n"
                 "d(asc)/dt = -asc_decay asc; d(threshold_spike)/dt = -th_spike_decay threshold_spike\n"
                 "d(threshold_voltage)/dt = th_voltage_index (V_m - E_L) - th_voltage_decay threshold_voltage\n"
                 "dI_syn/dt = -I_syn/tau_syn + dI_syn, d(dI_syn)/dt = -dI_syn/tau_syn\n"
                 "a spike of weight w (pA) adds w e/tau_syn to dI_syn: the current peaks at w after tau_syn\n"
                 "V_m > V_th + threshold_spike + threshold_voltage: spike; all but the synapses waits for t_ref, then\n"
                 "asc = asc_amps + asc_r e^(-asc_decay t_ref) asc,\n"
                 "threshold_spike = th_spike_add + e^(-th_spike_decay t_ref) threshold_spike,\n"
                 "V_m = E_L + voltage_reset_fraction (V_m - E_L) + voltage_reset_add with spike_dependent_threshold,\n"
                 "else V_m = V_reset",
    .references = "Teeter et al. 2018 Nat Commun 9:709; parameters and defaults of glif_psc in NEST",
    .fields = fields,
    .n_fields = N_FIELDS,
    .derive = derive,
    .invalid = invalid,
    .neuron = {.update = update},
};
