/* Constant growth: elements form at a rate that does not depend on activity, as spines do in the absence of signals. */
#include "model/model.h"

enum { NU, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [NU] = {"nu", "1/ms", RW_PARAMETER, 1e-8, -1.0, 1.0, "growth, elements per ms", NULL},
};

RW_KERNEL static void rate(const rw_chunk *chunk, const double *calcium, double *dz_dt) {
    const double *nu = chunk->x[NU];
    (void)calcium;
#pragma omp simd
    for (size_t i = 0; i < chunk->n; i++)
        dz_dt[i] = nu[i];
}

const rw_model rw_growth_constant = {
    .name = "constant",
    .kind = RW_GROWTH,
    .summary = "Elements form at a constant rate; with `loss` of synapses, spines come and go by chance.",
    .equations =
        "dz/dt = nu\n"
        "spines: dendritic elements grow so, and rewire: {loss: {rate: h0, weight: w0, age: a0}} of a projection\n"
        "takes each synapse with the hazard h0 exp(-|w| / w0) exp(-age / a0), its dendritic element with it",
    .references = "turnover of spines: Yasumatsu et al. 2008 J Neurosci 28:13592; Holtmaat et al. 2005 Neuron 45:279",
    .fields = fields,
    .n_fields = N_FIELDS,
    .growth = {.rate = rate},
};
