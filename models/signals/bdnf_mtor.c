/* From a drive to growth: a fast signal that is gone in hours, a slow one that lasts days, and a lag. */
#include "model/model.h"

enum { K_U, N, TAU_B, TAU_G, K, LAG, A, KEEP_B, KEEP_G, B_TO_G, B, G, N_FIELDS };
enum { STATE_B, STATE_G };

static const rw_field fields[N_FIELDS] = {
    [K_U] = {"k_u", "1", RW_PARAMETER, 0.1, 1e-9, 1e9, "drive that half activates the fast signal", NULL},
    [N] = {"n", "1", RW_PARAMETER, 4.0, 0.1, 100.0, "Hill coefficient: how little a weak drive does", NULL},
    [TAU_B] = {"tau_B", "ms", RW_PARAMETER, 2.7e6, 1.0, 1e12,
               "of the fast signal, 0.75 h after a bolus (assumption), 3.5-6.5 h in an infusion (Caffino 2024)", NULL},
    [TAU_G] = {"tau_G", "ms", RW_PARAMETER, 1.728e8, 1.0, 1e12, "of the slow signal, 24 to 72 h (assumption)", NULL},
    [K] = {"k", "1", RW_PARAMETER, 1.0, 0.0, 1e9, "slow signal that a lasting fast signal of 1 ends at", NULL},
    [LAG] = {"lag", "ms", RW_PARAMETER, 2.88e7, 0.0, 1e12, "until the slow signal acts, 6 to 12 h (Moda-Sava 2019)",
             NULL},
    [A] = {"a", "1", RW_PARAMETER, 1.0, 0.0, 1e9, "formation gained by a slow signal of 1", NULL},
    [KEEP_B] = {"keep_B", "1", RW_DERIVED, 0, 0, 0, "exp(-interval / tau_B)", NULL},
    [KEEP_G] = {"keep_G", "1", RW_DERIVED, 0, 0, 0, "exp(-interval / tau_G)", NULL},
    [B_TO_G] = {"B_to_G", "1", RW_DERIVED, 0, 0, 0, "what a decaying fast signal of 1 leaves in G / k", NULL},
    [B] = {"B", "1", RW_STATE, 0.0, 0.0, 1.0, "fast signal: BDNF, mTOR", NULL},
    [G] = {"G", "1", RW_STATE, 0.0, 0.0, 1e9, "slow signal: synaptic proteins", NULL},
};

/* Exact for a drive that is constant in the interval: B goes exponentially from where it is to hill(u), and G gets both
 * parts, the constant and what decays. */
static void advance(const double *p, double *state, double u, double left) {
    double target = u > 0.0 ? 1.0 / (1.0 + rw_exp(p[N] * rw_log(p[K_U] / u))) : 0.0;
    double distance = state[STATE_B] - target;
    double gain = p[K] * left;
    state[STATE_G] = p[KEEP_G] * state[STATE_G] + gain * ((1.0 - p[KEEP_G]) * target + p[B_TO_G] * distance);
    state[STATE_B] = target + p[KEEP_B] * distance;
}

static double formation(const double *p, double acting) {
    return 1.0 + p[A] * acting;
}

static void derive(const rw_chunk *chunk) {
    double h = chunk->step_ms;
    for (size_t i = 0; i < chunk->n; i++) {
        double tau_B = chunk->x[TAU_B][i], tau_G = chunk->x[TAU_G][i];
        chunk->x[KEEP_B][i] = exp(-h / tau_B);
        chunk->x[KEEP_G][i] = exp(-h / tau_G);
        chunk->x[B_TO_G][i] = rw_propagate_exp_current(tau_G, 1.0, tau_B, h) / tau_G;
    }
}

const rw_model rw_signal_bdnf_mtor = {
    .name = "bdnf_mtor",
    .kind = RW_SIGNAL,
    .summary = "A fast signal (BDNF, mTOR) builds up a slow one (proteins), which lets more elements form after a lag.",
    .equations = "tau_B dB/dt = hill(u) - B, hill(u) = u^n / (u^n + k_u^n)\n"
                 "tau_G dG/dt = k (1 - blocked) B - G; blocked: rapamycin\n"
                 "formation = 1 + a G(t - lag)",
    .references =
        "a minimal model of what these report: Li et al. 2010 Science 329:959 (mTOR, rapamycin); Autry et al. "
        "2011 Nature 475:91; Moda-Sava et al. 2019 Science 364:eaat8078; Phoumthipphavong et al. 2016 eNeuro 3 "
        "(formation, not elimination); Caffino et al. 2024 Neuropharmacology 109767 (tau_B: on at 2 and 6 h, off at 12 "
        "h)",
    .fields = fields,
    .n_fields = N_FIELDS,
    .derive = derive,
    .signal = {.lag = LAG, .acting = STATE_G, .advance = advance, .formation = formation},
};
