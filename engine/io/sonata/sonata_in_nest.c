#include "io/sonata/sonata_in_nest.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "io/sonata/sonata_in_config.h"
#include "io/sonata/sonata_in_glif.h"
#include "io/sonata/sonata_in_table.h"
#include "io/sonata/sonata_reader.h"
#include "model/registry.h"

/* ---- parameter files ---- */

static rw_err unknown_parameter(rw_sonata_reader *reader, const rw_sonata_nest *nest, const rw_node *node) {
    enum { MOST = 32 };
    const char *names[MOST];
    char list[400] = "";
    size_t n = 0;
    RW_ASSERT(nest->n_parameters <= MOST);
    for (size_t k = 0; k < nest->n_parameters; k++) {
        if (nest->parameters[k].hidden || nest->parameters[k].place > 1)
            continue;
        names[n++] = nest->parameters[k].name;
        size_t used = strlen(list);
        (void)snprintf(list + used, sizeof list - used, "%s%s", n > 1 ? ", " : "", names[n - 1]);
    }
    const char *meant = rw_nearest(node->key, names, n);
    return rw_sonata_json_wrong(reader, node, "%s:%s has no parameter '%s' here%s%s%s; it has %s", nest->simulator,
                                nest->name, node->key, meant != NULL ? ", did you mean '" : "",
                                meant != NULL ? meant : "", meant != NULL ? "'" : "", list);
}

static const rw_model *owner_of(const rw_sonata_nest *nest, const rw_sonata_parameter *parameter) {
    switch (parameter->owner) {
    case RW_SONATA_OF_EXC:
        return rw_registry_find(RW_RECEPTOR, nest->exc);
    case RW_SONATA_OF_INH:
        return rw_registry_find(RW_RECEPTOR, nest->inh);
    default:
        return rw_registry_find(RW_NEURON, nest->model);
    }
}

/* A value in the unit of our field. */
static double scaled(const rw_sonata_parameter *parameter, double value) {
    return parameter->scale != 0.0 ? parameter->scale * value : value;
}

static rw_err read_value(rw_sonata_reader *reader, const rw_sonata_nest *nest, const rw_node *node, size_t k,
                         double *values) {
    const rw_sonata_parameter *parameter = &nest->parameters[k];
    const rw_model *model = owner_of(nest, parameter);
    const rw_field *field = &model->fields[rw_model_field(model, parameter->field)];
    double value;
    bool scalar = node->kind == RW_NODE_SCALAR && !node->quoted;
    if (parameter->is_switch && scalar && (strcmp(node->text, "true") == 0 || strcmp(node->text, "false") == 0))
        value = node->text[0] == 't';
    else
        RW_TRY(rw_sonata_json_number(reader, node, &value));
    values[k] = scaled(parameter, value);
    if (!(values[k] >= field->min && values[k] <= field->max))
        return rw_sonata_json_wrong(reader, node, "%g %s is outside %g to %g", values[k], field->unit, field->min,
                                    field->max);
    return RW_OK;
}

/* The places of a list, the first of which is parameter k; those behind its end become absent. */
static rw_err read_list(rw_sonata_reader *reader, const rw_sonata_nest *nest, const rw_node *node, size_t k,
                        double *values) {
    const char *name = nest->parameters[k].name;
    if (node->kind != RW_NODE_LIST)
        return rw_sonata_json_wrong(reader, node, "%s is a list", name);
    const rw_node *item = node->first;
    size_t first = k;
    for (; k < nest->n_parameters && strcmp(nest->parameters[k].name, name) == 0; k++) {
        values[k] = NAN;
        if (item == NULL)
            continue;
        RW_TRY(read_value(reader, nest, item, k, values));
        item = item->next;
    }
    if (item != NULL)
        return rw_sonata_json_wrong(reader, item, "%s has more than %zu places, which rewire's %s does not have", name,
                                    k - first, nest->model);
    return RW_OK;
}

/* Takes over what one parameter file sets. values [n_parameters] hold the defaults. */
static rw_err read_parameters(rw_sonata_reader *reader, const rw_sonata_nest *nest, const char *path, double *values) {
    rw_sonata_json json;
    RW_TRY(rw_sonata_json_read(reader, &json, path));
    if (nest->by_receptor && rw_node_get(json.root, "coeffs") != NULL)
        return rw_sonata_glif_read(reader, nest, json.root, values);
    for (const rw_node *node = json.root->first; node != NULL; node = node->next) {
        size_t k = rw_sonata_parameter_find(nest, node->key);
        if (k == SIZE_MAX)
            return unknown_parameter(reader, nest, node);
        if (nest->parameters[k].place > 0)
            RW_TRY(read_list(reader, nest, node, k, values));
        else
            RW_TRY(read_value(reader, nest, node, k, values));
    }
    return RW_OK;
}

