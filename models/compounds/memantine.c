/* Memantine. */
#include "model/model.h"

static const rw_field fields[] = {
    {"molar_mass", "g/mol", RW_PARAMETER, 179.30, 1.0, 1e5, "of the base (label)", NULL},
    {"salt_mass", "g/mol", RW_PARAMETER, 215.76, 1.0, 1e5, "of the hydrochloride (label)", NULL},
    {"unbound", "1", RW_PARAMETER, 0.55, 0.0, 1.0, "unbound in plasma (label: 45 % bound)", NULL},
    {"brain", "1", RW_PARAMETER, 1.0, 0.0, 100.0, "unbound in brain over unbound in plasma (assumed)", NULL},
    {"half_life_ke0", "min", RW_PARAMETER, 2.0, 1e-3, 1e4, "between plasma and effect site (assumption, as ketamine's)",
     NULL},
    {"Ki", "umol/l", RW_PARAMETER, 0.5, 1e-6, 1e6, "displacement of MK-801, 0.4-0.7 (quoted)", NULL},
    {"IC50_2A", "umol/l", RW_PARAMETER, 13.0, 1e-6, 1e6,
     "in 1 mM magnesium at -66 mV, IC50 of GluN1/2A (assumption; at -30 mV 10.3 quoted)", NULL},
    {"IC50_2B", "umol/l", RW_PARAMETER, 10.0, 1e-6, 1e6,
     "in 1 mM magnesium at -66 mV, IC50 of GluN1/2B (assumption; at -30 mV 10.9 quoted)", NULL},
    {"IC50_2C", "umol/l", RW_PARAMETER, 1.6, 1e-6, 1e6,
     "in 1 mM magnesium at -66 mV, IC50 of GluN1/2C (assumption; at -30 mV 2.0 quoted)", NULL},
    {"IC50_2D", "umol/l", RW_PARAMETER, 1.8, 1e-6, 1e6,
     "in 1 mM magnesium at -66 mV, IC50 of GluN1/2D (assumption; at -30 mV 1.9 quoted)", NULL},
    {"K_2A", "umol/l", RW_PARAMETER, 0.80, 1e-6, 1e6,
     "without magnesium at V_K, constant of GluN1/2A (Gilling 2009: 0.79)", NULL},
    {"K_2B", "umol/l", RW_PARAMETER, 0.57, 1e-6, 1e6,
     "without magnesium at V_K, constant of GluN1/2B (assumption; 0.4 quoted)", NULL},
    {"K_2C", "umol/l", RW_PARAMETER, 0.52, 1e-6, 1e6,
     "without magnesium at V_K, constant of GluN1/2C (assumption; 0.3 quoted)", NULL},
    {"K_2D", "umol/l", RW_PARAMETER, 0.54, 1e-6, 1e6,
     "without magnesium at V_K, constant of GluN1/2D (assumption; 0.3 quoted)", NULL},
    {"delta", "1", RW_PARAMETER, 0.9, 0.0, 2.0, "share of the field (Gilling 2009)", NULL},
    {"V_K", "mV", RW_PARAMETER, -66.0, -100.0, 100.0, "voltage at which K was measured (quoted by Traynelis 2010)",
     NULL},
    {"k_on", "l/(umol s)", RW_PARAMETER, 0.32, 0.0, 1e4, "binding to open GluN1/2A (checked: Gilling 2009)", NULL},
    {"k_off", "1/s", RW_PARAMETER, 0.53, 0.0, 1e4, "unbinding from open GluN1/2A (checked: Gilling 2009)", NULL},
    {"release", "1", RW_PARAMETER, 0.166667, 0.0, 1.0, "lets go on closing: a sixth (checked: Blanpied 1997)", NULL},
    {"F_oral", "1", RW_PARAMETER, 1.0, 0.0, 1.0, "absorbed by mouth (label)", NULL},
    {"ka_oral", "1/h", RW_PARAMETER, 0.9, 1e-3, 1e4, "absorption by mouth: peak at 4.9 h (Zhang 2009; label: 3-7 h)",
     NULL},
};

const rw_model rw_compound_memantine = {
    .name = "memantine",
    .kind = RW_COMPOUND,
    .summary = "Memantine, an open-channel blocker that is partly trapped.",
    .equations = "unbound at the receptor: C = unbound brain C_effect; d C_effect/dt = (C_plasma - C_effect) ln 2 / "
                 "half_life_ke0",
    .references = "Kotermanski & Johnson 2009 J Neurosci 29:2774 (IC50 and K by subunit are attributed to it; the "
                  "paper was not read, so they count as assumptions); Gilling et al. 2009 "
                  "Neuropharmacology 56:866 "
                  "(kinetics, checked); Blanpied et al. 1997 J Neurophysiol 77:309 (release, checked)",
    .fields = fields,
    .n_fields = RW_COUNT(fields),
};
