/* R-ketamine. */
#include "model/model.h"

static const rw_field fields[] = {
    {"molar_mass", "g/mol", RW_PARAMETER, 237.73, 1.0, 1e5, "of the base (checked: nlmixr2lib)", NULL},
    {"salt_mass", "g/mol", RW_PARAMETER, 274.2, 1.0, 1e5, "of the hydrochloride (checked: label)", NULL},
    {"unbound", "1", RW_PARAMETER, 0.53, 0.0, 1.0, "unbound in plasma, as the racemate (assumed)", NULL},
    {"brain", "1", RW_PARAMETER, 1.0, 0.0, 100.0,
     "unbound in brain over unbound in plasma (assumption; CSF over unbound plasma is 0.75 by Moaddel 2023)", NULL},
    {"half_life_ke0", "min", RW_PARAMETER, 2.0, 1e-3, 1e4,
     "between plasma and effect site (assumption; Sleigh 2019 has 0.4 for slow waves, Navarrete 2024 2.9)", NULL},
    {"Ki", "umol/l", RW_PARAMETER, 1.4, 1e-6, 1e6, "displacement of MK-801 (checked: quote of Ebert 1997)", NULL},
    {"IC50_2A", "umol/l", RW_PARAMETER, 15.1, 1e-6, 1e6,
     "in 1 mM magnesium at -66 mV, IC50 of GluN1/2A (derived: racemate's times 2.83, Ki of Ebert 1997)", NULL},
    {"IC50_2B", "umol/l", RW_PARAMETER, 14.4, 1e-6, 1e6,
     "in 1 mM magnesium at -66 mV, IC50 of GluN1/2B (derived: racemate's times 2.83, Ki of Ebert 1997)", NULL},
    {"IC50_2C", "umol/l", RW_PARAMETER, 3.34, 1e-6, 1e6,
     "in 1 mM magnesium at -66 mV, IC50 of GluN1/2C (derived: racemate's times 2.83, Ki of Ebert 1997)", NULL},
    {"IC50_2D", "umol/l", RW_PARAMETER, 8.35, 1e-6, 1e6,
     "in 1 mM magnesium at -66 mV, IC50 of GluN1/2D (derived: racemate's times 2.83, Ki of Ebert 1997)", NULL},
    {"K_2A", "umol/l", RW_PARAMETER, 0.934, 1e-6, 1e6,
     "without magnesium at V_K, constant of GluN1/2A (derived: racemate's times 2.83, Ki of Ebert 1997)", NULL},
    {"K_2B", "umol/l", RW_PARAMETER, 0.877, 1e-6, 1e6,
     "without magnesium at V_K, constant of GluN1/2B (derived: racemate's times 2.83, Ki of Ebert 1997)", NULL},
    {"K_2C", "umol/l", RW_PARAMETER, 1.44, 1e-6, 1e6,
     "without magnesium at V_K, constant of GluN1/2C (derived: racemate's times 2.83, Ki of Ebert 1997)", NULL},
    {"K_2D", "umol/l", RW_PARAMETER, 2.35, 1e-6, 1e6,
     "without magnesium at V_K, constant of GluN1/2D (derived: racemate's times 2.83, Ki of Ebert 1997)", NULL},
    {"delta", "1", RW_PARAMETER, 0.79, 0.0, 2.0, "share of the field (checked: Gilling 2009)", NULL},
    {"V_K", "mV", RW_PARAMETER, -66.0, -100.0, 100.0, "voltage at which K was measured (quoted by Traynelis 2010)",
     NULL},
    {"F_oral", "1", RW_PARAMETER, 0.19, 0.0, 1.0, "absorbed by mouth (checked: Hasan 2021, abstract)", NULL},
    {"ka_oral", "1/h", RW_PARAMETER, 1.0, 1e-3, 1e4,
     "absorption by mouth: peak at 30 min with kamp_2020 (Chong 2006: 0.96 h)", NULL},
    {"F_im", "1", RW_PARAMETER, 0.93, 0.0, 1.0, "absorbed from muscle (quoted; Clements 1982 was not read)", NULL},
    {"ka_im", "1/h", RW_PARAMETER, 12.0, 1e-3, 1e4, "absorption from muscle, peak at 5-15 min (quoted)", NULL},
};

const rw_model rw_compound_arketamine = {
    .name = "arketamine",
    .kind = RW_COMPOUND,
    .summary = "Arketamine, the R-enantiomer, about a third as potent as the racemate.",
    .equations = "unbound at the receptor: C = unbound brain C_effect; d C_effect/dt = (C_plasma - C_effect) ln 2 / "
                 "half_life_ke0",
    .references = "Ebert et al. 1997 Eur J Pharmacol 333:99 (Ki 0.3 of S, 1.4 of R; checked as a quote); subunit "
                  "constants of the racemate "
                  "(Kotermanski & Johnson 2009, not read) are scaled",
    .fields = fields,
    .n_fields = RW_COUNT(fields),
};
