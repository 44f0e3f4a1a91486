/* Racemic norketamine. */
#include "model/model.h"

static const rw_field fields[] = {
    {"molar_mass", "g/mol", RW_PARAMETER, 223.70, 1.0, 1e5, "of the base (sum of its atoms)", NULL},
    {"unbound", "1", RW_PARAMETER, 0.5, 0.0, 1.0, "unbound in plasma (assumption)", NULL},
    {"brain", "1", RW_PARAMETER, 1.0, 0.0, 100.0,
     "unbound in brain over unbound in plasma (assumption; CSF over unbound plasma is 0.75 by Moaddel 2023)", NULL},
    {"half_life_ke0", "min", RW_PARAMETER, 2.0, 1e-3, 1e4, "between plasma and effect site (assumption, as ketamine's)",
     NULL},
    {"Ki", "umol/l", RW_PARAMETER, 0.97, 1e-6, 1e6, "displacement of MK-801 (checked: quoted by Salat 2015)", NULL},
};

const rw_model rw_compound_norketamine = {
    .name = "norketamine",
    .kind = RW_COMPOUND,
    .summary = "Norketamine, the first metabolite of ketamine, about an eighth as potent.",
    .equations = "unbound at the receptor: C = unbound brain C_effect; d C_effect/dt = (C_plasma - C_effect) ln 2 / "
                 "half_life_ke0",
    .references = "Salat 2015 (racemate, Ki 0.97); Ebert 1997 (S 1.7, R 13), Moaddel 2013 (S 2.25, R 26.46); all "
                  "checked as quotes",
    .fields = fields,
    .n_fields = RW_COUNT(fields),
};
