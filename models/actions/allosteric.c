/* Antagonist at a site of its own that leaves the receptor a part of its efficacy. */
#include "model/model.h"

enum { K, EFFICACY, COOPERATIVITY, GLUTAMATE, EC50, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [K] = {"K", "umol/l", RW_PARAMETER, 0.2, 1e-6, 1e6, "dissociation constant with glutamate bound", NULL},
    [EFFICACY] = {"efficacy", "1", RW_PARAMETER, 0.15, 0.0, 1.0, "opening that a bound receptor keeps", NULL},
    [COOPERATIVITY] = {"cooperativity", "1", RW_PARAMETER, 6.0, 1e-2, 1e2,
                       "factor by which drug and glutamate raise each other's affinity (ifenprodil: 6, Kew 1996)",
                       NULL},
    [GLUTAMATE] = {"glutamate", "umol/l", RW_PARAMETER, 1000.0, 1e-3, 1e4, "glutamate in the cleft", NULL},
    [EC50] = {"EC50", "umol/l", RW_PARAMETER, 2.9, 1e-3, 1e3, "glutamate that opens half (2B: 0.9-4, Traynelis 2010)",
              NULL},
};

/* States: free 1, with glutamate a (open 1), with drug c / cooperativity, with both a c (open: efficacy). */
static double left(double *const *x, double conc_uM) {
    double a = x[GLUTAMATE][0] / x[EC50][0], c = conc_uM / x[K][0];
    double open = a * (1.0 + x[EFFICACY][0] * c) / (1.0 + a + c / x[COOPERATIVITY][0] + a * c);
    return open * (1.0 + a) / a;
}

const rw_model rw_action_allosteric = {
    .name = "allosteric",
    .kind = RW_ACTION,
    .summary = "Allosteric antagonist of partial efficacy, such as ifenprodil.",
    .equations = "with a = glutamate/EC50 and c = C/K the receptor is open in the share\n"
                 "p = a (1 + efficacy c) / (1 + a + c/cooperativity + a c), f = p(C) / p(0), g = f g without drug",
    .references = "Ehlert 1988 Mol Pharmacol 33:187; Kew, Trube & Kemp 1996 J Physiol 497:761",
    .fields = fields,
    .n_fields = N_FIELDS,
    .action = {.assay = RW_MG_NO_MATTER, .affinity = K, .left = left, .slope = RW_NOWHERE},
};
