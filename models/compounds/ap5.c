/* D-AP5. */
#include "model/model.h"

static const rw_field fields[] = {
    {"molar_mass", "g/mol", RW_PARAMETER, 197.13, 1.0, 1e5, "of the free acid (sum of its atoms)", NULL},
    {"unbound", "1", RW_PARAMETER, 1.0, 0.0, 1.0, "unbound (assumed)", NULL},
    {"brain", "1", RW_PARAMETER, 1.0, 0.0, 100.0, "given into the bath or the brain", NULL},
    {"K_2A", "umol/l", RW_PARAMETER, 0.3, 1e-6, 1e6, "constant of GluN1/2A (assumption; the order is not in doubt)",
     NULL},
    {"K_2B", "umol/l", RW_PARAMETER, 0.5, 1e-6, 1e6, "constant of GluN1/2B (assumption; the order is not in doubt)",
     NULL},
    {"K_2C", "umol/l", RW_PARAMETER, 1.0, 1e-6, 1e6, "constant of GluN1/2C (assumption; the order is not in doubt)",
     NULL},
    {"K_2D", "umol/l", RW_PARAMETER, 1.5, 1e-6, 1e6, "constant of GluN1/2D (assumption; the order is not in doubt)",
     NULL},
};

const rw_model rw_compound_ap5 = {
    .name = "ap5",
    .kind = RW_COMPOUND,
    .summary = "D-AP5 (D-APV), a competitive antagonist at the glutamate site.",
    .equations = "unbound at the receptor: C = unbound brain C_effect; d C_effect/dt = (C_plasma - C_effect) ln 2 / "
                 "half_life_ke0",
    .references = "attributed to Feng et al. 2005 Neuropharmacology 48:354 and to Traynelis et al. 2010 Pharmacol Rev "
                  "62:405, whose "
                  "tables were not read: 2A < 2B < 2C < 2D",
    .fields = fields,
    .n_fields = RW_COUNT(fields),
};
