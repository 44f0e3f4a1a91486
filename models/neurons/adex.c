/* Adaptive exponential integrate-and-fire cell that takes any set of receptors, stepped by Taylor's series, and by
 * classical Runge-Kutta in the upstroke of a spike. */
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

/* Cells that Runge-Kutta takes together: few, so that one of them that is about to fire makes few others wait. */
enum { GROUP = 16 };

/* A cell whose potential moves by more than this in a step, in units of Delta_T, needs Runge-Kutta. */
static const double fast = 0.125;

/* A chunk in a step; aligned, so that loops over it begin with whole vectors. */
typedef struct {
    _Alignas(64) double V[RW_CHUNK]; /* at the end of the step */
    double w[RW_CHUNK];
    double moves[RW_CHUNK]; /* how far V moves, over Delta_T */
} chunk_step;

/* What a cell starts a step with. */
typedef struct {
    double V, held; /* potential; 1 / C_m, or 0 while refractory */
    double g, I;    /* what of the current depends on V and what not */
} start;

typedef struct {
    const double *V_m, *w, *refractory, *I_ext, *g_syn, *gE_syn;
    rw_parameter leak, E, threshold, reset, a, b, peak, cut, I_e, ref_steps, inverse_C, inverse_tau_w, inverse_Delta_T,
        spike_scale;
} cells;

RW_KERNEL_BODY cells cells_of(const rw_chunk *chunk, bool homogeneous) {
    double *const *x = chunk->x;
    return (cells){.V_m = x[V_M],
                   .w = x[W],
                   .refractory = x[REFRACTORY],
                   .I_ext = x[I_EXT],
                   .g_syn = x[G_SYN],
                   .gE_syn = x[GE_SYN],
                   .leak = rw_parameter_of(chunk, G_L, homogeneous),
                   .E = rw_parameter_of(chunk, E_L, homogeneous),
                   .threshold = rw_parameter_of(chunk, V_T, homogeneous),
                   .reset = rw_parameter_of(chunk, V_RESET, homogeneous),
                   .a = rw_parameter_of(chunk, A, homogeneous),
                   .b = rw_parameter_of(chunk, B, homogeneous),
                   .peak = rw_parameter_of(chunk, V_PEAK, homogeneous),
                   .cut = rw_parameter_of(chunk, V_CUT, homogeneous),
                   .I_e = rw_parameter_of(chunk, I_E, homogeneous),
                   .ref_steps = rw_parameter_of(chunk, REF_STEPS, homogeneous),
                   .inverse_C = rw_parameter_of(chunk, INVERSE_C, homogeneous),
                   .inverse_tau_w = rw_parameter_of(chunk, INVERSE_TAU_W, homogeneous),
                   .inverse_Delta_T = rw_parameter_of(chunk, INVERSE_DELTA_T, homogeneous),
                   .spike_scale = rw_parameter_of(chunk, SPIKE_SCALE, homogeneous)};
}

RW_KERNEL_BODY start start_of(const cells *c, size_t i) {
    double leak = rw_at(c->leak, i);
    return (start){.V = c->refractory[i] > 0.0 ? rw_at(c->reset, i) : c->V_m[i],
                   .held = c->refractory[i] > 0.0 ? 0.0 : rw_at(c->inverse_C, i),
                   .g = leak + c->g_syn[i],
                   .I = rw_fma(leak, rw_at(c->E, i), rw_at(c->I_e, i)) + (c->gE_syn[i] + c->I_ext[i])};
}

/* Taylor's series of order 5 in the step h, with one exponential: with u = g_L Delta_T exp((V - V_T) / Delta_T), the
 * derivatives follow from C V' = I - g V + u - w, tau_w w' = a (V - E_L) - w and u' = u V' / Delta_T by Leibniz' rule.
 * V1 is h V', V2 is h^2 V'', and so on. */
RW_KERNEL_BODY void step_series(chunk_step *s, const cells *c, double h, size_t n) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        start at = start_of(c, i);
        double g = at.g, rate = h * at.held, a = rw_at(c->a, i), w0 = c->w[i];
        double rate_w = h * rw_at(c->inverse_tau_w, i), steep = rw_at(c->inverse_Delta_T, i);
        double u0 = rw_at(c->spike_scale, i) * rw_exp((at.V - rw_at(c->threshold, i)) * steep);
        double V1 = rate * (rw_fma(-g, at.V, at.I - w0) + u0), d1 = V1 * steep, u1 = u0 * d1;
        double w1 = rate_w * rw_fma(a, at.V - rw_at(c->E, i), -w0);
        double V2 = rate * rw_fma(-g, V1, u1 - w1), d2 = V2 * steep, u2 = rw_fma(u0, d2, u1 * d1);
        double w2 = rate_w * rw_fma(a, V1, -w1);
        double V3 = rate * rw_fma(-g, V2, u2 - w2), d3 = V3 * steep;
        double w3 = rate_w * rw_fma(a, V2, -w2), u3 = rw_fma(u0, d3, rw_fma(2.0 * u1, d2, u2 * d1));
        double V4 = rate * rw_fma(-g, V3, u3 - w3), d4 = V4 * steep;
        double w4 = rate_w * rw_fma(a, V3, -w3);
        double u4 = rw_fma(u0, d4, rw_fma(u3, d1, 3.0 * rw_fma(u1, d3, u2 * d2)));
        double V5 = rate * rw_fma(-g, V4, u4 - w4), w5 = rate_w * rw_fma(a, V4, -w4);
        double V = rw_fma(1.0 / 120.0, V5, rw_fma(1.0 / 24.0, V4, rw_fma(1.0 / 6.0, V3, 0.5 * V2)));
        double w = rw_fma(1.0 / 120.0, w5, rw_fma(1.0 / 24.0, w4, rw_fma(1.0 / 6.0, w3, 0.5 * w2)));
        s->V[i] = at.V + (V1 + V);
        s->w[i] = w0 + (w1 + w);
        s->moves[i] = __builtin_fabs(d1);
    }
}

