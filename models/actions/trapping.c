/* Use-dependent block: the drug enters and leaves open channels only, and a closing channel traps it. */
#include "model/model.h"

enum { K_ON, K_OFF, RELEASE, G_MAX, PER_G, B, P, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [K_ON] = {"k_on", "l/(umol s)", RW_PARAMETER, 0.15, 0.0, 1e4, "binding to an open channel", NULL},
    [K_OFF] = {"k_off", "1/s", RW_PARAMETER, 0.22, 0.0, 1e4, "unbinding from an open channel", NULL},
    [RELEASE] = {"release", "1", RW_PARAMETER, 0.0, 0.0, 1.0, "share of blocked channels that let go when they close",
                 NULL},
    [G_MAX] = {"g_max", "nS", RW_PARAMETER, 20.0, 1e-6, 1e6, "conductance of a cell's receptors with every gate open",
               NULL},
    [PER_G] = {"per_g", "1/nS", RW_DERIVED, 0, 0, 0, "1 / g_max", NULL},
    [B] = {"B", "1", RW_STATE, 0.0, 0.0, 1.0, "share of the receptors that is blocked", NULL},
    [P] = {"P", "1", RW_STATE, 0.0, 0.0, 1.0, "share of the gates that were open in the last step", NULL},
};

RW_KERNEL_BODY double largest(double a, double b) {
    return a > b ? a : b;
}

/* `small`: no rate is large against the step, so that no exponential is needed. */
RW_KERNEL_BODY void step(const rw_chunk *chunk, const rw_action_io *io, bool alike, bool small) {
    double *const *x = chunk->x;
    double *b = x[B], *p = x[P], *g = io->g, *gE = io->gE;
    const double *gate = io->gate;
    const rw_parameter k_on = rw_parameter_of(chunk, K_ON, alike), k_off = rw_parameter_of(chunk, K_OFF, alike);
    const rw_parameter release = rw_parameter_of(chunk, RELEASE, alike);
    const rw_parameter per_g = rw_parameter_of(chunk, PER_G, alike);
    double seconds = 1e-3 * chunk->step_ms * io->speed, conc_uM = io->conc_uM;
#pragma omp simd
    for (size_t i = 0; i < chunk->n; i++) {
        double open = gate[i] * rw_at(per_g, i),
               conducts = g[i] * rw_at(per_g, i); /* magnesium stops some open gates */
        open = open < 1.0 ? open : 1.0;
        conducts = conducts < 1.0 ? conducts : 1.0;
        double closes = largest(p[i] - open, 0.0);
        double blocked = b[i] * (1.0 - rw_at(release, i) * closes);
        double free = 1.0 - blocked;
        g[i] *= free;
        gE[i] *= free;
        double on = seconds * rw_at(k_on, i) * conc_uM * conducts, off = seconds * rw_at(k_off, i) * open;
        double rate = on + off;
        double relaxation = small ? rw_relaxation_small(rate) : rw_relaxation(rate);
        b[i] = rw_fma(rw_fma(-rate, blocked, on), relaxation, blocked);
        p[i] = open;
    }
}

/* Whether all rates are small with every gate open. */
static bool all_small(const rw_chunk *chunk, const rw_action_io *io) {
    double rate_per_s = chunk->x[K_ON][0] * io->conc_uM + chunk->x[K_OFF][0];
    return chunk->alike && 1e-3 * chunk->step_ms * io->speed * rate_per_s <= RW_RELAXATION_SMALL;
}

RW_KERNEL static void update(const rw_chunk *chunk, const rw_action_io *io) {
    if (all_small(chunk, io))
        step(chunk, io, true, true);
    else if (chunk->alike)
        step(chunk, io, true, false);
    else
        step(chunk, io, false, false);
}

static void derive(const rw_chunk *chunk) {
    for (size_t i = 0; i < chunk->n; i++)
        chunk->x[PER_G][i] = 1.0 / chunk->x[G_MAX][i];
}

/* Open channels that magnesium leaves alone are 1 / (1 + magnesium) of them. */
static double equilibrium(double *const *x, double conc_uM, double magnesium) {
    double on = x[K_ON][0] * conc_uM / (1.0 + magnesium);
    return on / (on + x[K_OFF][0] + 1e-300);
}

const rw_model rw_action_trapping = {
    .name = "trapping",
    .kind = RW_ACTION,
    .summary = "Use-dependent block with trapping: the drug comes and goes only through open channels.",
    .equations = "dB/dt = k_on C P_c (1 - B) - k_off P B, g = (1 - B) g without drug\n"
                 "P = open gates / g_max, P_c = conducting ones / g_max, at most 1: magnesium keeps the drug out\n"
                 "when P falls by dP, B loses the share release dP; with P = 0 nothing changes",
    .references = "Gilling et al. 2009 Neuropharmacology 56:866 (ketamine, memantine; checked); Blanpied et al. 1997 J "
                  "Neurophysiol 77:309 (a sixth of memantine leaves on closing; checked)",
    .fields = fields,
    .n_fields = N_FIELDS,
    .derive = derive,
    .action = {.assay = RW_MG_FREE,
               .affinity = RW_NOWHERE,
               .update = update,
               .blocked = B,
               .equilibrium = equilibrium,
               .slope = RW_NOWHERE},
};
