/* populations: who exists, of which model, with which parameters. */
#include <math.h>
#include <string.h>

#include "config/sections/parts.h"
#include "config/sections/sections.h"
#include "model/registry.h"

enum { MOST_POPULATIONS = 10000 };
static const uint64_t most_in_population = (uint64_t)1 << 40;

static const rw_key keys[] = {{"model", true},  {"count", true},      {"set", false},  {"receptors", false},
                              {"glun2", false}, {"positions", false}, {"file", false}, {"file_population", false}};

rw_err rw_add_receptor(rw_reader *r, rw_population_spec *population, const rw_model *receptor, size_t *index) {
    size_t k = 0;
    while (k < population->n_receptors && population->receptors[k].model != receptor)
        k++;
    *index = k;
    if (k < population->n_receptors)
        return RW_OK;
    rw_model_spec *grown = NULL;
    RW_TRY(RW_ARENA_NEW(r->arena, grown, k + 1)); /* there are few receptors: copying costs nothing */
    if (k > 0)
        memcpy(grown, population->receptors, k * sizeof *grown);
    grown[k] = (rw_model_spec){.model = receptor};
    population->receptors = grown;
    population->n_receptors = k + 1;
    return RW_OK;
}

static const char *const subunit_names[RW_GLUN2_COUNT] = {"A", "B", "C", "D"};

/* glun2: the shares of the GluN2 subunits. */
static void read_glun2(rw_reader *r, const rw_node *node, rw_population_spec *population) {
    static const rw_key subunits[] = {{"A", false}, {"B", false}, {"C", false}, {"D", false}};
    double sum = 0.0;
    if (node == NULL || !rw_read_map(r, node, subunits, RW_COUNT(subunits)))
        return;
    population->has_glun2 = true;
    for (size_t s = 0; s < RW_GLUN2_COUNT; s++) {
        if (!rw_read_number(r, rw_node_get(node, subunit_names[s]), (rw_quantity){"1", 0.0, 1.0, 0.0},
                            &population->glun2[s]))
            return;
        sum += population->glun2[s];
    }
    char text[RW_NUMBER_SIZE];
    if (fabs(sum - 1.0) > 1e-9)
        rw_node_key_wrong(r->diagnostics, node, "the shares of the subunits must sum to 1, not to %s",
                          rw_number_print(text, rw_number_tidy(sum)));
}

/* receptors: parameters of receptors on these cells. */
static rw_err read_receptors(rw_reader *r, const rw_node *node, rw_population_spec *population) {
    if (node == NULL)
        return RW_OK;
    if (node->kind != RW_NODE_MAP) {
        rw_node_wrong(r->diagnostics, node, "must be a map of receptors, not %s", rw_node_kind_name(node));
        return RW_OK;
    }
    if (population->model == NULL || !rw_model_takes_receptors(population->model)) {
        rw_node_key_wrong(r->diagnostics, node, "cells of model %s take no receptors",
                          population->model != NULL ? population->model->name : "spikes");
        return RW_OK;
    }
    for (const rw_node *child = node->first; child != NULL; child = child->next) {
        const rw_model *model = rw_find_model(r, child, child->key, true, RW_RECEPTOR);
        if (model == NULL)
            continue;
        size_t index = 0;
        const rw_setting *settings = NULL;
        size_t n_settings = 0;
        RW_TRY(rw_add_receptor(r, population, model, &index));
        RW_TRY(rw_read_settings(r, child, model, 0.0, NULL, 0, &settings, &n_settings));
        rw_model_spec *spec = (rw_model_spec *)&population->receptors[index]; /* ours: made by rw_add_receptor */
        spec->settings = settings;
        spec->n_settings = n_settings;
    }
    return RW_OK;
}