/* Whether a cell of the group moves fast, or whither no number says. */
RW_KERNEL_BODY bool any_fast(const double *moves, size_t n) {
    uint64_t any = 0; /* as wide as a double, so that the loop vectorises */
#pragma omp simd reduction(| : any)
    for (size_t i = 0; i < n; i++)
        any |= moves[i] <= fast ? 0 : 1;
    return any != 0;
}

/* Runge-Kutta of order 4, for those of cells [first, first + n) that move fast. Each stage runs over the whole group: a
 * stage depends on the exponential of the stage before, and the work for the other cells hides its latency. */
RW_KERNEL_BODY void step_runge_kutta(chunk_step *s, const cells *c, double h, size_t first, size_t n) {
    const double reach[4] = {0.0, 0.5, 0.5, 1.0}, share[4] = {1.0 / 6.0, 1.0 / 3.0, 1.0 / 3.0, 1.0 / 6.0};
    double k_V[GROUP] = {0}, k_w[GROUP] = {0}, change_V[GROUP] = {0}, change_w[GROUP] = {0};
    for (int stage = 0; stage < 4; stage++) {
        double to = h * reach[stage], part = share[stage];
#pragma omp simd
        for (size_t k = 0; k < n; k++) {
            size_t i = first + k;
            start at = start_of(c, i);
            double V = rw_fma(to, k_V[k], at.V), w = rw_fma(to, k_w[k], c->w[i]);
            V = V < rw_at(c->peak, i) ? V : rw_at(c->peak, i); /* past the peak the upstroke no longer matters */
            double upstroke = rw_exp((V - rw_at(c->threshold, i)) * rw_at(c->inverse_Delta_T, i));
            k_V[k] = at.held * rw_fma(rw_at(c->spike_scale, i), upstroke, rw_fma(-at.g, V, at.I - w));
            k_w[k] = rw_fma(rw_at(c->a, i), V - rw_at(c->E, i), -w) * rw_at(c->inverse_tau_w, i);
            change_V[k] = rw_fma(part, k_V[k], change_V[k]);
            change_w[k] = rw_fma(part, k_w[k], change_w[k]);
        }
    }
    for (size_t k = 0; k < n; k++) {
        size_t i = first + k;
        if (s->moves[i] <= fast)
            continue;
        s->V[i] = rw_fma(h, change_V[k], start_of(c, i).V);
        s->w[i] = rw_fma(h, change_w[k], c->w[i]);
    }
}

RW_KERNEL_BODY double step(const rw_chunk *chunk, double *fired, bool homogeneous) {
    const cells c = cells_of(chunk, homogeneous);
    double *V_m = chunk->x[V_M], *w = chunk->x[W], *refractory = chunk->x[REFRACTORY], n_fired = 0.0;
    chunk_step s;
    step_series(&s, &c, chunk->step_ms, chunk->n);
    for (size_t first = 0; first < chunk->n; first += GROUP) {
        size_t n = chunk->n - first < GROUP ? chunk->n - first : GROUP;
        if (any_fast(s.moves + first, n))
            step_runge_kutta(&s, &c, chunk->step_ms, first, n);
    }
#pragma omp simd reduction(+ : n_fired)
    for (size_t i = 0; i < chunk->n; i++) {
        double left = refractory[i] > 1.0 ? refractory[i] - 1.0 : 0.0;
        int spike = s.V[i] >= rw_at(c.cut, i);
        V_m[i] = spike ? rw_at(c.reset, i) : s.V[i];
        w[i] = spike ? s.w[i] + rw_at(c.b, i) : s.w[i];
        refractory[i] = spike ? rw_at(c.ref_steps, i) : left;
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
    .equations = "C_m dV_m/dt = -g_L (V_m - E_L) + g_L Delta_T exp((V_m - V_T) / Delta_T) - w\n"
                 "              - sum over receptors of g (V_m - E_rev) + I_e + I_ext\n"
                 "tau_w dw/dt = a (V_m - E_L) - w\n"
                 "V_m >= V_peak: spike, V_m = V_reset for t_ref while w runs on, w = w + b\n"
                 "Delta_T = 0: no upstroke, threshold at V_T\n"
                 "Taylor's series of order 5 in the step, or Runge-Kutta of order 4 where V_m moves by more than "
                 "Delta_T / 8 in it\n"
                 "(V_m above V_peak acts as V_peak there); receptor conductances are held over a step",
    .references = "Brette & Gerstner 2005 J Neurophysiol 94:3637; defaults and limits of aeif_cond_exp in NEST "
                  "(which resets to -60 mV, the paper to E_L)",
    .fields = fields,
    .n_fields = N_FIELDS,
    .derive = derive,
    .invalid = invalid,
    .neuron = {.update = update},
};
