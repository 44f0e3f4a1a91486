/* Memantine in adults: one compartment with slow elimination. */
#include "model/model.h"

enum { V, CL, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [V] = {"V", "l", RW_PARAMETER, 700.0, 1e-6, 1e6, "volume, 10 l/kg (label: 9-11)", NULL},
    [CL] = {"CL", "l/h", RW_PARAMETER, 8.1, 0.0, 1e6, "clearance, half-life 60 h (label: 60-80 h)", NULL},
};

static const double allometry[N_FIELDS] = {[V] = 1.0, [CL] = 0.75};

enum { CENTRAL, N_COMPARTMENTS };

static const rw_compartment compartments[N_COMPARTMENTS] = {
    [CENTRAL] = {"central", NULL, V},
};

static void flows(const double *x, rw_flows *f) {
    rw_flow(f, CENTRAL, RW_NOWHERE, x[CL] / x[V]);
}

const rw_model rw_drug_memantine_oral = {
    .name = "memantine_oral",
    .kind = RW_DRUG,
    .summary = "One compartment for memantine in adults, eliminated with a half-life of about 60 hours.",
    .equations = "dA/dt = dose - CL/V A, C = A/V\n"
                 "V scales with body mass, CL with its power 0.75",
    .references = "product label of memantine: volume 9-11 l/kg, half-life 60-80 h, completely absorbed, peak at 3-7 h",
    .fields = fields,
    .n_fields = N_FIELDS,
    .drug = {.compound = "memantine",
             .compartments = compartments,
             .n_compartments = N_COMPARTMENTS,
             .flows = flows,
             .reference_kg = 70.0,
             .allometry = allometry},
};
