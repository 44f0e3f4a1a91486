/* Antagonist at the glutamate site. */
#include "model/model.h"

enum { K, GLUTAMATE, EC50, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [K] = {"K", "umol/l", RW_PARAMETER, 0.5, 1e-6, 1e6, "dissociation constant of the antagonist", NULL},
    [GLUTAMATE] =
        {"glutamate", "umol/l", RW_PARAMETER, 0.0, 0.0, 1e4,
         "glutamate that the antagonist is in equilibrium with; 0: a synaptic pulse is too brief to displace it", NULL},
    [EC50] = {"EC50", "umol/l", RW_PARAMETER, 3.0, 1e-3, 1e3,
              "glutamate that opens half (2A 1.8-7.7, 2B 0.9-4, 2C 1.0, 2D 0.4: Traynelis 2010)", NULL},
};

/* Open with antagonist over open without: A / (A + EC50 (1 + C/K)) over A / (A + EC50). */
static double left(double *const *x, double conc_uM) {
    double agonist = 1.0 + x[GLUTAMATE][0] / x[EC50][0];
    return agonist / (agonist + conc_uM / x[K][0]);
}

const rw_model rw_action_competitive = {
    .name = "competitive",
    .kind = RW_ACTION,
    .summary = "Competitive antagonist of glutamate, such as AP5.",
    .equations = "f = (1 + A/EC50) / (1 + A/EC50 + C/K) with A = glutamate, g = f g without drug",
    .references = "Gaddum 1937 J Physiol 89:7P; Schild 1947 Br J Pharmacol 2:189",
    .fields = fields,
    .n_fields = N_FIELDS,
    .action = {.assay = RW_MG_NO_MATTER, .affinity = K, .left = left, .slope = RW_NOWHERE},
};
