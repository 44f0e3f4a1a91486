/* Dizocilpine. */
#include "model/model.h"

static const rw_field fields[] = {
    {"molar_mass", "g/mol", RW_PARAMETER, 221.30, 1.0, 1e5, "of the base (sum of its atoms)", NULL},
    {"salt_mass", "g/mol", RW_PARAMETER, 337.37, 1.0, 1e5, "of the hydrogen maleate (sum of its atoms)", NULL},
    {"unbound", "1", RW_PARAMETER, 0.1, 0.0, 1.0, "unbound in brain (assumption)", NULL},
    {"brain", "1", RW_PARAMETER, 1.0, 0.0, 100.0, "levels are those of brain already", NULL},
    {"half_life_ke0", "min", RW_PARAMETER, 2.0, 1e-3, 1e4, "between plasma and effect site (assumption, as ketamine's)",
     NULL},
    {"Ki", "umol/l", RW_PARAMETER, 0.003, 1e-6, 1e6, "affinity for its own site, 0.0014-0.037 (Wong 1986)", NULL},
    {"K_2A", "umol/l", RW_PARAMETER, 0.015, 1e-6, 1e6,
     "without magnesium at V_K, constant of GluN1/2A (checked: Traynelis 2010, garbled copy)", NULL},
    {"K_2B", "umol/l", RW_PARAMETER, 0.009, 1e-6, 1e6, "without magnesium at V_K, constant of GluN1/2B (assumption)",
     NULL},
    {"K_2C", "umol/l", RW_PARAMETER, 0.024, 1e-6, 1e6, "without magnesium at V_K, constant of GluN1/2C (assumption)",
     NULL},
    {"K_2D", "umol/l", RW_PARAMETER, 0.038, 1e-6, 1e6, "without magnesium at V_K, constant of GluN1/2D (assumption)",
     NULL},
    {"V_K", "mV", RW_PARAMETER, -40.0, -100.0, 100.0,
     "voltage at which K was measured (checked: Traynelis 2010, garbled copy)", NULL},
    {"k_on", "l/(umol s)", RW_PARAMETER, 1.0, 0.0, 1e4,
     "binding to the receptors of a saturating agonist (assumption: k_off over k_on as before its correction)", NULL},
    {"k_off", "1/s", RW_PARAMETER, 1.85e-4, 0.0, 1e4,
     "unbinding under a saturating agonist: recovery in 90 min at -70 mV (Huettner & Bean 1988)", NULL},
    {"release", "1", RW_PARAMETER, 0.0, 0.0, 1.0, "fully trapped (recovery of Huettner & Bean 1988)", NULL},
    {"F_sc", "1", RW_PARAMETER, 1.0, 0.0, 1.0, "absorbed from under the skin (assumed)", NULL},
    {"ka_sc", "1/h", RW_PARAMETER, 10.0, 1e-3, 1e4,
     "absorption from under the skin (the first sample, at 15 min, is near the peak)", NULL},
    {"F_ip", "1", RW_PARAMETER, 0.6, 0.0, 1.0,
     "absorbed from the peritoneum, relative to under the skin (fit to PMC6806415, table 2)", NULL},
    {"ka_ip", "1/h", RW_PARAMETER, 4.9, 1e-3, 1e4, "absorption from the peritoneum (fit to PMC6806415, table 2)", NULL},
};

const rw_model rw_compound_mk801 = {
    .name = "mk801",
    .kind = RW_COMPOUND,
    .summary = "MK-801 (dizocilpine), an open-channel blocker that hardly leaves.",
    .equations = "unbound at the receptor: C = unbound brain C_effect; d C_effect/dt = (C_plasma - C_effect) ln 2 / "
                 "half_life_ke0",
    .references = "Dravid et al. 2007 J Physiol 581:107 (subunits at -40 mV; 2A read in a garbled table, others "
                  "assumed); Huettner & "
                  "Bean 1988 PNAS 85:1307 (recovery). Rates are macroscopic, as trapping takes them: "
                  "k_off over k_on is 0.19 nmol/l, far below K; the two cannot be reconciled with what is published",
    .fields = fields,
    .n_fields = RW_COUNT(fields),
};
