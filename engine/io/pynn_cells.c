#include "io/pynn_cells.h"

#include <string.h>

#include "base/count.h"

/* The same equation, in nF, nA and mV. */
#define MEMBRANE                                                                                                       \
    {"cm", "nF", NULL, "C_m", NULL, 1e-3}, {"v_rest", "mV", NULL, "E_L", NULL, 1.0},                                   \
        {"v_thresh", "mV", NULL, "V_th", NULL, 1.0}, {"v_reset", "mV", NULL, "V_reset", NULL, 1.0},                    \
        {"tau_refrac", "ms", NULL, "t_ref", NULL, 1.0}, {                                                              \
        "i_offset", "nA", NULL, "I_e", NULL, 1e-3                                                                      \
    }

/* tau_m has the same name and unit. */
static const rw_pynn_parameter currents[] = {
    MEMBRANE,
    {"tau_syn_E", "ms", NULL, "tau_syn_ex", NULL, 1.0},
    {"tau_syn_I", "ms", NULL, "tau_syn_in", NULL, 1.0},
};

static const rw_pynn_parameter conductances[] = {
    MEMBRANE,
    {"tau_m", "ms", NULL, "C_m", "g_L", 1.0},
    {"tau_syn_E", "ms", "ampa", "tau_decay", NULL, 1.0},
    {"e_rev_E", "mV", "ampa", "E_rev", NULL, 1.0},
    {"tau_syn_I", "ms", "gaba_a", "tau_decay", NULL, 1.0},
    {"e_rev_I", "mV", "gaba_a", "E_rev", NULL, 1.0},
};

static const rw_pynn_cell cells[] = {
    {"IF_curr_exp", "lif_psc_exp", currents, RW_COUNT(currents)},
    {"IF_curr_alpha", "lif_psc_alpha", currents, RW_COUNT(currents)},
    {"IF_cond_exp", "lif_cond", conductances, RW_COUNT(conductances)},
};

/* Whether a standard cell has all receptors of a population. */
static bool has_receptors(const rw_pynn_cell *cell, const rw_population_spec *spec) {
    for (size_t r = 0; r < spec->n_receptors; r++) {
        bool has = false;
        for (size_t k = 0; k < cell->n_parameters; k++) {
            const char *receptor = cell->parameters[k].receptor;
            has = has || (receptor != NULL && strcmp(receptor, spec->receptors[r].model->name) == 0);
        }
        if (!has)
            return false;
    }
    return true;
}

const rw_pynn_cell *rw_pynn_cell_find(const rw_population_spec *spec) {
    for (size_t k = 0; spec->model != NULL && k < RW_COUNT(cells); k++)
        if (strcmp(cells[k].model, spec->model->name) == 0 && has_receptors(&cells[k], spec))
            return &cells[k];
    return NULL;
}
