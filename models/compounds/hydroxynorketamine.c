/* Hydroxynorketamine. */
#include "model/model.h"

static const rw_field fields[] = {
    {"molar_mass", "g/mol", RW_PARAMETER, 239.70, 1.0, 1e5, "of the base (from memory)", NULL},
    {"unbound", "1", RW_PARAMETER, 0.5, 0.0, 1.0, "unbound in plasma (from memory)", NULL},
    {"brain", "1", RW_PARAMETER, 1.0, 0.0, 100.0,
     "unbound in brain over unbound in plasma (assumed; Moaddel 2023 measured 0.6, as quoted elsewhere)", NULL},
    {"half_life_ke0", "min", RW_PARAMETER, 2.0, 1e-3, 1e4,
     "between plasma and effect site (from memory; no solid source)", NULL},
    {"Ki", "umol/l", RW_PARAMETER, 30.0, 1e-6, 1e6, "100 times that of S-ketamine (derived from a checked ratio)",
     NULL},
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
