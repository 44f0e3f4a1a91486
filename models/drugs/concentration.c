/* A concentration that is known: what a bath or a published time course gives. */
#include "model/model.h"

const rw_model rw_drug_concentration = {
    .name = "concentration",
    .kind = RW_DRUG,
    .summary = "The unbound concentration at the receptor as a table over time, without doses.",
    .equations = "C(t) = level(t): a constant, steps, or straight lines between points, in umol/l",
    .references = "none: the scenario says where its level comes from",
    .drug = {.reference_kg = 70.0},
};
