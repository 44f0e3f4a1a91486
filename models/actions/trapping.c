/* Use-dependent block: the drug enters and leaves open channels only, and a closing channel traps it. */
#include "model/model.h"

enum { K_ON, K_OFF, K_RATIO, DELTA, V_K_OFF, RT_F, RELEASE, G_MAX, OFF_0, SLOPE, PER_G, B, P, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [K_ON] = {"k_on", "l/(umol s)", RW_PARAMETER, 0.15, 0.0, 1e4, "binding to an open channel", NULL},
    [K_OFF] = {"k_off", "1/s", RW_PARAMETER, 0.22, 0.0, 1e4, "unbinding from an open channel of GluN1/2A at V_k_off",
               NULL},
    [K_RATIO] = {"K_ratio", "1", RW_PARAMETER, 1.0, 1e-3, 1e3,
                 "K of the subunit over that of 2A, by which k_off is multiplied (k_on does not differ: assumed)",
                 NULL},
    [DELTA] = {"delta", "1", RW_PARAMETER, 0.79, 0.0, 2.0,
               "share of the field that the drug's charge crosses; all of it on its way out (assumed)", NULL},
    [V_K_OFF] = {"V_k_off", "mV", RW_PARAMETER, -70.0, -100.0, 100.0, "voltage at which k_off was measured", NULL},
    [RT_F] = {"RT_F", "mV", RW_PARAMETER, 26.7, 20.0, 30.0, "RT/F: 26.7 at 37 C, 25.4 at 22 C", NULL},
    [RELEASE] = {"release", "1", RW_PARAMETER, 0.0, 0.0, 1.0, "share of blocked channels that let go when they close",
                 NULL},
    [G_MAX] = {"g_max", "nS", RW_PARAMETER, 20.0, 1e-6, 1e6,
               "conductance of a cell's receptors, of all subunits, with every gate open", NULL},
    [OFF_0] = {"off_0", "1/s", RW_DERIVED, 0, 0, 0, "unbinding at 0 mV", NULL},
    [SLOPE] = {"slope", "1/mV", RW_DERIVED, 0, 0, 0, "-delta / RT_F: unbinding grows as exp(-slope V)", NULL},
    [PER_G] = {"per_g", "1/nS", RW_DERIVED, 0, 0, 0, "1 / g_max", NULL},
    [B] = {"B", "1", RW_STATE, 0.0, 0.0, 1.0, "share of the receptors that is blocked", NULL},
    [P] = {"P", "1", RW_STATE, 0.0, 0.0, 1.0, "share of the gates that were open in the last step; kept for release",
           NULL},
};

/* Classes of the largest rate times step of the cells of a chunk. */
typedef enum { TINY_RATES, SMALL_RATES, ANY_RATES } size_of_rates;

static const double tiny = 0x1p-6;

/* rw_relaxation; tiny arguments give bitwise equal results in every class. Error of the short series: 2e-12. */
RW_KERNEL_BODY double relaxation(double z, size_of_rates size) {
    double shortly = rw_fma(rw_fma(rw_fma(rw_fma(1.0 / 120.0, z, -1.0 / 24.0), z, 1.0 / 6.0), z, -1.0 / 2.0), z, 1.0);
    if (size == TINY_RATES)
        return shortly;
    double fully = size == SMALL_RATES ? rw_relaxation_small(z) : rw_relaxation(z);
    return z <= tiny ? shortly : fully;
}

RW_KERNEL_BODY double smallest(double a, double b) {
    return a < b ? a : b;
}

RW_KERNEL_BODY double largest(double a, double b) {
    return a > b ? a : b;
}

RW_KERNEL_BODY void step(const rw_chunk *chunk, const rw_action_io *io, bool homogeneous, bool releases,
                         size_of_rates size) {
    double *const *x = chunk->x;
    double *b = x[B], *p = x[P], *g = io->g, *gE = io->gE;
    const double *gate = io->gate;
    const float *shape = io->shape;
    const rw_parameter k_on = rw_parameter_of(chunk, K_ON, homogeneous),
                       off_0 = rw_parameter_of(chunk, OFF_0, homogeneous);
    const rw_parameter release = rw_parameter_of(chunk, RELEASE, homogeneous);
    const rw_parameter g_max = rw_parameter_of(chunk, G_MAX, homogeneous),
                       per_g = rw_parameter_of(chunk, PER_G, homogeneous);
    double seconds = 1e-3 * chunk->step_ms * io->speed / io->share, binding = seconds * io->conc_uM;
    double share = io->share, per_share = 1.0 / io->share;
#pragma omp simd
    for (size_t i = 0; i < chunk->n; i++) {
        double all = share * rw_at(g_max, i);
        double open = smallest(gate[i], all), conducts = smallest(g[i], all); /* magnesium stops some open gates */
        double blocked = b[i];
        if (releases) {
            double now = per_share * rw_at(per_g, i) * open;
            blocked *= 1.0 - rw_at(release, i) * largest(p[i] - now, 0.0);
            p[i] = rw_at(release, i) > 0.0 ? now : p[i];
        }
        double free = 1.0 - blocked;
        g[i] *= free;
        gE[i] *= free;
        double on = binding * rw_at(k_on, i) * rw_at(per_g, i) * conducts;
        double rate = rw_fma(seconds * rw_at(off_0, i) * rw_at(per_g, i) * (double)shape[i], open, on);
        b[i] = rw_fma(rw_fma(-rate, blocked, on), relaxation(rate, size), blocked);
    }
}

