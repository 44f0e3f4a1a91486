/* S-ketamine in arterial plasma, S-norketamine and S-hydroxynorketamine, after Simons et al. 2022. */
#include "model/model.h"

enum {
    V1,
    V2,
    V3,
    CL,
    Q2,
    Q3,
    MTT_nk,
    F_nk,
    Vp_nk,
    CL_nk,
    Q_nk,
    MTT_hnk,
    F_hnk,
    V_hnk,
    Vp_hnk,
    CL_hnk,
    Q_hnk,
    N_FIELDS
};

static const rw_field fields[N_FIELDS] = {
    [V1] = {"V1", "l", RW_PARAMETER, 11.6, 1e-6, 1e6,
            "central volume of ketamine and norketamine (checked: nlmixr2lib)", NULL},
    [V2] = {"V2", "l", RW_PARAMETER, 39.0, 1e-6, 1e6, "shallow volume (checked: nlmixr2lib)", NULL},
    [V3] = {"V3", "l", RW_PARAMETER, 174.0, 1e-6, 1e6, "deep volume (checked: nlmixr2lib)", NULL},
    [CL] = {"CL", "l/min", RW_PARAMETER, 1.48, 0.0, 1e6, "clearance into metabolism (checked: nlmixr2lib)", NULL},
    [Q2] = {"Q2", "l/min", RW_PARAMETER, 2.43, 0.0, 1e6, "exchange with the shallow volume (checked: nlmixr2lib)",
            NULL},
    [Q3] = {"Q3", "l/min", RW_PARAMETER, 1.21, 0.0, 1e6, "exchange with the deep volume (checked: nlmixr2lib)", NULL},
    [MTT_nk] = {"MTT_nk", "min", RW_PARAMETER, 20.1, 1e-3, 1e4,
                "mean transit time to norketamine (checked: nlmixr2lib)", NULL},
    [F_nk] = {"F_nk", "1", RW_PARAMETER, 0.8, 0.0, 1.0, "share that becomes norketamine (checked: nlmixr2lib)", NULL},
    [Vp_nk] = {"Vp_nk", "l", RW_PARAMETER, 221.0, 1e-6, 1e6, "peripheral volume of norketamine (checked: nlmixr2lib)",
               NULL},
    [CL_nk] = {"CL_nk", "l/min", RW_PARAMETER, 1.00, 0.0, 1e6, "clearance of norketamine (checked: nlmixr2lib)", NULL},
    [Q_nk] = {"Q_nk", "l/min", RW_PARAMETER, 2.63, 0.0, 1e6, "exchange of norketamine (checked: nlmixr2lib)", NULL},
    [MTT_hnk] = {"MTT_hnk", "min", RW_PARAMETER, 1.12, 1e-3, 1e4,
                 "mean transit time to hydroxynorketamine (checked: nlmixr2lib)", NULL},
    [F_hnk] = {"F_hnk", "1", RW_PARAMETER, 0.7, 0.0, 1.0, "share that becomes hydroxynorketamine (checked: nlmixr2lib)",
               NULL},
    [V_hnk] = {"V_hnk", "l", RW_PARAMETER, 4.4, 1e-6, 1e6, "central volume of hydroxynorketamine (checked: nlmixr2lib)",
               NULL},
    [Vp_hnk] = {"Vp_hnk", "l", RW_PARAMETER, 87.5, 1e-6, 1e6,
                "peripheral volume of hydroxynorketamine (checked: nlmixr2lib)", NULL},
    [CL_hnk] = {"CL_hnk", "l/min", RW_PARAMETER, 0.933, 0.0, 1e6,
                "clearance of hydroxynorketamine (checked: nlmixr2lib)", NULL},
    [Q_hnk] = {"Q_hnk", "l/min", RW_PARAMETER, 1.70, 0.0, 1e6, "exchange of hydroxynorketamine (checked: nlmixr2lib)",
               NULL},
};

static const double allometry[N_FIELDS] = {
    [V1] = 1.0,     [V2] = 1.0,    [V3] = 1.0,    [CL] = 0.75,    [Q2] = 0.75,     [Q3] = 0.75,   [Vp_nk] = 1.0,
    [CL_nk] = 0.75, [Q_nk] = 0.75, [V_hnk] = 1.0, [Vp_hnk] = 1.0, [CL_hnk] = 0.75, [Q_hnk] = 0.75};

