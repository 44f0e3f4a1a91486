/* Dizocilpine. */
#include "model/model.h"

static const rw_field fields[] = {
    {"molar_mass", "g/mol", RW_PARAMETER, 221.30, 1.0, 1e5, "of the base (from memory)", NULL},
    {"salt_mass", "g/mol", RW_PARAMETER, 337.37, 1.0, 1e5, "of the hydrogen maleate (from memory)", NULL},
    {"unbound", "1", RW_PARAMETER, 0.1, 0.0, 1.0, "unbound in brain (from memory; no solid source)", NULL},
    {"brain", "1", RW_PARAMETER, 1.0, 0.0, 100.0, "levels are those of brain already", NULL},
    {"half_life_ke0", "min", RW_PARAMETER, 2.0, 1e-3, 1e4,
     "between plasma and effect site (from memory; no solid source)", NULL},
    {"Ki", "umol/l", RW_PARAMETER, 0.003, 1e-6, 1e6, "affinity for its own site (from memory)", NULL},
    {"K_2A", "umol/l", RW_PARAMETER, 0.015, 1e-6, 1e6,
     "without magnesium at V_K, constant of GluN1/2A (checked: Traynelis 2010, garbled copy)", NULL},
    {"K_2B", "umol/l", RW_PARAMETER, 0.009, 1e-6, 1e6, "without magnesium at V_K, constant of GluN1/2B (from memory)",
     NULL},
    {"K_2C", "umol/l", RW_PARAMETER, 0.024, 1e-6, 1e6, "without magnesium at V_K, constant of GluN1/2C (from memory)",
     NULL},
    {"K_2D", "umol/l", RW_PARAMETER, 0.038, 1e-6, 1e6, "without magnesium at V_K, constant of GluN1/2D (from memory)",
     NULL},
    {"V_K", "mV", RW_PARAMETER, -40.0, -100.0, 100.0,
     "voltage at which K was measured (checked: Traynelis 2010, garbled copy)", NULL},
    {"k_on", "l/(umol s)", RW_PARAMETER, 27.0, 0.0, 1e4, "binding to open channels, 25-30 (from memory)", NULL},
    {"k_off", "1/s", RW_PARAMETER, 0.005, 0.0, 1e4, "unbinding from open channels (from memory)", NULL},
    {"release", "1", RW_PARAMETER, 0.0, 0.0, 1.0, "fully trapped (from memory)", NULL},
    {"F_sc", "1", RW_PARAMETER, 1.0, 0.0, 1.0, "absorbed from under the skin (assumed)", NULL},
    {"ka_sc", "1/h", RW_PARAMETER, 10.0, 1e-3, 1e4, "absorption from under the skin (from memory)", NULL},
    {"F_ip", "1", RW_PARAMETER, 1.0, 0.0, 1.0, "absorbed from the peritoneum (assumed)", NULL},
    {"ka_ip", "1/h", RW_PARAMETER, 15.0, 1e-3, 1e4, "absorption from the peritoneum (from memory)", NULL},
};

const rw_model rw_compound_mk801 = {
    .name = "mk801",
    .kind = RW_COMPOUND,
    .summary = "MK-801 (dizocilpine), an open-channel blocker that hardly leaves.",
    .equations = "unbound at the receptor: C = unbound brain C_effect; d C_effect/dt = (C_plasma - C_effect) ln 2 / "
                 "half_life_ke0",
    .references = "Dravid et al. 2007 J Physiol 581:107 (subunits at -40 mV; 2A checked in a garbled table, others "
                  "from memory); Huettner & "
                  "Bean 1988 PNAS 85:1307 (kinetics, from memory)",
    .fields = fields,
    .n_fields = RW_COUNT(fields),
};