/* Of all rates with every gate open, up to +50 mV; beyond, where cells are for moments only, the series still serve. */
static size_of_rates find_size(const rw_chunk *chunk, const rw_action_io *io) {
    double *const *x = chunk->x;
    double rate_per_s = x[K_ON][0] * io->conc_uM + x[OFF_0][0] * exp(-50.0 * x[SLOPE][0]);
    double z = 1e-3 * chunk->step_ms * io->speed * rate_per_s;
    return !chunk->homogeneous || z > RW_RELAXATION_SMALL ? ANY_RATES : z > tiny ? SMALL_RATES : TINY_RATES;
}

RW_KERNEL static void update(const rw_chunk *chunk, const rw_action_io *io) {
    size_of_rates size = find_size(chunk, io);
    bool releases = !chunk->homogeneous || chunk->x[RELEASE][0] > 0.0;
    if (!chunk->homogeneous)
        step(chunk, io, false, true, ANY_RATES);
    else if (size == TINY_RATES && !releases)
        step(chunk, io, true, false, TINY_RATES);
    else if (size == TINY_RATES)
        step(chunk, io, true, true, TINY_RATES);
    else if (size == SMALL_RATES)
        step(chunk, io, true, releases, SMALL_RATES);
    else
        step(chunk, io, true, releases, ANY_RATES);
}

static void derive(const rw_chunk *chunk) {
    double *const *x = chunk->x;
    for (size_t i = 0; i < chunk->n; i++) {
        x[SLOPE][i] = -x[DELTA][i] / x[RT_F][i];
        x[OFF_0][i] = x[K_OFF][i] * x[K_RATIO][i] * exp(x[SLOPE][i] * x[V_K_OFF][i]);
        x[PER_G][i] = 1.0 / x[G_MAX][i];
    }
}

/* The share of open channels without magnesium is 1 / (1 + magnesium). */
static double equilibrium(double *const *x, double conc_uM, double V_m, double magnesium) {
    double on = x[K_ON][0] * conc_uM / (1.0 + magnesium);
    return on / (on + x[OFF_0][0] * exp(-x[SLOPE][0] * V_m) + 1e-300);
}

const rw_model rw_action_trapping = {
    .name = "trapping",
    .kind = RW_ACTION,
    .summary = "Use-dependent block with trapping: the drug comes and goes only through open channels.",
    .equations = "dB/dt = k_on C P_c (1 - B) - k_off(V) P B, g = (1 - B) g without drug\n"
                 "k_off(V) = k_off K_ratio exp(delta (V - V_k_off) / RT_F), K_ratio = K_2B / K_2A, ... by subunit\n"
                 "P = open gates / g_max, P_c = conducting ones / g_max, at most 1: magnesium keeps the drug out\n"
                 "(of a subunit, both over its share of g_max)\n"
                 "when P falls by dP, B loses the share release dP; with P = 0 nothing changes",
    .references = "Gilling et al. 2009 Neuropharmacology 56:866 (ketamine, memantine; rates of 2A at -70 mV, delta of "
                  "ketamine; checked); Blanpied et al. 1997 J Neurophysiol 77:309 (a sixth of memantine leaves on "
                  "closing, 2A and 2B equal; checked); Kotermanski & Johnson 2009 J Neurosci 29:2774 (K by subunit, "
                  "not read). That k_on is equal for all subunits and voltages, and k_off alone differs, is assumed",
    .fields = fields,
    .n_fields = N_FIELDS,
    .derive = derive,
    .action = {.assay = RW_MG_FREE,
               .affinity = RW_NOWHERE,
               .relative = K_RATIO,
               .update = update,
               .blocked = B,
               .equilibrium = equilibrium,
               .slope = SLOPE},
};
