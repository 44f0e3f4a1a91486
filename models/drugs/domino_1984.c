/* Ketamine after Domino et al. 1984, in micro-constants. */
#include "model/model.h"

enum { V1, k10, k12, k13, k21, k31, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [V1] = {"V1", "l", RW_PARAMETER, 4.41, 1e-6, 1e6, "central volume, 0.063 l/kg (checked: stanpumpR)", NULL},
    [k10] = {"k10", "1/min", RW_PARAMETER, 0.438, 0.0, 1e4, "elimination (checked: stanpumpR)", NULL},
    [k12] = {"k12", "1/min", RW_PARAMETER, 0.592, 0.0, 1e4, "to the second compartment (checked: stanpumpR)", NULL},
    [k13] = {"k13", "1/min", RW_PARAMETER, 0.590, 0.0, 1e4, "to the third compartment (checked: stanpumpR)", NULL},
    [k21] = {"k21", "1/min", RW_PARAMETER, 0.247, 0.0, 1e4, "back from the second compartment (checked: stanpumpR)",
             NULL},
    [k31] = {"k31", "1/min", RW_PARAMETER, 0.0146, 0.0, 1e4, "back from the third compartment (checked: stanpumpR)",
             NULL},
};

static const double allometry[N_FIELDS] = {[V1] = 1.0};

enum { CENTRAL, SHALLOW, DEEP, N_COMPARTMENTS };

static const rw_compartment compartments[N_COMPARTMENTS] = {
    [CENTRAL] = {"central", NULL, V1},
    [SHALLOW] = {"shallow", NULL, RW_NOWHERE},
    [DEEP] = {"deep", NULL, RW_NOWHERE},
};

static void flows(const double *x, rw_flows *f) {
    rw_flow(f, CENTRAL, RW_NOWHERE, 60.0 * x[k10]);
    rw_flow(f, CENTRAL, SHALLOW, 60.0 * x[k12]);
    rw_flow(f, SHALLOW, CENTRAL, 60.0 * x[k21]);
    rw_flow(f, CENTRAL, DEEP, 60.0 * x[k13]);
    rw_flow(f, DEEP, CENTRAL, 60.0 * x[k31]);
}

const rw_model rw_drug_domino_1984 = {
    .name = "domino_1984",
    .kind = RW_DRUG,
    .summary = "Three compartments for intravenous ketamine in patients, given as micro-constants.",
    .equations = "dA1/dt = dose - (k10 + k12 + k13) A1 + k21 A2 + k31 A3, C = A1/V1\n"
                 "dA2/dt = k12 A1 - k21 A2, dA3/dt = k13 A1 - k31 A3\n"
                 "V1 scales with body mass / 70 kg (0.063 l/kg)",
    .references =
        "Domino, Domino, Smith et al. 1984 Clin Pharmacol Ther 36:645, or 1982 Anesth Analg 61:87: programs that carry "
        "these constants disagree; constants as in "
        "stanpumpR and opentiva",
    .fields = fields,
    .n_fields = N_FIELDS,
    .drug = {.compound = "ketamine",
             .compartments = compartments,
             .n_compartments = N_COMPARTMENTS,
             .flows = flows,
             .reference_kg = 70.0,
             .allometry = allometry},
};
