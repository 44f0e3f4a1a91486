/* Disinhibition: the population fires above its own baseline, as pyramidal cells do while glutamate surges. */
#include "model/model.h"

enum { TAU_R, TAU_BASE, R_BASE, LEARN, KEEP_R, KEEP_BASE, R, BASE, SEEN_R, SEEN_BASE, N_FIELDS };
enum { STATE_R, STATE_BASE, STATE_SEEN_R, STATE_SEEN_BASE };

static const rw_field fields[N_FIELDS] = {
    [TAU_R] = {"tau_r", "ms", RW_PARAMETER, 3.6e6, 1.0, 1e12, "time over which the rate is averaged", NULL},
    [TAU_BASE] = {"tau_base", "ms", RW_PARAMETER, 8.64e7, 1.0, 1e12, "time over which the baseline follows the rate",
                  NULL},
    [R_BASE] = {"r_base", "Hz", RW_PARAMETER, 0.0, 0.0, 1e3, "fixed baseline; 0: the running mean over tau_base", NULL},
    [LEARN] = {"learn", "ms", RW_PARAMETER, 0.0, 0.0, 1e15, "until then there is no drive, only a baseline", NULL},
    [KEEP_R] = {"keep_r", "1", RW_DERIVED, 0, 0, 0, "exp(-interval / tau_r)", NULL},
    [KEEP_BASE] = {"keep_base", "1", RW_DERIVED, 0, 0, 0, "exp(-interval / tau_base)", NULL},
    [R] = {"r", "Hz", RW_STATE, 0.0, 0.0, 1e3, "rate, averaged over tau_r", NULL},
    [BASE] = {"base", "Hz", RW_STATE, 0.0, 0.0, 1e3, "baseline of the rate", NULL},
    [SEEN_R] = {"seen_r", "1", RW_STATE, 0.0, 0.0, 1.0, "weight of what r has seen, 1 after many tau_r", NULL},
    [SEEN_BASE] = {"seen_base", "1", RW_STATE, 0.0, 0.0, 1.0, "weight of what base has seen, 1 after many tau_base",
                   NULL},
};

/* An exponential average that begins as the plain mean of the values so far, not at 0. */
static void follow(double *average, double *seen, double value, double keep) {
    *seen = keep * *seen + (1.0 - keep);
    *average += (1.0 - keep) / *seen * (value - *average);
}

static double level(const double *p, double *state, const rw_drive_view *view) {
    double fixed = p[R_BASE];
    follow(&state[STATE_R], &state[STATE_SEEN_R], view->rate_hz, p[KEEP_R]);
    follow(&state[STATE_BASE], &state[STATE_SEEN_BASE], view->rate_hz, p[KEEP_BASE]);
    if (fixed > 0.0)
        state[STATE_BASE] = fixed;
    if (view->end_ms <= p[LEARN] || state[STATE_BASE] <= 0.0)
        return 0.0;
    double u = state[STATE_R] / state[STATE_BASE] - 1.0;
    return u > 0.0 ? u : 0.0;
}

static void derive(const rw_chunk *chunk) {
    for (size_t i = 0; i < chunk->n; i++) {
        chunk->x[KEEP_R][i] = exp(-chunk->step_ms / chunk->x[TAU_R][i]);
        chunk->x[KEEP_BASE][i] = exp(-chunk->step_ms / chunk->x[TAU_BASE][i]);
    }
}

const rw_model rw_drive_disinhibition = {
    .name = "disinhibition",
    .kind = RW_DRIVE,
    .summary = "Growth is driven by a rate above its own baseline: the glutamate surge of disinhibited cells.",
    .equations = "u = max(0, r / base - 1), 0 until learn\n"
                 "r, base: exponential averages of the population's rate over tau_r, tau_base; base = r_base if given",
    .references =
        "Moghaddam et al. 1997 J Neurosci 17:2921; Homayoun & Moghaddam 2007 J Neurosci 27:11496; the form is "
        "a minimal model, tau_r and tau_base are chosen",
    .fields = fields,
    .n_fields = N_FIELDS,
    .derive = derive,
    .drive = {.level = level},
};
