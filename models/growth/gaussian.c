/* Gaussian growth curve: elements grow between two calcium levels and retract outside. */
#include "model/model.h"

enum { ETA, EPSILON, NU, XI, PER_ZETA, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [ETA] = {"eta", "1", RW_PARAMETER, 0.1, -1e3, 1e3, "calcium below which elements retract (unstable)", NULL},
    [EPSILON] = {"epsilon", "1", RW_PARAMETER, 0.7, 1e-6, 1e3, "target calcium, above which elements retract (stable)",
                 NULL},
    [NU] = {"nu", "1/ms", RW_PARAMETER, 1e-4, -1.0, 1.0, "fastest growth, elements per ms", NULL},
    [XI] = {"xi", "1", RW_DERIVED, 0, 0, 0, "calcium of the fastest growth", NULL},
    [PER_ZETA] = {"inverse_zeta", "1", RW_DERIVED, 0, 0, 0, "1 / zeta, the inverse width", NULL},
};

RW_KERNEL static void rate(const rw_chunk *chunk, const double *calcium, double *dz_dt) {
    double *const *x = chunk->x;
    const double *nu = x[NU], *xi = x[XI], *per_zeta = x[PER_ZETA];
#pragma omp simd
    for (size_t i = 0; i < chunk->n; i++) {
        double d = (calcium[i] - xi[i]) * per_zeta[i];
        dz_dt[i] = nu[i] * (2.0 * rw_exp(-d * d) - 1.0);
    }
}

static void derive(const rw_chunk *chunk) {
    double *const *x = chunk->x;
    for (size_t i = 0; i < chunk->n; i++) {
        double eta = x[ETA][i], epsilon = x[EPSILON][i];
        x[XI][i] = 0.5 * (eta + epsilon);
        x[PER_ZETA][i] = epsilon > eta ? 2.0 * sqrt(log(2.0)) / (epsilon - eta) : 0.0;
    }
}

static const char *invalid(const rw_chunk *chunk, size_t i) {
    return chunk->x[ETA][i] < chunk->x[EPSILON][i] ? NULL : "eta must lie below epsilon";
}

const rw_model rw_growth_gaussian = {
    .name = "gaussian",
    .kind = RW_GROWTH,
    .summary = "Elements grow between the calcium levels eta and epsilon and retract outside.",
    .equations =
        "dz/dt = nu (2 exp(-((c - xi) / zeta)^2) - 1), xi = (eta + epsilon)/2, zeta = (epsilon - eta)/(2 sqrt(ln 2))\n"
        "zero at c = eta and c = epsilon, nu at xi, -nu far away",
    .references = "Butz & van Ooyen 2013 PLoS Comput Biol 9:e1003259; eta and epsilon: NEST's defaults; nu: NEST's "
                  "example of structural plasticity",
    .fields = fields,
    .n_fields = N_FIELDS,
    .derive = derive,
    .invalid = invalid,
    .growth = {.rate = rate},
};
