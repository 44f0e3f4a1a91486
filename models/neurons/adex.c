/* Adaptive exponential integrate-and-fire cell that takes any set of receptors, stepped by classical Runge-Kutta. */
#include "model/model.h"

enum {
    C_M,
    G_L,
    E_L,
    V_T,
    DELTA_T,
    TAU_W,
    A,
    B,
    V_RESET,
    V_PEAK,
    T_REF,
    I_E,
    INVERSE_C,
    INVERSE_TAU_W,
    INVERSE_DELTA_T,
    SPIKE_SCALE,
    V_CUT,
    REF_STEPS,
    V_M,
    W,
    REFRACTORY,
    I_EXT,
    G_SYN,
    GE_SYN,
    N_FIELDS
};

static const rw_field fields[N_FIELDS] = {
    [C_M] = {"C_m", "pF", RW_PARAMETER, 281.0, 1.0, 1e5, "membrane capacitance", NULL},
    [G_L] = {"g_L", "nS", RW_PARAMETER, 30.0, 1e-3, 1e4, "leak conductance", NULL},
    [E_L] = {"E_L", "mV", RW_PARAMETER, -70.6, -200.0, 100.0, "leak reversal potential", NULL},
    [V_T] = {"V_T", "mV", RW_PARAMETER, -50.4, -200.0, 100.0, "potential at which the spike starts", NULL},
    [DELTA_T] = {"Delta_T", "mV", RW_PARAMETER, 2.0, 0.0, 100.0, "sharpness of the spike's start; 0: threshold at V_T",
                 NULL},
    [TAU_W] = {"tau_w", "ms", RW_PARAMETER, 144.0, 0.1, 1e5, "time constant of the adaptation", NULL},
    [A] = {"a", "nS", RW_PARAMETER, 4.0, -1e3, 1e3, "adaptation per potential above rest", NULL},
    [B] = {"b", "pA", RW_PARAMETER, 80.5, -1e5, 1e5, "adaptation per spike", NULL},
    [V_RESET] = {"V_reset", "mV", RW_PARAMETER, -60.0, -200.0, 100.0, "potential after a spike", NULL},
    [V_PEAK] = {"V_peak", "mV", RW_PARAMETER, 0.0, -200.0, 200.0, "potential at which the spike is cut off", NULL},
    [T_REF] = {"t_ref", "ms", RW_PARAMETER, 0.0, 0.0, 1e5, "refractory time, rounded to steps", NULL},
    [I_E] = {"I_e", "pA", RW_PARAMETER, 0.0, -1e6, 1e6, "constant current", NULL},
    [INVERSE_C] = {"inverse_C", "1/pF", RW_DERIVED, 0, 0, 0, "1 / C_m", NULL},
    [INVERSE_TAU_W] = {"inverse_tau_w", "1/ms", RW_DERIVED, 0, 0, 0, "1 / tau_w", NULL},
    [INVERSE_DELTA_T] = {"inverse_Delta_T", "1/mV", RW_DERIVED, 0, 0, 0, "1 / Delta_T, or 0 where Delta_T is 0", NULL},
    [SPIKE_SCALE] = {"spike_scale", "pA", RW_DERIVED, 0, 0, 0, "g_L Delta_T", NULL},
    [V_CUT] = {"V_cut", "mV", RW_DERIVED, 0, 0, 0, "V_peak, or V_T where Delta_T is 0", NULL},
    [REF_STEPS] = {"ref_steps", "1", RW_DERIVED, 0, 0, 0, "refractory steps", NULL},
    [V_M] = {"V_m", "mV", RW_STATE, 0.0, -1e3, 1e3, "membrane potential", "E_L"},
    [W] = {"w", "pA", RW_STATE, 0.0, -1e6, 1e6, "adaptation current", NULL},
    [REFRACTORY] = {"refractory", "1", RW_STATE, 0.0, 0.0, 1e9, "refractory steps left", NULL},
    [I_EXT] = {"I_ext", "pA", RW_INPUT, 0, 0, 0, "current from inputs during the step", NULL},
    [G_SYN] = {"g_syn", "nS", RW_INPUT, 0, 0, 0, "mean conductance of all receptors over the step", NULL},
    [GE_SYN] = {"gE_syn", "pA", RW_INPUT, 0, 0, 0, "sum of conductance times reversal potential", NULL},
};

