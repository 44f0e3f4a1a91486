/* populations: who exists, of which model, with which parameters. */
#include <math.h>
#include <string.h>

#include "config/sections.h"
#include "model/block.h"
#include "model/registry.h"

enum { MOST_POPULATIONS = 10000 };
static const uint64_t most_in_population = (uint64_t)1 << 40;

static const rw_key keys[] = {{"model", true},  {"count", true},      {"set", false},  {"receptors", false},
                              {"glun2", false}, {"positions", false}, {"file", false}, {"file_population", false}};

const rw_model *rw_find_model(rw_reader *r, const rw_node *node, const char *name, bool at_key, rw_kind kind) {
    const rw_model *model = rw_registry_find(kind, name);
    if (model != NULL)
        return model;
    rw_suggestion suggestion = {.word = name};
    for (size_t k = 0; k < rw_registry_count(); k++) {
        if (rw_registry_at(k)->kind == kind)
            rw_suggestion_offer(&suggestion, rw_registry_at(k)->name);
    }
    if (kind == RW_NEURON)
        rw_suggestion_offer(&suggestion, "spikes");
    char text[320];
    (at_key ? rw_node_key_wrong : rw_node_wrong)(r->findings, node, "there is no %s model \"%.60s\"; %s",
                                                 rw_kind_name(kind), name,
                                                 rw_suggestion_text(&suggestion, text, sizeof text));
    return NULL;
}

const rw_model *rw_read_model(rw_reader *r, const rw_node *node, rw_kind kind) {
    return rw_read_text(r, node) ? rw_find_model(r, node, node->text, false, kind) : NULL;
}

rw_err rw_add_receptor(rw_reader *r, rw_population_spec *population, const rw_model *receptor, size_t *index) {
    size_t k = 0;
    while (k < population->n_receptors && population->receptors[k].model != receptor)
        k++;
    *index = k;
    if (k < population->n_receptors)
        return RW_OK;
    rw_receptor_spec *grown = NULL;
    RW_TRY(RW_ARENA_NEW(r->arena, grown, k + 1)); /* there are few receptors: copying costs nothing */
    if (k > 0)
        memcpy(grown, population->receptors, k * sizeof *grown);
    grown[k] = (rw_receptor_spec){.model = receptor};
    population->receptors = grown;
    population->n_receptors = k + 1;
    return RW_OK;
}

/* The field that a key sets, or RW_NO_FIELD and a finding. `target` is what growth curves call epsilon in scenarios. */
static size_t find_field(rw_reader *r, const rw_node *child, const rw_model *model) {
    bool target = model->kind == RW_GROWTH && strcmp(child->key, "target") == 0;
    size_t field = rw_model_field(model, target ? "epsilon" : child->key);
    if (field != RW_NO_FIELD && (model->fields[field].role == RW_PARAMETER || model->fields[field].role == RW_STATE))
        return field;
    rw_suggestion suggestion = {.word = child->key};
    for (size_t k = 0; k < model->n_fields; k++) {
        if (model->fields[k].role == RW_PARAMETER || model->fields[k].role == RW_STATE)
            rw_suggestion_offer(&suggestion, model->fields[k].name);
    }
    char text[320];
    rw_node_key_wrong(r->findings, child, "%s has no parameter or initial state of this name; %s", model->name,
                      rw_suggestion_text(&suggestion, text, sizeof text));
    return RW_NO_FIELD;
}

static bool is_calcium_level(const rw_field *field) {
    return strcmp(field->unit, "1") == 0 &&
           (strcmp(field->name, "epsilon") == 0 || strcmp(field->name, "eta") == 0 || strcmp(field->name, "psi") == 0);
}

/* Asks the model whether its parameters go together, if they are equal for all instances. */
static rw_err ask_model(rw_reader *r, const rw_node *node, const rw_model *model, const rw_setting *settings,
                        size_t n) {
    rw_block block;
    unsigned char *set_mask = NULL;
    for (size_t k = 0; k < n; k++) {
        if (settings[k].value.kind != RW_CONSTANT)
            return RW_OK;
    }
    RW_TRY(RW_ARENA_NEW(r->arena, set_mask, model->n_fields));
    RW_TRY(rw_block_create(&block, model, 1, r->scenario->step_ms));
    for (size_t k = 0; k < n; k++) {
        rw_block_fill(&block, settings[k].field, settings[k].value.a);
        set_mask[settings[k].field] = 1;
    }
    rw_err err = rw_block_finish(&block, set_mask);
    rw_block_destroy(&block);
    if (err != RW_ERR_INPUT)
        return err;
    const char *place = ", instance 0: "; /* says nothing here */
    const char *reason = strstr(rw_error_message(), place);
    rw_node_key_wrong(r->findings, node, "%s", reason != NULL ? reason + strlen(place) : rw_error_message());
    return RW_OK;
}