/* model: and what only makes sense for one kind of model. */
static rw_err read_model(rw_reader *r, const rw_node *node, rw_population_spec *population, bool *known) {
    const rw_node *model = rw_node_get(node, "model"), *file = rw_node_get(node, "file");
    const rw_node *file_population = rw_node_get(node, "file_population"), *set = rw_node_get(node, "set");
    if (!rw_read_text(r, model))
        return RW_OK;
    if (strcmp(model->text, "spikes") == 0) {
        *known = true;
        if (set != NULL)
            rw_node_key_wrong(r->diagnostics, set, "cells of model spikes only replay spikes: they have no parameters");
        if (rw_read_text(r, file))
            population->spikes_file = file->text;
        if (rw_read_text(r, file_population))
            population->spikes_population = file_population->text;
        if (file == NULL && file_population != NULL)
            rw_node_key_wrong(r->diagnostics, file_population,
                              "names a population of a file, but there is no key file");
        return RW_OK;
    }
    for (int k = 0; k < 2; k++) {
        const rw_node *wrong = k == 0 ? file : file_population;
        if (wrong != NULL)
            rw_node_key_wrong(r->diagnostics, wrong, "only cells of model spikes read their spikes from a file");
    }
    population->model = rw_find_model(r, model, model->text, false, RW_NEURON);
    *known = population->model != NULL;
    if (!*known)
        return RW_OK;
    return rw_read_settings(r, set, population->model, 0.0, NULL, 0, &population->settings, &population->n_settings);
}

static rw_err read_population(rw_reader *r, const rw_node *node, rw_population_spec *population, bool *known) {
    population->mark = node->key_mark;
    population->name = node->key;
    population->count = 1;
    (void)rw_check_name(r, node, node->key);
    if (strcmp(node->key, "all") == 0 || strcmp(node->key, "none") == 0)
        rw_node_key_wrong(r->diagnostics, node,
                          "cannot be the name of a population: record.spikes means something else by it");
    (void)rw_read_map(r, node, keys, RW_COUNT(keys));
    (void)rw_read_count(r, rw_node_get(node, "count"), 1, most_in_population, &population->count);
    const rw_node *positions = rw_node_get(node, "positions");
    size_t position = RW_POSITION_RANDOM;
    if (positions != NULL && r->scenario->dimensions == 0)
        rw_node_key_wrong(r->diagnostics, positions, "cells have positions only in a space; add space: {size: [...]}");
    else if (rw_read_choice(r, positions, rw_position_names, 2, &position))
        population->position = (rw_position_kind)position;
    RW_TRY(read_model(r, node, population, known));
    read_glun2(r, rw_node_get(node, "glun2"), population);
    return *known ? read_receptors(r, rw_node_get(node, "receptors"), population) : RW_OK;
}

rw_err rw_read_populations(rw_reader *r, const rw_node *node) {
    rw_scenario *scenario = r->scenario;
    RW_TRY(rw_names_create(&r->populations, r->arena, node != NULL ? node->count : 0));
    if (node == NULL)
        return RW_OK;
    if (node->kind != RW_NODE_MAP || node->count == 0) {
        rw_node_key_wrong(r->diagnostics, node, "must be a map with at least one population");
        return RW_OK;
    }
    if (node->count > MOST_POPULATIONS) {
        rw_node_key_wrong(r->diagnostics, node, "%zu populations are too many; at most %d", node->count,
                          MOST_POPULATIONS);
        return RW_OK;
    }
    RW_TRY(RW_ARENA_NEW(r->arena, scenario->populations, node->count));
    RW_TRY(RW_ARENA_NEW(r->arena, r->model_known, node->count));
    for (const rw_node *child = node->first; child != NULL; child = child->next) {
        rw_population_spec *population = &scenario->populations[scenario->n_populations];
        RW_TRY(read_population(r, child, population, &r->model_known[scenario->n_populations]));
        if (rw_names_add(r->populations, child->key, (uint32_t)scenario->n_populations))
            scenario->n_populations++;
    }
    return RW_OK;
}
