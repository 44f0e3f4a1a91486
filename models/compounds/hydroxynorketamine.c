/* Hydroxynorketamine. */
#include "model/model.h"

static const rw_field fields[] = {
    {"molar_mass", "g/mol", RW_PARAMETER, 239.70, 1.0, 1e5, "of the base (sum of its atoms)", NULL},
    {"unbound", "1", RW_PARAMETER, 0.5, 0.0, 1.0, "unbound in plasma (assumption)", NULL},
    {"brain", "1", RW_PARAMETER, 1.0, 0.0, 100.0,
     "unbound in brain over unbound in plasma (assumption; CSF over unbound plasma is 0.75 by Moaddel 2023)", NULL},
    {"half_life_ke0", "min", RW_PARAMETER, 2.0, 1e-3, 1e4, "between plasma and effect site (assumption, as ketamine's)",
     NULL},
    {"Ki", "umol/l", RW_PARAMETER, 21.2, 1e-6, 1e6,
     "displacement of MK-801 by (2S,6S), which esketamine makes; (2R,6R): above 100 (Moaddel 2013, quoted)", NULL},
};

const rw_model rw_compound_hydroxynorketamine = {
    .name = "hydroxynorketamine",
    .kind = RW_COMPOUND,
    .summary = "Hydroxynorketamine, a later metabolite of ketamine that hardly blocks NMDA receptors.",
    .equations = "unbound at the receptor: C = unbound brain C_effect; d C_effect/dt = (C_plasma - C_effect) ln 2 / "
                 "half_life_ke0",
    .references = "Abbott & Popescu 2020 Mol Pharmacol 98:203 (IC50 46 umol/l, about 100 times weaker than ketamine; "
                  "checked, abstract); "
                  "Lumsden 2019 PNAS finds no action at antidepressant levels (title checked)",
    .fields = fields,
    .n_fields = RW_COUNT(fields),
};