enum {
    CENTRAL,
    SHALLOW,
    DEEP,
    TO_NK_1,
    TO_NK_2,
    NK,
    NK_PERIPHERAL,
    TO_HNK_1,
    TO_HNK_2,
    HNK,
    HNK_PERIPHERAL,
    N_COMPARTMENTS
};

static const rw_compartment compartments[N_COMPARTMENTS] = {
    [CENTRAL] = {"central", NULL, V1},
    [SHALLOW] = {"shallow", NULL, RW_NOWHERE},
    [DEEP] = {"deep", NULL, RW_NOWHERE},
    [TO_NK_1] = {"to_norketamine_1", NULL, RW_NOWHERE},
    [TO_NK_2] = {"to_norketamine_2", NULL, RW_NOWHERE},
    [NK] = {"norketamine", "s_norketamine", V1},
    [NK_PERIPHERAL] = {"norketamine_peripheral", "s_norketamine", RW_NOWHERE},
    [TO_HNK_1] = {"to_hydroxynorketamine_1", "s_norketamine", RW_NOWHERE},
    [TO_HNK_2] = {"to_hydroxynorketamine_2", "s_norketamine", RW_NOWHERE},
    [HNK] = {"hydroxynorketamine", "hydroxynorketamine", V_hnk},
    [HNK_PERIPHERAL] = {"hydroxynorketamine_peripheral", "hydroxynorketamine", RW_NOWHERE},
};

static void flows(const double *x, rw_flows *f) {
    const double to_nk = 2.0 * 60.0 / x[MTT_nk], to_hnk = 2.0 * 60.0 / x[MTT_hnk];
    rw_flow(f, CENTRAL, TO_NK_1, 60.0 * x[CL] / x[V1]);
    rw_exchange(f, CENTRAL, x[V1], SHALLOW, x[V2], 60.0 * x[Q2]);
    rw_exchange(f, CENTRAL, x[V1], DEEP, x[V3], 60.0 * x[Q3]);
    rw_flow(f, TO_NK_1, TO_NK_2, to_nk);
    rw_flow(f, TO_NK_2, NK, x[F_nk] * to_nk);
    rw_flow(f, TO_NK_2, RW_NOWHERE, (1.0 - x[F_nk]) * to_nk);
    rw_flow(f, NK, TO_HNK_1, 60.0 * x[CL_nk] / x[V1]);
    rw_exchange(f, NK, x[V1], NK_PERIPHERAL, x[Vp_nk], 60.0 * x[Q_nk]);
    rw_flow(f, TO_HNK_1, TO_HNK_2, to_hnk);
    rw_flow(f, TO_HNK_2, HNK, x[F_hnk] * to_hnk);
    rw_flow(f, TO_HNK_2, RW_NOWHERE, (1.0 - x[F_hnk]) * to_hnk);
    rw_flow(f, HNK, RW_NOWHERE, 60.0 * x[CL_hnk] / x[V_hnk]);
    rw_exchange(f, HNK, x[V_hnk], HNK_PERIPHERAL, x[Vp_hnk], 60.0 * x[Q_hnk]);
}

static const rw_variance variances[] = {
    {V1, V1, 0.057, 0},         {CL, CL, 0.029, 0},      {Q3, Q3, 0.026, 0},         {CL_nk, CL_nk, 0.050, 0},
    {MTT_nk, MTT_nk, 0.021, 0}, {V_hnk, V_hnk, 1.22, 0}, {CL_hnk, CL_hnk, 0.103, 0}, {Q_hnk, Q_hnk, 0.287, 0},
};

const rw_model rw_drug_simons_2022 = {
    .name = "simons_2022",
    .kind = RW_DRUG,
    .summary =
        "Three compartments for S-ketamine in arterial plasma, with delayed S-norketamine and S-hydroxynorketamine.",
    .equations =
        "ketamine: three compartments with V1, V2, V3, CL, Q2, Q3; CL feeds two transit compartments, each left at "
        "2/MTT_nk\n"
        "norketamine: gets the share F_nk of the transit, volumes V1 and Vp_nk, CL_nk, Q_nk; CL_nk feeds two transit "
        "compartments, each left at 2/MTT_hnk\n"
        "hydroxynorketamine: gets the share F_hnk, volumes V_hnk and Vp_hnk, CL_hnk, Q_hnk; C = A/V for each\n"
        "volumes scale with body mass / 70 kg, clearances with its power 0.75 (assumed)",
    .references =
        "Simons, van der Schrier, van Lemmen et al. 2022 Front Pain Res 3:946486; constants, structure and variances "
        "between "
        "subjects as in nlmixr2lib (checked); its film route and the variances between occasions are not here",
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
