/* Drug and magnesium compete for the open pore, and the field across the membrane pulls the drug in. */
#include "model/model.h"

enum { K, DELTA, V_K, RT_F, SLOPE, K_0, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [K] = {"K", "umol/l", RW_PARAMETER, 0.33, 1e-6, 1e6, "dissociation constant at V_K, without magnesium", NULL},
    [DELTA] = {"delta", "1", RW_PARAMETER, 0.79, 0.0, 2.0, "share of the field that the drug's charge crosses", NULL},
    [V_K] = {"V_K", "mV", RW_PARAMETER, -66.0, -100.0, 100.0, "voltage at which K was measured", NULL},
    [RT_F] = {"RT_F", "mV", RW_PARAMETER, 26.7, 20.0, 30.0, "RT/F: 26.7 at 37 C, 25.4 at 22 C", NULL},
    [SLOPE] = {"slope", "1/mV", RW_DERIVED, 0, 0, 0, "delta / RT_F", NULL},
    [K_0] = {"K_0", "umol/l", RW_DERIVED, 0, 0, 0, "dissociation constant at 0 mV", NULL},
};

static double pore(double *const *x, double conc_uM) {
    return conc_uM / x[K_0][0];
}

static void derive(const rw_chunk *chunk) {
    double *const *x = chunk->x;
    for (size_t i = 0; i < chunk->n; i++) {
        x[SLOPE][i] = x[DELTA][i] / x[RT_F][i];
        x[K_0][i] = x[K][i] * exp(-x[SLOPE][i] * x[V_K][i]);
    }
}

const rw_model rw_action_woodhull = {
    .name = "woodhull",
    .kind = RW_ACTION,
    .summary = "Block of the open pore in competition with magnesium, weaker where the membrane is depolarised.",
    .equations = "share of open channels that conduct = 1 / (1 + Mg/K_Mg(V) + C/K(V))\n"
                 "K(V) = K exp(delta (V - V_K) / RT_F)",
    .references = "Woodhull 1973 J Gen Physiol 61:687; Gilling et al. 2009 Neuropharmacology 56:866 (delta "
                  "of ketamine 0.79, checked)",
    .derive = derive,
    .fields = fields,
    .n_fields = N_FIELDS,
    .action = {.assay = RW_MG_FREE, .affinity = K, .pore = pore, .slope = SLOPE},
};
