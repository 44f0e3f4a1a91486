/* MK-801 in the mouse brain: one compartment. */
#include "model/model.h"

enum { V, CL, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [V] = {"V", "l", RW_PARAMETER, 0.0215, 1e-6, 1e6,
           "volume over F, so that the level is that of total drug in brain (fit to PMC6806415, table 2)", NULL},
    [CL] = {"CL", "l/h", RW_PARAMETER, 0.0211, 0.0, 1e6,
            "clearance over F, half-life 42 min (fit to PMC6806415, table 2)", NULL},
};

static const double allometry[N_FIELDS] = {[V] = 1.0, [CL] = 0.75};

enum { CENTRAL, N_COMPARTMENTS };

static const rw_compartment compartments[N_COMPARTMENTS] = {
    [CENTRAL] = {"central", NULL, V},
};

static void flows(const double *x, rw_flows *f) {
    rw_flow(f, CENTRAL, RW_NOWHERE, x[CL] / x[V]);
}

const rw_model rw_drug_mk801_mouse = {
    .name = "mk801_mouse",
    .kind = RW_DRUG,
    .summary = "One compartment for MK-801 in the mouse, so that 0.1 mg/kg peaks at about 90 ng/g in brain.",
    .equations = "dA/dt = dose - CL/V A, C = A/V\n"
                 "V scales with body mass, CL with its power 0.75",
    .references =
        "PMC6806415, table 2: 0.1 mg/kg s.c. in the mouse, brain peak 90.4 ng/g, area 5,940 ng min/g; V and CL are "
        "fitted to both",
    .fields = fields,
    .n_fields = N_FIELDS,
    .drug = {.compound = "mk801",
             .compartments = compartments,
             .n_compartments = N_COMPARTMENTS,
             .flows = flows,
             .reference_kg = 0.025,
             .allometry = allometry},
};
