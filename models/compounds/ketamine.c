/* Racemic ketamine. */
#include "model/model.h"

static const rw_field fields[] = {
    {"molar_mass", "g/mol", RW_PARAMETER, 237.73, 1.0, 1e5, "of the base (checked: nlmixr2lib)", NULL},
    {"salt_mass", "g/mol", RW_PARAMETER, 274.2, 1.0, 1e5, "of the hydrochloride (checked: label)", NULL},
    {"unbound", "1", RW_PARAMETER, 0.53, 0.0, 1.0, "unbound in plasma (Dayton 1983: 47 % bound at most)", NULL},
    {"brain", "1", RW_PARAMETER, 1.0, 0.0, 100.0,
     "unbound in brain over unbound in plasma (assumption; CSF over unbound plasma is 0.75 by Moaddel 2023)", NULL},
    {"half_life_ke0", "min", RW_PARAMETER, 2.0, 1e-3, 1e4,
     "between plasma and effect site (assumption; Sleigh 2019 has 0.4 for slow waves, Navarrete 2024 2.9)", NULL},
    {"Ki", "umol/l", RW_PARAMETER, 0.119, 1e-6, 1e6, "displacement of MK-801 (checked: quoted by Salat 2015)", NULL},
    {"IC50_2A", "umol/l", RW_PARAMETER, 5.35, 1e-6, 1e6, "in 1 mM magnesium at -66 mV, IC50 of GluN1/2A (assumption)",
     NULL},
    {"IC50_2B", "umol/l", RW_PARAMETER, 5.08, 1e-6, 1e6, "in 1 mM magnesium at -66 mV, IC50 of GluN1/2B (assumption)",
     NULL},
    {"IC50_2C", "umol/l", RW_PARAMETER, 1.18, 1e-6, 1e6, "in 1 mM magnesium at -66 mV, IC50 of GluN1/2C (assumption)",
     NULL},
    {"IC50_2D", "umol/l", RW_PARAMETER, 2.95, 1e-6, 1e6, "in 1 mM magnesium at -66 mV, IC50 of GluN1/2D (assumption)",
     NULL},
    {"K_2A", "umol/l", RW_PARAMETER, 0.33, 1e-6, 1e6,
     "without magnesium at V_K, GluN1/2A (assumption; Gilling 2009 has 0.71)", NULL},
    {"K_2B", "umol/l", RW_PARAMETER, 0.31, 1e-6, 1e6, "without magnesium at V_K, constant of GluN1/2B (assumption)",
     NULL},
    {"K_2C", "umol/l", RW_PARAMETER, 0.51, 1e-6, 1e6, "without magnesium at V_K, constant of GluN1/2C (assumption)",
     NULL},
    {"K_2D", "umol/l", RW_PARAMETER, 0.83, 1e-6, 1e6, "without magnesium at V_K, constant of GluN1/2D (assumption)",
     NULL},
    {"delta", "1", RW_PARAMETER, 0.79, 0.0, 2.0, "share of the field (checked: Gilling 2009)", NULL},
    {"V_K", "mV", RW_PARAMETER, -66.0, -100.0, 100.0, "voltage at which K was measured (quoted by Traynelis 2010)",
     NULL},
    {"k_on", "l/(umol s)", RW_PARAMETER, 0.15, 0.0, 1e4, "binding to open GluN1/2A (checked: Gilling 2009)", NULL},
    {"k_off", "1/s", RW_PARAMETER, 0.22, 0.0, 1e4, "unbinding from open GluN1/2A (checked: Gilling 2009)", NULL},
    {"release", "1", RW_PARAMETER, 0.0, 0.0, 1.0, "lets go on closing: fully trapped (checked: Gilling 2009)", NULL},
    {"F_oral", "1", RW_PARAMETER, 0.20, 0.0, 1.0,
     "absorbed by mouth, 17-25 % (Chong 2006: 0.23; Yanagihara 2003: 0.20)", NULL},
    {"ka_oral", "1/h", RW_PARAMETER, 1.0, 1e-3, 1e4,
     "absorption by mouth: peak at 30 min with kamp_2020 (Chong 2006: 0.96 h)", NULL},
    {"F_im", "1", RW_PARAMETER, 0.93, 0.0, 1.0, "absorbed from muscle (quoted; Clements 1982 was not read)", NULL},
    {"ka_im", "1/h", RW_PARAMETER, 12.0, 1e-3, 1e4, "absorption from muscle, peak at 5-15 min (quoted)", NULL},
    {"F_sc", "1", RW_PARAMETER, 0.93, 0.0, 1.0, "absorbed from under the skin (assumed as from muscle)", NULL},
    {"ka_sc", "1/h", RW_PARAMETER, 6.0, 1e-3, 1e4, "absorption from under the skin (assumption)", NULL},
    {"F_ip", "1", RW_PARAMETER, 1.0, 0.0, 1.0, "absorbed from the peritoneum (assumed)", NULL},
    {"ka_ip", "1/h", RW_PARAMETER, 15.0, 1e-3, 1e4,
     "absorption from the peritoneum, peak at about 10 min in the mouse (assumption)", NULL},
};

const rw_model rw_compound_ketamine = {
    .name = "ketamine",
    .kind = RW_COMPOUND,
    .summary = "Racemic ketamine, an open-channel blocker that is trapped.",
    .equations = "unbound at the receptor: C = unbound brain C_effect; d C_effect/dt = (C_plasma - C_effect) ln 2 / "
                 "half_life_ke0",
    .references =
        "Kotermanski & Johnson 2009 J Neurosci 29:2774 (IC50 and K by subunit are attributed to it; the paper was not "
        "read, so they count as assumptions); Gilling et al. 2009 Neuropharmacology "
        "56:866 "
        "(kinetics, delta; checked); Salat 2015, Ebert 1997 (Ki; checked as quotes); Clements 1982, Andrade 2019 "
        "(routes)",
    .fields = fields,
    .n_fields = RW_COUNT(fields),
};