/* Values of a type in its own model. values [n_parameters] */
static rw_err read_type(rw_sonata_reader *reader, const rw_sonata_population *of, size_t row, double *values) {
    const rw_sonata_nest *nest = of->type_nest[row];
    const char *file = rw_sonata_table_cell(&of->types, row, "dynamics_params"), *path;
    for (size_t k = 0; k < nest->n_parameters; k++)
        values[k] = scaled(&nest->parameters[k], nest->parameters[k].value);
    for (size_t k = 0; k < RW_COUNT(nest->switches) && nest->switches[k] != NULL; k++)
        values[rw_sonata_parameter_find(nest, nest->switches[k])] = 1.0;
    if (file == NULL)
        return RW_OK;
    RW_TRY(rw_sonata_component(reader, "point_neuron_models_dir", file, &path));
    return read_parameters(reader, nest, path, values);
}

/* Values of every type that has cells, in the population's model. values [n_rows x n_parameters] */
static rw_err read_types(rw_sonata_reader *reader, size_t population, double *values) {
    rw_sonata_population *of = &reader->populations[population];
    size_t n = of->nest->n_parameters;
    for (size_t row = 0; row < of->types.n_rows; row++) {
        double own[32];
        if (of->type_nest[row] == NULL)
            continue;
        RW_ASSERT(of->type_nest[row]->n_parameters <= RW_COUNT(own));
        rw_err err = read_type(reader, of, row, own);
        if (err == RW_OK && of->nest->by_receptor)
            err = rw_sonata_glif_finish(of->nest, of->type_nest[row], own, values + row * n, &of->n_receptors[row]);
        else if (err == RW_OK)
            memcpy(values + row * n, own, n * sizeof *values);
        if (err != RW_OK)
            return rw_fail_context(err, "%s:%u: dynamics_params", of->types.file, of->types.lines[row]);
    }
    return RW_OK;
}

/* ---- settings ---- */

/* dynamics_params of single nodes that set a parameter, or NULL. */
static const double *own_values(const rw_sonata_population *of, const char *parameter) {
    for (size_t k = 0; k < of->n_parameters; k++) {
        if (strcmp(of->parameters[k].name, parameter) == 0)
            return of->parameters[k].number;
    }
    return NULL;
}

static bool is_inside(const rw_field *field, double value) {
    return isnan(value) || (value >= field->min && value <= field->max);
}

/* Checks dynamics_params of single nodes. */
static rw_err check_own(const rw_sonata_population *of, const rw_population_spec *spec) {
    for (size_t p = 0; p < of->n_parameters; p++) {
        const rw_sonata_attribute *own = &of->parameters[p];
        size_t k = rw_sonata_parameter_find(of->nest, own->name);
        RW_CHECK(k != SIZE_MAX, RW_ERR_INPUT,
                 "%s: dynamics_params/%s of population '%s': %s:%s has no parameter '%s' here", of->file, own->name,
                 spec->name, of->nest->simulator, of->nest->name, own->name);
        RW_CHECK(of->nest->parameters[k].place == 0, RW_ERR_INPUT,
                 "%s: dynamics_params/%s of population '%s' is a list, which is not read for single nodes; give it per "
                 "node type",
                 of->file, own->name, spec->name);
        const rw_model *model = owner_of(of->nest, &of->nest->parameters[k]);
        const rw_field *field = &model->fields[rw_model_field(model, of->nest->parameters[k].field)];
        for (uint64_t i = 0; i < spec->count; i++)
            RW_CHECK(is_inside(field, scaled(&of->nest->parameters[k], own->number[i])), RW_ERR_INPUT,
                     "%s: dynamics_params/%s of population '%s', node %" PRIu64 ": %g %s is outside %g to %g", of->file,
                     own->name, spec->name, i, own->number[i], field->unit, field->min, field->max);
    }
    return RW_OK;
}

