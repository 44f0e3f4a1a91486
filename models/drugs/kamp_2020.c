/* Ketamine after Kamp et al. 2020: a meta-analysis of racemate and enantiomers in adults and children. */
#include "model/model.h"

enum { V1, V2, V3, CL, Q2, Q3, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [V1] = {"V1", "l", RW_PARAMETER, 25.0, 1e-6, 1e6, "central volume (checked: third-party program)", NULL},
    [V2] = {"V2", "l", RW_PARAMETER, 56.0, 1e-6, 1e6, "shallow volume (checked: third-party program)", NULL},
    [V3] = {"V3", "l", RW_PARAMETER, 157.0, 1e-6, 1e6, "deep volume (checked: third-party program)", NULL},
    [CL] = {"CL", "l/h", RW_PARAMETER, 84.0, 0.0, 1e6, "clearance (checked: third-party program)", NULL},
    [Q2] = {"Q2", "l/h", RW_PARAMETER, 161.0, 0.0, 1e6,
            "exchange with the shallow volume (checked: third-party program)", NULL},
    [Q3] = {"Q3", "l/h", RW_PARAMETER, 79.0, 0.0, 1e6, "exchange with the deep volume (checked: third-party program)",
            NULL},
};

static const double allometry[N_FIELDS] = {[V1] = 1.0, [V2] = 1.0, [V3] = 1.0, [CL] = 0.75, [Q2] = 0.75, [Q3] = 0.75};

enum { CENTRAL, SHALLOW, DEEP, N_COMPARTMENTS };

static const rw_compartment compartments[N_COMPARTMENTS] = {
    [CENTRAL] = {"central", NULL, V1},
    [SHALLOW] = {"shallow", NULL, RW_NOWHERE},
    [DEEP] = {"deep", NULL, RW_NOWHERE},
};

static void flows(const double *x, rw_flows *f) {
    rw_flow(f, CENTRAL, RW_NOWHERE, x[CL] / x[V1]);
    rw_exchange(f, CENTRAL, x[V1], SHALLOW, x[V2], x[Q2]);
    rw_exchange(f, CENTRAL, x[V1], DEEP, x[V3], x[Q3]);
}

const rw_model rw_drug_kamp_2020 = {
    .name = "kamp_2020",
    .kind = RW_DRUG,
    .summary = "Three compartments for ketamine, from a meta-analysis of published studies; levels as in an artery.",
    .equations = "dA1/dt = dose - (CL + Q2 + Q3)/V1 A1 + Q2/V2 A2 + Q3/V3 A3, C = A1/V1\n"
                 "dA2/dt = Q2/V1 A1 - Q2/V2 A2, dA3/dt = Q3/V1 A1 - Q3/V3 A3\n"
                 "volumes scale with body mass / 70 kg, clearances with its power 0.75",
    .references =
        "Kamp, Jonkman, van Velzen et al. 2020 Anesthesiology 133:1192; the abstract (checked) gives V_ss 252 l "
        "(200-304) and "
        "CL 79 l/h (69-90), the table is known from a third-party infusion program (checked there; sums 238 l, "
        "84 l/h). 0.5 mg/kg over 40 min ends at 253 ng/ml: there is no venous delay. Measured: 185 (Zarate 2006), "
        "100-250 "
        "(Krystal 1994), both in Zanos et al. 2018, PMC6020109 (checked there); compare venous samples with fanta_2015",
    .fields = fields,
    .n_fields = N_FIELDS,
    .drug = {.compound = "ketamine",
             .compartments = compartments,
             .n_compartments = N_COMPARTMENTS,
             .flows = flows,
             .reference_kg = 70.0,
             .allometry = allometry},
};
