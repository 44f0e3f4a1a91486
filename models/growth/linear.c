/* Linear growth curve: elements grow below the target calcium and retract above, in proportion to the distance. */
#include "model/model.h"

enum { EPSILON, NU, PER_EPSILON, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [EPSILON] = {"epsilon", "1", RW_PARAMETER, 0.7, 1e-6, 1e3, "target calcium", NULL},
    [NU] = {"nu", "1/ms", RW_PARAMETER, 1e-4, -1.0, 1.0, "growth of a silent cell, elements per ms", NULL},
    [PER_EPSILON] = {"inverse_epsilon", "1", RW_DERIVED, 0, 0, 0, "1 / epsilon", NULL},
};

RW_KERNEL static void rate(const rw_chunk *chunk, const double *calcium, double *dz_dt) {
    double *const *x = chunk->x;
    const double *nu = x[NU], *per_epsilon = x[PER_EPSILON];
#pragma omp simd
    for (size_t i = 0; i < chunk->n; i++)
        dz_dt[i] = nu[i] * (1.0 - calcium[i] * per_epsilon[i]);
}

static void derive(const rw_chunk *chunk) {
    for (size_t i = 0; i < chunk->n; i++)
        chunk->x[PER_EPSILON][i] = 1.0 / chunk->x[EPSILON][i];
}

const rw_model rw_growth_linear = {
    .name = "linear",
    .kind = RW_GROWTH,
    .summary = "Elements grow below the target calcium and retract above it, in proportion to the distance.",
    .equations = "dz/dt = nu (1 - c / epsilon)",
    .references = "Gallinaro & Rotter 2018 Sci Rep 8:3754; epsilon: NEST's default; nu: NEST's example of structural "
                  "plasticity",
    .fields = fields,
    .n_fields = N_FIELDS,
    .derive = derive,
    .growth = {.rate = rate},
};
