/* Drug and magnesium compete for the open pore; the drug's own voltage dependence is left out. */
#include "model/model.h"

enum { K, SLOPE, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [K] = {"K", "umol/l", RW_PARAMETER, 0.33, 1e-6, 1e6, "dissociation constant without magnesium", NULL},
    [SLOPE] = {"slope", "1/mV", RW_DERIVED, 0, 0, 0, "voltage dependence of the block: none", NULL},
};

static double pore(double *const *x, double conc_uM) {
    return conc_uM / x[K][0];
}

static void derive(const rw_chunk *chunk) {
    for (size_t i = 0; i < chunk->n; i++)
        chunk->x[SLOPE][i] = 0.0;
}

const rw_model rw_action_mg_competitive = {
    .name = "mg_competitive",
    .kind = RW_ACTION,
    .summary = "Block of the open pore in competition with magnesium, equally strong at every voltage.",
    .equations = "share of open channels that conduct = 1 / (1 + Mg/K_Mg(V) + C/K)\n"
                 "the apparent IC50 is K (1 + Mg/K_Mg(V)): near rest in 1 mM magnesium 16-18 times K",
    .references = "Kotermanski & Johnson 2009 J Neurosci 29:2774 (not read)",
    .derive = derive,
    .fields = fields,
    .n_fields = N_FIELDS,
    .action = {.assay = RW_MG_FREE, .affinity = K, .pore = pore, .slope = SLOPE},
};