/* Each stage of Runge-Kutta runs over the whole chunk: a stage depends on the exponential of the stage before, and the
 * work for the other cells hides its latency. */
RW_KERNEL_BODY double step(const rw_chunk *chunk, double *fired, bool homogeneous) {
    double *const *x = chunk->x;
    double *V_m = x[V_M], *w = x[W], *refractory = x[REFRACTORY];
    const double *I_ext = x[I_EXT], *g_syn = x[G_SYN], *gE_syn = x[GE_SYN];
    const rw_parameter leak = rw_parameter_of(chunk, G_L, homogeneous), E = rw_parameter_of(chunk, E_L, homogeneous);
    const rw_parameter threshold = rw_parameter_of(chunk, V_T, homogeneous),
                       reset = rw_parameter_of(chunk, V_RESET, homogeneous);
    const rw_parameter a = rw_parameter_of(chunk, A, homogeneous), b = rw_parameter_of(chunk, B, homogeneous);
    const rw_parameter peak = rw_parameter_of(chunk, V_PEAK, homogeneous),
                       cut = rw_parameter_of(chunk, V_CUT, homogeneous);
    const rw_parameter I_e = rw_parameter_of(chunk, I_E, homogeneous),
                       ref_steps = rw_parameter_of(chunk, REF_STEPS, homogeneous);
    const rw_parameter inverse_C = rw_parameter_of(chunk, INVERSE_C, homogeneous);
    const rw_parameter inverse_tau_w = rw_parameter_of(chunk, INVERSE_TAU_W, homogeneous);
    const rw_parameter inverse_Delta_T = rw_parameter_of(chunk, INVERSE_DELTA_T, homogeneous);
    const rw_parameter spike_scale = rw_parameter_of(chunk, SPIKE_SCALE, homogeneous);
    const double reach[4] = {0.0, 0.5, 0.5, 1.0}, share[4] = {1.0 / 6.0, 1.0 / 3.0, 1.0 / 3.0, 1.0 / 6.0};
    double h = chunk->step_ms;
    size_t n = chunk->n;
    /* start of the step; 1 / C_m, or 0 while refractory; what of the current depends on V and what not; slopes of the
     * last stage; changes over the step per ms */
    double V_0[RW_CHUNK], held[RW_CHUNK], g[RW_CHUNK], I[RW_CHUNK];
    double k_V[RW_CHUNK], k_w[RW_CHUNK], change_V[RW_CHUNK], change_w[RW_CHUNK];
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        V_0[i] = refractory[i] > 0.0 ? rw_at(reset, i) : V_m[i];
        held[i] = refractory[i] > 0.0 ? 0.0 : rw_at(inverse_C, i);
        g[i] = rw_at(leak, i) + g_syn[i];
        I[i] = rw_fma(rw_at(leak, i), rw_at(E, i), rw_at(I_e, i)) + (gE_syn[i] + I_ext[i]);
        k_V[i] = k_w[i] = change_V[i] = change_w[i] = 0.0;
    }
    for (int stage = 0; stage < 4; stage++) {
        double to = h * reach[stage], part = share[stage];
#pragma omp simd
        for (size_t i = 0; i < n; i++) {
            double V = rw_fma(to, k_V[i], V_0[i]), w_now = rw_fma(to, k_w[i], w[i]);
            V = V < rw_at(peak, i) ? V : rw_at(peak, i); /* past the peak the upstroke no longer matters */
            double slow = rw_fma(-g[i], V, I[i] - w_now);
            double upstroke = rw_exp((V - rw_at(threshold, i)) * rw_at(inverse_Delta_T, i));
            k_V[i] = held[i] * rw_fma(rw_at(spike_scale, i), upstroke, slow);
            k_w[i] = rw_fma(rw_at(a, i), V - rw_at(E, i), -w_now) * rw_at(inverse_tau_w, i);
            change_V[i] = rw_fma(part, k_V[i], change_V[i]);
            change_w[i] = rw_fma(part, k_w[i], change_w[i]);
        }
    }
    double n_fired = 0.0;
