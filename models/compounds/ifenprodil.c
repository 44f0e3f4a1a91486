/* Ifenprodil. */
#include "model/model.h"

static const rw_field fields[] = {
    {"molar_mass", "g/mol", RW_PARAMETER, 325.45, 1.0, 1e5, "of the base (sum of its atoms)", NULL},
    {"unbound", "1", RW_PARAMETER, 1.0, 0.0, 1.0, "unbound (assumed)", NULL},
    {"brain", "1", RW_PARAMETER, 1.0, 0.0, 100.0, "given into the bath or the brain", NULL},
    {"K_2A", "umol/l", RW_PARAMETER, 146.0, 1e-6, 1e6, "constant of GluN1/2A (Williams 1993)", NULL},
    {"K_2B", "umol/l", RW_PARAMETER, 0.2, 1e-6, 1e6, "constant of GluN1/2B (Kew 1996: 0.17; Williams 1993: 0.34)",
     NULL},
    {"K_2C", "umol/l", RW_PARAMETER, 40.0, 1e-6, 1e6, "constant of GluN1/2C, not sensitive (assumption)", NULL},
    {"K_2D", "umol/l", RW_PARAMETER, 40.0, 1e-6, 1e6, "constant of GluN1/2D, not sensitive (assumption)", NULL},
    {"efficacy", "1", RW_PARAMETER, 0.15, 0.0, 1.0, "opening that a bound receptor keeps (assumption)", NULL},
};

const rw_model rw_compound_ifenprodil = {
    .name = "ifenprodil",
    .kind = RW_COMPOUND,
    .summary = "Ifenprodil, an allosteric antagonist of GluN2B with partial efficacy.",
    .equations = "unbound at the receptor: C = unbound brain C_effect; d C_effect/dt = (C_plasma - C_effect) ln 2 / "
                 "half_life_ke0",
    .references =
        "Williams 1993 Mol Pharmacol 44:851; Kew, Trube & Kemp 1996 J Physiol 497:761 (2B 0.17 umol/l in 100 umol/l "
        "of NMDA)",
    .fields = fields,
    .n_fields = RW_COUNT(fields),
};
