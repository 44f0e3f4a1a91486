/* Esketamine, nasal, swallowed or intravenous, with norketamine, after Perez-Ruixo et al. 2021. */
#include "model/model.h"

enum {
    FR,
    FR_later,
    ka_n,
    D_sw,
    ka_sw,
    D_po,
    ka_po,
    F_gut,
    V_c,
    V_p1,
    Q1,
    V_p2,
    Q2,
    Q_h,
    V_h,
    k_el,
    k_met,
    V_cn,
    CL_n,
    V_pn,
    Q_n,
    N_FIELDS
};

static const rw_field fields[N_FIELDS] = {
    [FR] = {"FR", "1", RW_PARAMETER, 0.54, 0.0, 1.0,
            "share of a first 28 mg spray that crosses the mucosa (checked: nlmixr2lib)", NULL},
    [FR_later] = {"FR_later", "1", RW_PARAMETER, 0.62, 0.0, 1.0,
                  "that share of later sprays relative to the first (checked: nlmixr2lib)", NULL},
    [ka_n] = {"ka_n", "1/h", RW_PARAMETER, 2.93, 0.0, 1e4, "absorption from the nose (checked: nlmixr2lib)", NULL},
    [D_sw] = {"D_sw", "h", RW_PARAMETER, 0.53, 0.0, 1e3,
              "time over which a nasal dose is swallowed (checked: nlmixr2lib)", NULL},
    [ka_sw] = {"ka_sw", "1/h", RW_PARAMETER, 1.45, 0.0, 1e4, "absorption of the swallowed part (checked: nlmixr2lib)",
               NULL},
    [D_po] = {"D_po", "h", RW_PARAMETER, 0.32, 0.0, 1e3, "time over which an oral dose arrives (checked: nlmixr2lib)",
              NULL},
    [ka_po] = {"ka_po", "1/h", RW_PARAMETER, 0.97, 0.0, 1e4, "absorption of an oral dose (checked: nlmixr2lib)", NULL},
    [F_gut] = {"F_gut", "1", RW_PARAMETER, 0.64, 0.0, 1.0,
               "share that escapes metabolism in the gut (checked: nlmixr2lib)", NULL},
    [V_c] = {"V_c", "l", RW_PARAMETER, 192.0, 1e-6, 1e6, "central volume (checked: nlmixr2lib)", NULL},
    [V_p1] = {"V_p1", "l", RW_PARAMETER, 143.0, 1e-6, 1e6, "shallow volume (checked: nlmixr2lib)", NULL},
    [Q1] = {"Q1", "l/h", RW_PARAMETER, 84.3, 0.0, 1e6, "exchange with the shallow volume (checked: nlmixr2lib)", NULL},
    [V_p2] = {"V_p2", "l", RW_PARAMETER, 417.0, 1e-6, 1e6, "deep volume (checked: nlmixr2lib)", NULL},
    [Q2] = {"Q2", "l/h", RW_PARAMETER, 37.6, 0.0, 1e6, "exchange with the deep volume (checked: nlmixr2lib)", NULL},
    [Q_h] = {"Q_h", "l/h", RW_PARAMETER, 151.0, 0.0, 1e6, "blood flow of the liver (checked: nlmixr2lib)", NULL},
    [V_h] = {"V_h", "l", RW_PARAMETER, 101.0, 1e-6, 1e6, "volume of the liver (checked: nlmixr2lib)", NULL},
    [k_el] = {"k_el", "1/h", RW_PARAMETER, 1.11, 0.0, 1e4, "elimination in the liver (checked: nlmixr2lib)", NULL},
    [k_met] = {"k_met", "1/h", RW_PARAMETER, 2.77, 0.0, 1e4,
               "metabolism to norketamine in the liver (checked: nlmixr2lib)", NULL},
    [V_cn] = {"V_cn", "l", RW_PARAMETER, 70.0, 1e-6, 1e6,
              "apparent central volume of norketamine (checked: nlmixr2lib)", NULL},
    [CL_n] = {"CL_n", "l/h", RW_PARAMETER, 38.0, 0.0, 1e6, "apparent clearance of norketamine (checked: nlmixr2lib)",
              NULL},
    [V_pn] = {"V_pn", "l", RW_PARAMETER, 115.0, 1e-6, 1e6,
              "apparent peripheral volume of norketamine (checked: nlmixr2lib)", NULL},
    [Q_n] = {"Q_n", "l/h", RW_PARAMETER, 26.1, 0.0, 1e6, "apparent exchange of norketamine (checked: nlmixr2lib)",
             NULL},
};

static const double allometry[N_FIELDS] = {};

enum { CENTRAL, SHALLOW, DEEP, LIVER, NOSE, SWALLOWED, GUT, NK, NK_PERIPHERAL, N_COMPARTMENTS };