#pragma omp simd reduction(+ : n_fired)
    for (size_t i = 0; i < n; i++) {
        double V = rw_fma(h, change_V[i], V_0[i]), w_end = rw_fma(h, change_w[i], w[i]);
        double left = refractory[i] > 0.0 ? refractory[i] - 1.0 : 0.0;
        int spike = V >= rw_at(cut, i);
        V_m[i] = spike ? rw_at(reset, i) : V;
        w[i] = spike ? w_end + rw_at(b, i) : w_end;
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
    for (size_t i = 0; i < chunk->n; i++) {
        double Delta_T = x[DELTA_T][i];
        x[INVERSE_DELTA_T][i] = Delta_T > 0.0 ? 1.0 / Delta_T : 0.0;
        x[SPIKE_SCALE][i] = x[G_L][i] * Delta_T;
        x[INVERSE_C][i] = 1.0 / x[C_M][i];
        x[INVERSE_TAU_W][i] = 1.0 / x[TAU_W][i];
        x[V_CUT][i] = Delta_T > 0.0 ? x[V_PEAK][i] : x[V_T][i];
        x[REF_STEPS][i] = round(x[T_REF][i] / chunk->step_ms);
    }
}

static const char *invalid(const rw_chunk *chunk, size_t i) {
    double *const *x = chunk->x;
    if (x[V_PEAK][i] < x[V_T][i])
        return "V_peak must not lie below V_T";
    if (x[V_RESET][i] >= x[V_CUT][i])
        return x[DELTA_T][i] > 0.0 ? "V_reset must lie below V_peak" : "V_reset must lie below V_T when Delta_T is 0";
    if ((x[V_PEAK][i] - x[V_T][i]) * x[INVERSE_DELTA_T][i] > 600.0)
        return "the upstroke overflows: raise Delta_T or lower V_peak so that (V_peak - V_T) / Delta_T stays below 600";
    if (chunk->step_ms * x[G_L][i] > x[C_M][i])
        return "the step is longer than the membrane time constant C_m / g_L: shorten it";
    if (chunk->step_ms > x[TAU_W][i])
        return "the step is longer than tau_w: shorten it";
    return NULL;
}

const rw_model rw_neuron_adex = {
    .name = "adex",
    .kind = RW_NEURON,
    .summary = "Adaptive exponential integrate-and-fire cell: takes any set of receptors.",
    .equations =
        "C_m dV_m/dt = -g_L (V_m - E_L) + g_L Delta_T exp((V_m - V_T) / Delta_T) - w\n"
        "              - sum over receptors of g (V_m - E_rev) + I_e + I_ext\n"
        "tau_w dw/dt = a (V_m - E_L) - w\n"
        "V_m >= V_peak: spike, V_m = V_reset for t_ref while w runs on, w = w + b\n"
        "Delta_T = 0: no upstroke, threshold at V_T\n"
        "Runge-Kutta of order 4 on V_m and w, receptor conductances held over a step; V_m above V_peak acts as V_peak",
    .references = "Brette & Gerstner 2005 J Neurophysiol 94:3637; defaults and limits of aeif_cond_exp in NEST "
                  "(which resets to -60 mV, the paper to E_L)",
    .fields = fields,
    .n_fields = N_FIELDS,
    .derive = derive,
    .invalid = invalid,
    .neuron = {.update = update},
};
