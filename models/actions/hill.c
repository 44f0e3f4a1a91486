/* Hill block of the conductance, independent of voltage, magnesium and use of the receptor. */
#include "model/model.h"

enum { IC50, N, E_MAX, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [IC50] = {"IC50", "umol/l", RW_PARAMETER, 5.35, 1e-6, 1e6, "concentration that blocks half, in 1 mM magnesium",
              NULL},
    [N] = {"n", "1", RW_PARAMETER, 1.0, 0.1, 10.0, "Hill coefficient", NULL},
    [E_MAX] = {"E_max", "1", RW_PARAMETER, 1.0, 0.0, 1.0, "share blocked at most", NULL},
};

static double left(double *const *x, double conc_uM) {
    double ratio = conc_uM / x[IC50][0], n = x[N][0];
    double occupied = n == 1.0 ? ratio : pow(ratio, n);
    return 1.0 - x[E_MAX][0] * occupied / (1.0 + occupied);
}

const rw_model rw_action_hill = {
    .name = "hill",
    .kind = RW_ACTION,
    .summary = "Hill block: a factor on the conductance that depends on the concentration alone.",
    .equations = "f = 1 - E_max C^n / (C^n + IC50^n), g = f g without drug\n"
                 "as IC50 was measured near rest in 1 mM magnesium, the block is right near rest only",
    .references = "Hill 1910 J Physiol 40:iv",
    .fields = fields,
    .n_fields = N_FIELDS,
    .action = {.assay = RW_IN_MG, .affinity = IC50, .left = left, .slope = RW_NOWHERE},
};