rw_err rw_read_settings(rw_reader *r, const rw_node *node, const rw_model *model, double per_hz,
                        const rw_key *other_keys, size_t n_other_keys, const rw_setting **settings,
                        size_t *n_settings) {
    if (node == NULL)
        return RW_OK;
    if (node->kind != RW_NODE_MAP) {
        rw_node_wrong(r->findings, node, "must be a map of parameters, not %s",
                      rw_node_is_null(node) ? "empty" : rw_node_kind_name(node));
        return RW_OK;
    }
    rw_setting *read = NULL;
    size_t n = 0, before = r->findings->count;
    RW_TRY(RW_ARENA_NEW(r->arena, read, node->count));
    for (const rw_node *child = node->first; child != NULL; child = child->next) {
        bool other = false;
        for (size_t k = 0; k < n_other_keys; k++)
            other = other || strcmp(other_keys[k].name, child->key) == 0;
        size_t field = other ? RW_NO_FIELD : find_field(r, child, model);
        if (field == RW_NO_FIELD)
            continue;
        const rw_field *f = &model->fields[field];
        for (size_t k = 0; k < n; k++) {
            if (read[k].field == field)
                rw_node_key_wrong(r->findings, child, "%s is set twice", f->name);
        }
        read[n].field = field;
        if (rw_read_value(r, child, (rw_quantity){f->unit, f->min, f->max, is_calcium_level(f) ? per_hz : 0.0},
                          &read[n].value))
            n++;
    }
    *settings = read;
    *n_settings = n;
    return r->findings->count == before && r->step_known ? ask_model(r, node, model, read, n) : RW_OK;
}

/* receptors: parameters of receptors on these cells. */
static rw_err read_receptors(rw_reader *r, const rw_node *node, rw_population_spec *population) {
    if (node == NULL)
        return RW_OK;
    if (node->kind != RW_NODE_MAP) {
        rw_node_wrong(r->findings, node, "must be a map of receptors, not %s", rw_node_kind_name(node));
        return RW_OK;
    }
    if (population->model == NULL || !rw_model_takes_receptors(population->model)) {
        rw_node_key_wrong(r->findings, node, "cells of model %s take no receptors",
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
        rw_receptor_spec *spec = (rw_receptor_spec *)&population->receptors[index]; /* ours: made by rw_add_receptor */
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
            rw_node_key_wrong(r->findings, set, "cells of model spikes only replay spikes: they have no parameters");
        if (rw_read_text(r, file))
            population->spikes_file = file->text;
        if (rw_read_text(r, file_population))
            population->spikes_population = file_population->text;
        if (file == NULL && file_population != NULL)
            rw_node_key_wrong(r->findings, file_population, "names a population of a file, but there is no key file");
        return RW_OK;
    }
    for (int k = 0; k < 2; k++) {
        const rw_node *wrong = k == 0 ? file : file_population;
        if (wrong != NULL)
            rw_node_key_wrong(r->findings, wrong, "only cells of model spikes read their spikes from a file");
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
        rw_node_key_wrong(r->findings, node,
                          "cannot be the name of a population: record.spikes means something else by it");
    (void)rw_read_map(r, node, keys, RW_COUNT(keys));
    (void)rw_read_count(r, rw_node_get(node, "count"), 1, most_in_population, &population->count);
    const rw_node *positions = rw_node_get(node, "positions");
    size_t position = RW_POSITION_RANDOM;
    if (positions != NULL && r->scenario->dimensions == 0)
        rw_node_key_wrong(r->findings, positions, "cells have positions only in a space; add space: {size: [...]}");
    else if (rw_read_choice(r, positions, rw_position_names, 2, &position))
        population->position = (rw_position_kind)position;
    RW_TRY(read_model(r, node, population, known));
    rw_read_glun2(r, rw_node_get(node, "glun2"), population);
    return *known ? read_receptors(r, rw_node_get(node, "receptors"), population) : RW_OK;
}

rw_err rw_read_populations(rw_reader *r, const rw_node *node) {
    rw_scenario *scenario = r->scenario;
    RW_TRY(rw_names_create(&r->populations, r->arena, node != NULL ? node->count : 0));
    if (node == NULL)
        return RW_OK;
    if (node->kind != RW_NODE_MAP || node->count == 0) {
        rw_node_key_wrong(r->findings, node, "must be a map with at least one population");
        return RW_OK;
    }
    if (node->count > MOST_POPULATIONS) {
        rw_node_key_wrong(r->findings, node, "%zu populations are too many; at most %d", node->count, MOST_POPULATIONS);
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
