#include "net/receptor_instances.h"

#include <string.h>

#include "base/memory.h"
#include "config/mark_text.h"
#include "net/cell_block.h"

/* What acts on receptor `spec` of the population under `projection` (-1: none): [n_factors], then [n_drugs]. */
static void list_acting(const rw_network *network, uint32_t population, size_t spec, int64_t projection, bool *acting) {
    const rw_scenario *scenario = network->scenario;
    const rw_model *model = network->populations[population].spec->receptors[spec].model;
    for (size_t f = 0; f < scenario->n_factors; f++)
        acting[f] =
            scenario->factors[f].receptor == model && rw_places_have(&scenario->factors[f].on, population, projection);
    for (size_t d = 0; d < scenario->n_drugs; d++) {
        const rw_places *places = rw_drug_places(&scenario->drugs[d], model);
        acting[scenario->n_factors + d] = places != NULL && rw_places_have(places, population, projection);
    }
}

/* Whether a receptor of a population is split by subunit. */
static bool is_split(const rw_population_spec *population, size_t spec) {
    return population->has_glun2 && population->receptors[spec].model->receptor.glun2 != NULL;
}

double rw_receptor_subunit_share(const rw_population_spec *population, size_t spec, rw_glun2 subunit) {
    if (is_split(population, spec))
        return subunit < RW_GLUN2_COUNT ? population->glun2[subunit] : 0.0;
    return subunit < RW_GLUN2_COUNT ? 0.0 : 1.0;
}

/* What the scenario sets of a receptor, and what its subunit does beyond that. Free *settings with rw_free. */
static rw_err subunit_settings(const rw_model_spec *receptor, rw_glun2 subunit, rw_setting **settings, size_t *n) {
    const rw_receptor *model = &receptor->model->receptor;
    RW_TRY(RW_NEW(*settings, receptor->n_settings + model->n_glun2, "receptors"));
    *n = receptor->n_settings;
    if (*n > 0)
        memcpy(*settings, receptor->settings, *n * sizeof **settings);
    for (size_t k = 0; k < model->n_glun2 && subunit < RW_GLUN2_COUNT; k++) {
        bool set = false;
        for (size_t s = 0; s < receptor->n_settings; s++)
            set = set || receptor->settings[s].field == model->glun2[k].field;
        if (!set)
            (*settings)[(*n)++] =
                (rw_setting){model->glun2[k].field, {.kind = RW_CONSTANT, .a = model->glun2[k].value[subunit]}};
    }
    return RW_OK;
}

rw_err rw_receptor_typical(rw_block *block, const rw_scenario *scenario, const rw_population_spec *population,
                           size_t receptor, rw_glun2 subunit) {
    const rw_model_spec *spec = &population->receptors[receptor];
    rw_setting *settings = NULL;
    size_t n = 0;
    RW_TRY(subunit_settings(spec, subunit, &settings, &n));
    rw_err err = rw_block_create(block, spec->model, 1, scenario->step_ms);
    for (size_t k = 0; k < n && err == RW_OK; k++) {
        const rw_value *value = &settings[k].value;
        rw_block_fill(block, settings[k].field, value->kind == RW_UNIFORM ? 0.5 * (value->a + value->b) : value->a);
    }
    if (err == RW_OK)
        err = rw_block_finish(block, NULL);
    if (err != RW_OK)
        rw_block_destroy(block);
    rw_free(settings);
    return err;
}

/* Adds an instance of receptor `spec` and takes over `acting`. */
static rw_err add_instance(const rw_network *network, uint32_t index, size_t spec, rw_glun2 subunit,
                           const bool *acting) {
    rw_population *population = &network->populations[index];
    const rw_model_spec *receptor = &population->spec->receptors[spec];
    RW_TRY(RW_GROW(population->receptors, population->n_receptors, population->n_receptors + 1, "receptors"));
    rw_receptor_instance *instance = &population->receptors[population->n_receptors];
    rw_setting *settings = NULL;
    size_t n_settings = 0;
    RW_TRY(subunit_settings(receptor, subunit, &settings, &n_settings));
    rw_err err = rw_cell_block_from_settings(&instance->block, network->scenario, &network->partition, index,
                                             receptor->model, RW_PART_RECEPTOR + (uint32_t)spec, settings, n_settings);
    rw_free(settings);
    if (err != RW_OK)
        return rw_fail_context(err, "%s",
                               rw_mark_text_of("population", population->spec->name, population->spec->mark).text);
    instance->spec = spec;
    instance->subunit = subunit;
    instance->factors = acting;
    instance->drugs = acting != NULL ? acting + network->scenario->n_factors : NULL;
    population->n_receptors++;
    return RW_OK;
}

rw_err rw_receptor_instances_find(const rw_network *network, uint32_t index, size_t spec, rw_glun2 subunit,
                                  int64_t projection, size_t *found) {
    const rw_population *population = &network->populations[index];
    const size_t n_acting = network->scenario->n_factors + network->scenario->n_drugs;
    bool *acting = NULL;
    RW_TRY(RW_NEW(acting, n_acting, "blockades"));
    list_acting(network, index, spec, projection, acting);
    for (size_t r = 0; r < population->n_receptors; r++) {
        const rw_receptor_instance *instance = &population->receptors[r];
        if (instance->spec == spec && instance->subunit == subunit &&
            (n_acting == 0 || memcmp(instance->factors, acting, n_acting * sizeof *acting) == 0)) {
            rw_free(acting);
            *found = r;
            return RW_OK;
        }
    }
    *found = population->n_receptors;
    rw_err err = add_instance(network, index, spec, subunit, acting);
    if (err != RW_OK)
        rw_free(acting);
    return err;
}
