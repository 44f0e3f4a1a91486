/* Ketamine in the mouse, intraperitoneal: one compartment. */
#include "model/model.h"

enum { V, CL, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [V] = {"V", "l", RW_PARAMETER, 0.25, 1e-6, 1e6, "volume, 10 l/kg (assumption)", NULL},
    [CL] = {"CL", "l/h", RW_PARAMETER, 0.52, 0.0, 1e6, "clearance, half-life 20 min (assumption)", NULL},
};

static const double allometry[N_FIELDS] = {[V] = 1.0, [CL] = 0.75};

enum { CENTRAL, N_COMPARTMENTS };

static const rw_compartment compartments[N_COMPARTMENTS] = {
    [CENTRAL] = {"central", NULL, V},
};

static void flows(const double *x, rw_flows *f) {
    rw_flow(f, CENTRAL, RW_NOWHERE, x[CL] / x[V]);
}

const rw_model rw_drug_ketamine_mouse = {
    .name = "ketamine_mouse",
    .kind = RW_DRUG,
    .summary = "One compartment for ketamine in the mouse, so that 10 mg/kg i.p. peaks at about 3 umol/l (assumption).",
    .equations = "dA/dt = dose - CL/V A, C = A/V\n"
                 "V scales with body mass, CL with its power 0.75",
    .references =
        "Zanos et al. 2016 Nature 533:481 and Maxwell et al. 2006 Neuropsychopharmacology 31:1208: peak 1-4 umol/l at "
        "about 10 "
        "min and a half-life of 13-30 min after 10 mg/kg i.p. (not read, hence an assumption); V and CL are chosen to "
        "give these",
    .fields = fields,
    .n_fields = N_FIELDS,
    .drug = {.compound = "ketamine",
             .compartments = compartments,
             .n_compartments = N_COMPARTMENTS,
             .flows = flows,
             .reference_kg = 0.025,
             .allometry = allometry},
};