/* The value of a parameter for cell i: its own, or its type's. values [types x parameters] are those of the types. */
static double value_of(const rw_sonata_population *of, const double *own, const double *values, size_t parameter,
                       uint64_t i) {
    return own != NULL && !isnan(own[i]) ? scaled(&of->nest->parameters[parameter], own[i])
                                         : values[of->type_row[i] * of->nest->n_parameters + parameter];
}

/* One value if all cells share it, else one each. */
static rw_err make_value(rw_sonata_reader *reader, size_t population, const double *values, size_t parameter,
                         rw_value *value) {
    const rw_sonata_population *of = &reader->populations[population];
    const double *own = own_values(of, of->nest->parameters[parameter].name);
    uint64_t count = reader->scenario->populations[population].count;
    double *table = NULL;
    bool equal = true;
    *value = (rw_value){.kind = RW_CONSTANT, .min = -HUGE_VAL, .max = HUGE_VAL};
    value->a = value_of(of, own, values, parameter, 0);
    for (uint64_t i = 1; i < count && equal; i++)
        equal = value_of(of, own, values, parameter, i) == value->a;
    if (equal)
        return RW_OK;
    RW_TRY(RW_ARENA_NEW(reader->arena, table, count));
    for (uint64_t i = 0; i < count; i++)
        table[i] = value_of(of, own, values, parameter, i);
    *value = (rw_value){.kind = RW_TABLE, .min = -HUGE_VAL, .max = HUGE_VAL, .table = table};
    return RW_OK;
}

/* Settings of one owner, from the values of all types. */
static rw_err make_settings(rw_sonata_reader *reader, size_t population, const double *values, rw_sonata_owner owner,
                            const rw_setting **settings, size_t *n_settings) {
    const rw_sonata_nest *nest = reader->populations[population].nest;
    rw_setting *list = NULL;
    RW_TRY(RW_ARENA_NEW(reader->arena, list, nest->n_parameters));
    *n_settings = 0;
    for (size_t k = 0; k < nest->n_parameters; k++) {
        if (nest->parameters[k].owner != owner)
            continue;
        rw_setting *setting = &list[(*n_settings)++];
        setting->field = rw_model_field(owner_of(nest, &nest->parameters[k]), nest->parameters[k].field);
        RW_TRY(make_value(reader, population, values, k, &setting->value));
    }
    *settings = list;
    return RW_OK;
}

static rw_err make_receptors(rw_sonata_reader *reader, size_t population, const double *values) {
    const rw_sonata_nest *nest = reader->populations[population].nest;
    rw_population_spec *spec = &reader->scenario->populations[population];
    rw_model_spec *receptors = NULL;
    RW_TRY(RW_ARENA_NEW(reader->arena, receptors, 2));
    receptors[0].model = rw_registry_find(RW_RECEPTOR, nest->exc);
    receptors[1].model = rw_registry_find(RW_RECEPTOR, nest->inh);
    RW_TRY(
        make_settings(reader, population, values, RW_SONATA_OF_EXC, &receptors[0].settings, &receptors[0].n_settings));
    RW_TRY(
        make_settings(reader, population, values, RW_SONATA_OF_INH, &receptors[1].settings, &receptors[1].n_settings));
    spec->receptors = receptors;
    spec->n_receptors = 2;
    return RW_OK;
}

/* Every name in the tables above must exist; a model that lost a field would be a bug here. */
static void assert_known(const rw_sonata_nest *nest) {
    for (size_t k = 0; k < nest->n_parameters; k++) {
        const rw_model *model = owner_of(nest, &nest->parameters[k]);
        RW_ASSERT(model != NULL && rw_model_field(model, nest->parameters[k].field) != RW_NO_FIELD);
    }
}

rw_err rw_sonata_nest_settings(rw_sonata_reader *reader, size_t population) {
    rw_sonata_population *of = &reader->populations[population];
    rw_population_spec *spec = &reader->scenario->populations[population];
    double *values = NULL;
    assert_known(of->nest);
    RW_TRY(RW_ARENA_NEW(reader->arena, values, of->types.n_rows * of->nest->n_parameters));
    RW_TRY(RW_ARENA_NEW(reader->arena, of->n_receptors, of->types.n_rows));
    RW_TRY(read_types(reader, population, values));
    RW_TRY(check_own(of, spec));
    spec->model = rw_registry_find(RW_NEURON, of->nest->model);
    RW_TRY(make_settings(reader, population, values, RW_SONATA_OF_CELL, &spec->settings, &spec->n_settings));
    return of->nest->conductance ? make_receptors(reader, population, values) : RW_OK;
}
