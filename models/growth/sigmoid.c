/* Sigmoid growth curve: elements grow below the target calcium and retract above, at a bounded speed. */
#include "model/model.h"

enum { EPSILON, PSI, NU, PER_PSI, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [EPSILON] = {"epsilon", "1", RW_PARAMETER, 0.7, 1e-6, 1e3, "target calcium", NULL},
    [PSI] = {"psi", "1", RW_PARAMETER, 0.1, 1e-6, 1e3, "width of the passage through the target", NULL},
    [NU] = {"nu", "1/ms", RW_PARAMETER, 1e-4, -1.0, 1.0, "fastest growth, elements per ms", NULL},
    [PER_PSI] = {"inverse_psi", "1", RW_DERIVED, 0, 0, 0, "1 / psi", NULL},
};

RW_KERNEL static void rate(const rw_chunk *chunk, const double *calcium, double *dz_dt) {
    double *const *x = chunk->x;
    const double *nu = x[NU], *epsilon = x[EPSILON], *per_psi = x[PER_PSI];
#pragma omp simd
    for (size_t i = 0; i < chunk->n; i++)
        dz_dt[i] = nu[i] * (2.0 / (1.0 + rw_exp((calcium[i] - epsilon[i]) * per_psi[i])) - 1.0);
}

static void derive(const rw_chunk *chunk) {
    for (size_t i = 0; i < chunk->n; i++)
        chunk->x[PER_PSI][i] = 1.0 / chunk->x[PSI][i];
}

const rw_model rw_growth_sigmoid = {
    .name = "sigmoid",
    .kind = RW_GROWTH,
    .summary = "Elements grow below the target calcium and retract above it, at most at the speed nu.",
    .equations = "dz/dt = nu (2 / (1 + exp((c - epsilon) / psi)) - 1)",
    .references =
        "NEST's growth curve of that name; epsilon and psi: NEST's defaults; nu: NEST's example of structural "
        "plasticity",
    .fields = fields,
    .n_fields = N_FIELDS,
    .derive = derive,
    .growth = {.rate = rate},
};
