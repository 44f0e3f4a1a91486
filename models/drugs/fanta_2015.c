/* S-ketamine in venous plasma after Fanta et al. 2015, with S-norketamine after Otto et al. 2021. */
#include "model/model.h"

enum { V1, V2, V3, CL, Q2, Q3, V_nk, CL_nk, Vp_nk, Q_nk, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [V1] = {"V1", "l", RW_PARAMETER, 133.0, 1e-6, 1e6, "central volume (checked: nlmixr2lib)", NULL},
    [V2] = {"V2", "l", RW_PARAMETER, 187.0, 1e-6, 1e6, "deep volume (checked: nlmixr2lib)", NULL},
    [V3] = {"V3", "l", RW_PARAMETER, 98.8, 1e-6, 1e6, "shallow volume (checked: nlmixr2lib)", NULL},
    [CL] = {"CL", "l/h", RW_PARAMETER, 95.2, 0.0, 1e6, "clearance into norketamine (checked: nlmixr2lib)", NULL},
    [Q2] = {"Q2", "l/h", RW_PARAMETER, 23.2, 0.0, 1e6, "exchange with the deep volume (checked: nlmixr2lib)", NULL},
    [Q3] = {"Q3", "l/h", RW_PARAMETER, 157.0, 0.0, 1e6, "exchange with the shallow volume (checked: nlmixr2lib)", NULL},
    [V_nk] = {"V_nk", "l", RW_PARAMETER, 98.6, 1e-6, 1e6, "central volume of norketamine (checked: nlmixr2lib)", NULL},
    [CL_nk] = {"CL_nk", "l/h", RW_PARAMETER, 57.7, 0.0, 1e6, "clearance of norketamine (checked: nlmixr2lib)", NULL},
    [Vp_nk] = {"Vp_nk", "l", RW_PARAMETER, 160.0, 1e-6, 1e6, "peripheral volume of norketamine (checked: nlmixr2lib)",
               NULL},
    [Q_nk] = {"Q_nk", "l/h", RW_PARAMETER, 42.8, 0.0, 1e6, "exchange of norketamine (checked: nlmixr2lib)", NULL},
};

static const double allometry[N_FIELDS] = {[V1] = 1.0,  [V2] = 1.0,   [V3] = 1.0,     [CL] = 0.75,   [Q2] = 0.75,
                                           [Q3] = 0.75, [V_nk] = 1.0, [CL_nk] = 0.75, [Vp_nk] = 1.0, [Q_nk] = 0.75};

enum { CENTRAL, DEEP, SHALLOW, NORKETAMINE, NORKETAMINE_PERIPHERAL, N_COMPARTMENTS };

static const rw_compartment compartments[N_COMPARTMENTS] = {
    [CENTRAL] = {"central", NULL, V1},
    [DEEP] = {"deep", NULL, RW_NOWHERE},
    [SHALLOW] = {"shallow", NULL, RW_NOWHERE},
    [NORKETAMINE] = {"norketamine", "s_norketamine", V_nk},
    [NORKETAMINE_PERIPHERAL] = {"norketamine_peripheral", "s_norketamine", RW_NOWHERE},
};

static void flows(const double *x, rw_flows *f) {
    rw_flow(f, CENTRAL, NORKETAMINE, x[CL] / x[V1]);
    rw_exchange(f, CENTRAL, x[V1], DEEP, x[V2], x[Q2]);
    rw_exchange(f, CENTRAL, x[V1], SHALLOW, x[V3], x[Q3]);
    rw_flow(f, NORKETAMINE, RW_NOWHERE, x[CL_nk] / x[V_nk]);
    rw_exchange(f, NORKETAMINE, x[V_nk], NORKETAMINE_PERIPHERAL, x[Vp_nk], x[Q_nk]);
}

static const rw_variance variances[] = {
    {V1, V1, 0.084, 0},
    {CL, CL, 0.026, 0},
    {V1, CL, 0.023, 0},
};

const rw_model rw_drug_fanta_2015 = {
    .name = "fanta_2015",
    .kind = RW_DRUG,
    .summary = "Three compartments for S-ketamine in venous plasma and two for the S-norketamine it becomes.",
    .equations = "ketamine: three compartments with V1, V2, V3, CL, Q2, Q3; all of CL forms norketamine\n"
                 "norketamine: dA4/dt = CL/V1 A1 - (CL_nk + Q_nk)/V_nk A4 + Q_nk/Vp_nk A5, C = A4/V_nk\n"
                 "volumes scale with body mass / 70 kg, clearances with its power 0.75\n"
                 "a person: V1, CL times exp(eta), variances 0.084 and 0.026, covariance 0.023",
    .references =
        "Fanta, Kinnunen, Backman & Kalso 2015 Eur J Clin Pharmacol 71:441; Otto, Bergmann, Jacobs & van Esdonk 2021 "
        "(norketamine and variances); constants as in nlmixr2lib (checked)",
    .fields = fields,
    .n_fields = N_FIELDS,
    .drug = {.compound = "esketamine",
             .compartments = compartments,
             .n_compartments = N_COMPARTMENTS,
             .flows = flows,
             .reference_kg = 70.0,
             .allometry = allometry,
             .variances = variances,
             .n_variances = RW_COUNT(variances)},
};
