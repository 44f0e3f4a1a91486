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
    INVERSE_DELTA_T,
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
    [INVERSE_DELTA_T] = {"inverse_Delta_T", "1/mV", RW_DERIVED, 0, 0, 0, "1 / Delta_T, or 0 where Delta_T is 0", NULL},
    [V_CUT] = {"V_cut", "mV", RW_DERIVED, 0, 0, 0, "V_peak, or V_T where Delta_T is 0", NULL},
    [REF_STEPS] = {"ref_steps", "1", RW_DERIVED, 0, 0, 0, "refractory steps", NULL},
    [V_M] = {"V_m", "mV", RW_STATE, 0.0, -1e3, 1e3, "membrane potential", "E_L"},
    [W] = {"w", "pA", RW_STATE, 0.0, -1e6, 1e6, "adaptation current", NULL},
    [REFRACTORY] = {"refractory", "1", RW_STATE, 0.0, 0.0, 1e9, "refractory steps left", NULL},
    [I_EXT] = {"I_ext", "pA", RW_INPUT, 0, 0, 0, "current from inputs during the step", NULL},
    [G_SYN] = {"g_syn", "nS", RW_INPUT, 0, 0, 0, "conductance of all receptors at the start of the step", NULL},
    [GE_SYN] = {"gE_syn", "pA", RW_INPUT, 0, 0, 0, "sum of conductance times reversal potential", NULL},
};

/* The equations of one cell during one step: dV/dt = free (I - G V + spike - w) / C with the currents held. */
typedef struct {
    double G, I, spike, V_T, inverse_Delta_T, V_peak, free_per_C, a, E_L, per_tau_w;
} cell;

typedef struct {
    double V, w;
} point;

/* The kernel's loop becomes vector code only if both functions dissolve in it. */
#define ALWAYS_INLINE __attribute__((always_inline)) static inline

ALWAYS_INLINE point slope(cell c, double V, double w) {
    double bounded = V < c.V_peak ? V : c.V_peak; /* past the peak the upstroke no longer matters */
    double spike = c.spike * rw_exp((bounded - c.V_T) * c.inverse_Delta_T);
    return (point){c.free_per_C * (c.I - c.G * bounded + spike - w), (c.a * (bounded - c.E_L) - w) * c.per_tau_w};
}

ALWAYS_INLINE point runge_kutta(cell c, double V, double w, double h) {
    point k1 = slope(c, V, w);
    point k2 = slope(c, V + 0.5 * h * k1.V, w + 0.5 * h * k1.w);
    point k3 = slope(c, V + 0.5 * h * k2.V, w + 0.5 * h * k2.w);
    point k4 = slope(c, V + h * k3.V, w + h * k3.w);
    return (point){V + h / 6.0 * (k1.V + 2.0 * (k2.V + k3.V) + k4.V),
                   w + h / 6.0 * (k1.w + 2.0 * (k2.w + k3.w) + k4.w)};
}

RW_KERNEL static void update(const rw_chunk *chunk, double *fired) {
    double *const *x = chunk->x;
    double *V_m = x[V_M], *w = x[W], *refractory = x[REFRACTORY];
    const double *C_m = x[C_M], *g_L = x[G_L], *E = x[E_L], *V_th = x[V_T], *Delta_T = x[DELTA_T], *tau_w = x[TAU_W];
    const double *a = x[A], *b = x[B], *V_reset = x[V_RESET], *V_peak = x[V_PEAK], *V_cut = x[V_CUT], *I_e = x[I_E];
    const double *inverse_Delta_T = x[INVERSE_DELTA_T], *ref_steps = x[REF_STEPS];
    const double *I_ext = x[I_EXT], *g_syn = x[G_SYN], *gE_syn = x[GE_SYN];
    double h = chunk->step_ms;
#pragma omp simd
    for (size_t i = 0; i < chunk->n; i++) {
        cell c = {.G = g_L[i] + g_syn[i],
                  .I = g_L[i] * E[i] + gE_syn[i] + I_e[i] + I_ext[i],
                  .spike = g_L[i] * Delta_T[i],
                  .V_T = V_th[i],
                  .inverse_Delta_T = inverse_Delta_T[i],
                  .V_peak = V_peak[i],
                  .free_per_C = (refractory[i] > 0.0 ? 0.0 : 1.0) / C_m[i],
                  .a = a[i],
                  .E_L = E[i],
                  .per_tau_w = 1.0 / tau_w[i]};
        double V = refractory[i] > 0.0 ? V_reset[i] : V_m[i];
        point end = runge_kutta(c, V, w[i], h);
        double left = refractory[i] > 0.0 ? refractory[i] - 1.0 : 0.0;
        int spike = end.V >= V_cut[i];
        V_m[i] = spike ? V_reset[i] : end.V;
        w[i] = spike ? end.w + b[i] : end.w;
        refractory[i] = spike ? ref_steps[i] : left;
        fired[i] = spike ? 1.0 : 0.0;
    }
}

static void derive(const rw_chunk *chunk) {
    double *const *x = chunk->x;
    for (size_t i = 0; i < chunk->n; i++) {
        double Delta_T = x[DELTA_T][i];
        x[INVERSE_DELTA_T][i] = Delta_T > 0.0 ? 1.0 / Delta_T : 0.0;
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