static const rw_compartment compartments[N_COMPARTMENTS] = {
    [CENTRAL] = {"central", NULL, V_c},
    [SHALLOW] = {"shallow", NULL, RW_NOWHERE},
    [DEEP] = {"deep", NULL, RW_NOWHERE},
    [LIVER] = {"liver", NULL, RW_NOWHERE},
    [NOSE] = {"nose", NULL, RW_NOWHERE},
    [SWALLOWED] = {"swallowed", NULL, RW_NOWHERE},
    [GUT] = {"gut", NULL, RW_NOWHERE},
    [NK] = {"norketamine", "s_norketamine", V_cn},
    [NK_PERIPHERAL] = {"norketamine_peripheral", "s_norketamine", RW_NOWHERE},
};

static void flows(const double *x, rw_flows *f) {
    rw_flow(f, NOSE, CENTRAL, x[ka_n]);
    rw_flow(f, SWALLOWED, LIVER, x[ka_sw]);
    rw_flow(f, GUT, LIVER, x[ka_po]);
    rw_exchange(f, CENTRAL, x[V_c], SHALLOW, x[V_p1], x[Q1]);
    rw_exchange(f, CENTRAL, x[V_c], DEEP, x[V_p2], x[Q2]);
    rw_exchange(f, CENTRAL, x[V_c], LIVER, x[V_h], x[Q_h]);
    rw_flow(f, LIVER, RW_NOWHERE, x[k_el]);
    rw_flow(f, LIVER, NK, x[k_met]);
    rw_flow(f, NK, RW_NOWHERE, x[CL_n] / x[V_cn]);
    rw_exchange(f, NK, x[V_cn], NK_PERIPHERAL, x[V_pn], x[Q_n]);
}

static const rw_variance variances[] = {
    {FR, FR, 0.501, 1},     {ka_n, ka_n, 0.319, 0},  {ka_sw, ka_sw, 1.009, 0}, {ka_po, ka_po, 1.009, 0},
    {V_c, V_c, 0.0730, 0},  {V_p1, V_p1, 0.218, 0},  {Q_h, Q_h, 0.0524, 0},    {V_h, V_h, 0.113, 0},
    {k_el, k_el, 0.892, 0}, {V_cn, V_cn, 0.0955, 0}, {CL_n, CL_n, 0.0625, 0},
};

/* Each device holds 28 mg; the later ones are sprayed on a wet mucosa. */
static size_t nasal(const double *x, double dose_mg, rw_intake_path *paths) {
    double sprays = dose_mg > 28.0 ? dose_mg / 28.0 : 1.0;
    double absorbed = x[FR] * (1.0 + x[FR_later] * (sprays - 1.0)) / sprays;
    paths[0] = (rw_intake_path){NOSE, absorbed, 0.0};
    paths[1] = (rw_intake_path){SWALLOWED, (1.0 - absorbed) * x[F_gut], x[D_sw]};
    return 2;
}

static size_t oral(const double *x, double dose_mg, rw_intake_path *paths) {
    (void)dose_mg;
    paths[0] = (rw_intake_path){GUT, x[F_gut], x[D_po]};
    return 1;
}

static const rw_dose_route routes[] = {{"nasal", nasal}, {"oral", oral}};

const rw_model rw_drug_perez_ruixo_2021 = {
    .name = "perez_ruixo_2021",
    .kind = RW_DRUG,
    .summary =
        "Esketamine as nasal spray or by mouth: three compartments, the liver with first pass, and S-norketamine.",
    .equations = "a nasal dose of N sprays of 28 mg: the share F = FR (1 + 0.62 (N - 1))/N crosses the mucosa at ka_n, "
                 "(1 - F) F_gut "
                 "is swallowed over D_sw and reaches the liver at ka_sw; an oral one: F_gut over D_po at ka_po\n"
                 "dA1/dt = ka_n A_nose - (Q1 + Q2 + Q_h)/V_c A1 + Q1/V_p1 A2 + Q2/V_p2 A3 + Q_h/V_h A_h, C = A1/V_c\n"
                 "liver: loses k_el and k_met A_h; k_met A_h becomes norketamine (V_cn, V_pn, CL_n, Q_n: apparent)\n"
                 "not scaled by body mass",
    .references = "Perez-Ruixo, Rossenu, Zannikos et al. 2021 Clin Pharmacokinet 60:501; "
                  "constants, encoding and "
                  "variances as in nlmixr2lib (checked), but k_met, whose variance the paper leaves blank",
    .fields = fields,
    .n_fields = N_FIELDS,
    .drug = {.compound = "esketamine",
             .compartments = compartments,
             .n_compartments = N_COMPARTMENTS,
             .flows = flows,
             .routes = routes,
             .n_routes = RW_COUNT(routes),
             .reference_kg = 70.0,
             .allometry = allometry,
             .variances = variances,
             .n_variances = RW_COUNT(variances)},
};
