#include "io/series/series_drugs.h"

#include "io/series/series_columns.h"
#include "sim/drugs/drug_effects.h"

static rw_err add_drug(rw_columns *columns, const rw_drug *drug) {
    const char *name = drug->spec->name;
    RW_TRY(rw_columns_add_next_series(columns, RW_SERIES_AT_RECEPTOR, name, (rw_series_parts){.n = 0}));
    for (size_t s = 0; s < rw_drug_species(drug); s++) {
        const rw_series_parts compound = {.names = {rw_drug_compound(drug, s)->name}, .n = 1};
        RW_TRY(rw_columns_add_next_series(columns, RW_SERIES_PLASMA, name, compound));
        RW_TRY(rw_columns_add_next_series(columns, RW_SERIES_EFFECT_SITE, name, compound));
    }
    return RW_OK;
}

/* "all" for receptors whose subunits are not distinguished. */
static rw_path subunit_name(rw_glun2 subunit) {
    return subunit < RW_GLUN2_COUNT ? rw_path_of("2%c", 'A' + (int)subunit) : rw_path_of("all");
}

/* Whether an earlier use is the same drug on another instance of the same receptor and subunit. */
static bool repeats(const rw_population *population, const rw_dosing *dosing, size_t use) {
    const rw_receptor_instance *instance = &population->receptors[dosing->uses[use].receptor];
    for (size_t u = 0; u < use; u++) {
        const rw_receptor_instance *other = &population->receptors[dosing->uses[u].receptor];
        if (dosing->uses[u].drug == dosing->uses[use].drug && other->spec == instance->spec &&
            other->subunit == instance->subunit)
            return true;
    }
    return false;
}

static rw_err add_population(rw_columns *columns, const rw_simulation *sim, uint32_t index) {
    const rw_population *population = &rw_simulation_network(sim)->populations[index];
    const rw_dosing *dosing = rw_simulation_dosing(sim, index);
    for (size_t u = 0; u < dosing->n_uses; u++) {
        const rw_receptor_instance *instance = &population->receptors[dosing->uses[u].receptor];
        rw_path subunit = subunit_name(instance->subunit);
        if (repeats(population, dosing, u)) /* the receptor of a projection with a blockade of its own */
            subunit = rw_path_of("%s_%zu", subunit.text, dosing->uses[u].receptor);
        const rw_series_parts parts = {.names = {rw_simulation_drug(sim, dosing->uses[u].drug)->spec->name,
                                                 instance->block.model->name, subunit.text},
                                       .n = 3};
        RW_TRY(rw_columns_add_next_series(columns, RW_SERIES_OCCUPANCY, population->spec->name, parts));
    }
    return RW_OK;
}

rw_err rw_drug_series_create(rw_drug_series *series, rw_columns *columns, const rw_simulation *sim) {
    const rw_network *network = rw_simulation_network(sim);
    *series = (rw_drug_series){.columns = columns, .first = columns->n};
    for (size_t d = 0; d < network->scenario->n_drugs; d++)
        RW_TRY(add_drug(columns, rw_simulation_drug(sim, d)));
    for (uint32_t p = 0; p < network->n_populations; p++)
        RW_TRY(add_population(columns, sim, p));
    return RW_OK;
}

static rw_err sample_drug(const rw_drug_series *series, const rw_simulation *sim, size_t index, size_t *column) {
    const rw_drug *drug = rw_simulation_drug(sim, index);
    const uint64_t time = rw_simulation_time(sim);
    RW_TRY(rw_columns_append_next(series->columns, column, rw_drug_level(drug, time, &(rw_segment){0})));
    if (drug->kinetics == NULL)
        return RW_OK;
    rw_kinetics_state state = rw_kinetics_at(drug->kinetics, rw_drug_hours(drug->scenario, time));
    for (size_t s = 0; s < rw_drug_species(drug); s++) {
        RW_TRY(rw_columns_append_next(series->columns, column, rw_kinetics_plasma(drug->kinetics, &state, s)));
        RW_TRY(rw_columns_append_next(series->columns, column, rw_kinetics_effect(drug->kinetics, &state, s)));
    }
    return RW_OK;
}

rw_err rw_drug_series_sample(const rw_drug_series *series, const rw_simulation *sim) {
    const rw_network *network = rw_simulation_network(sim);
    size_t column = series->first;
    rw_err err = RW_OK;
    for (size_t d = 0; d < network->scenario->n_drugs && err == RW_OK; d++)
        err = sample_drug(series, sim, d, &column);
    for (uint32_t p = 0; p < network->n_populations; p++)
        for (size_t u = 0; u < rw_simulation_dosing(sim, p)->n_uses; u++) {
            double occupancy = 0.0;
            RW_TRY(rw_comm_agree(network->partition.comm, err)); /* the ranks gather only if rank 0 could write */
            RW_TRY(rw_simulation_occupancy(sim, p, u, &occupancy));
            err = rw_columns_append_next(series->columns, &column, occupancy);
        }
    return err;
}
