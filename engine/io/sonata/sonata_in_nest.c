#include "io/sonata/sonata_in_nest.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "io/sonata/sonata_in_config.h"
#include "io/sonata/sonata_in_table.h"
#include "io/sonata/sonata_reader.h"
#include "model/registry.h"

/* Defaults are those of NEST 3. V_m is among them: NEST keeps the initial potential when E_L is set, so cells start at
 * the model's default and not at their own E_L. SonataNetwork of NEST ignores conditions.v_init, and so do we. */

/* iaf_psc_delta has all but the last two. */
static const rw_sonata_parameter psc_parameters[] = {
    {"C_m", RW_SONATA_OF_CELL, "C_m", 250.0},
    {"tau_m", RW_SONATA_OF_CELL, "tau_m", 10.0},
    {"E_L", RW_SONATA_OF_CELL, "E_L", -70.0},
    {"V_th", RW_SONATA_OF_CELL, "V_th", -55.0},
    {"V_reset", RW_SONATA_OF_CELL, "V_reset", -70.0},
    {"t_ref", RW_SONATA_OF_CELL, "t_ref", 2.0},
    {"I_e", RW_SONATA_OF_CELL, "I_e", 0.0},
    {"V_m", RW_SONATA_OF_CELL, "V_m", -70.0},
    {"tau_syn_ex", RW_SONATA_OF_CELL, "tau_syn_ex", 2.0},
    {"tau_syn_in", RW_SONATA_OF_CELL, "tau_syn_in", 2.0},
};

static const rw_sonata_parameter iaf_cond_parameters[] = {
    {"C_m", RW_SONATA_OF_CELL, "C_m", 250.0},
    {"g_L", RW_SONATA_OF_CELL, "g_L", 16.6667},
    {"E_L", RW_SONATA_OF_CELL, "E_L", -70.0},
    {"V_th", RW_SONATA_OF_CELL, "V_th", -55.0},
    {"V_reset", RW_SONATA_OF_CELL, "V_reset", -60.0},
    {"t_ref", RW_SONATA_OF_CELL, "t_ref", 2.0},
    {"I_e", RW_SONATA_OF_CELL, "I_e", 0.0},
    {"V_m", RW_SONATA_OF_CELL, "V_m", -70.0},
    {"tau_syn_ex", RW_SONATA_OF_EXC, "tau_decay", 0.2},
    {"E_ex", RW_SONATA_OF_EXC, "E_rev", 0.0},
    {"g_ex", RW_SONATA_OF_EXC, "g", 0.0},
    {"tau_syn_in", RW_SONATA_OF_INH, "tau_decay", 2.0},
    {"E_in", RW_SONATA_OF_INH, "E_rev", -85.0},
    {"g_in", RW_SONATA_OF_INH, "g", 0.0},
};

static const rw_sonata_parameter aeif_parameters[] = {
    {"C_m", RW_SONATA_OF_CELL, "C_m", 281.0},
    {"g_L", RW_SONATA_OF_CELL, "g_L", 30.0},
    {"E_L", RW_SONATA_OF_CELL, "E_L", -70.6},
    {"V_th", RW_SONATA_OF_CELL, "V_T", -50.4},
    {"Delta_T", RW_SONATA_OF_CELL, "Delta_T", 2.0},
    {"tau_w", RW_SONATA_OF_CELL, "tau_w", 144.0},
    {"a", RW_SONATA_OF_CELL, "a", 4.0},
    {"b", RW_SONATA_OF_CELL, "b", 80.5},
    {"V_reset", RW_SONATA_OF_CELL, "V_reset", -60.0},
    {"V_peak", RW_SONATA_OF_CELL, "V_peak", 0.0},
    {"t_ref", RW_SONATA_OF_CELL, "t_ref", 0.0},
    {"I_e", RW_SONATA_OF_CELL, "I_e", 0.0},
    {"V_m", RW_SONATA_OF_CELL, "V_m", -70.6},
    {"w", RW_SONATA_OF_CELL, "w", 0.0},
    {"tau_syn_ex", RW_SONATA_OF_EXC, "tau_decay", 0.2},
    {"E_ex", RW_SONATA_OF_EXC, "E_rev", 0.0},
    {"g_ex", RW_SONATA_OF_EXC, "g", 0.0},
    {"tau_syn_in", RW_SONATA_OF_INH, "tau_decay", 2.0},
    {"E_in", RW_SONATA_OF_INH, "E_rev", -85.0},
    {"g_in", RW_SONATA_OF_INH, "g", 0.0},
};

/* The first three are the same equations solved exactly on the same grid; the last two are the same equations, which
 * NEST solves by an adaptive Runge-Kutta method. */
static const char excitatory[] = "ampa", inhibitory[] = "gaba_a"; /* receptors of cells with conductances */
static const rw_sonata_nest models[] = {
    {"iaf_psc_alpha", "lif_psc_alpha", false, "exc", "inh", psc_parameters, RW_COUNT(psc_parameters)},
    {"iaf_psc_exp", "lif_psc_exp", false, "exc", "inh", psc_parameters, RW_COUNT(psc_parameters)},
    {"iaf_psc_delta", "lif_psc_delta", false, "delta", "delta", psc_parameters, RW_COUNT(psc_parameters) - 2},
    {"iaf_cond_exp", "lif_cond", true, excitatory, inhibitory, iaf_cond_parameters, RW_COUNT(iaf_cond_parameters)},
    {"aeif_cond_exp", "adex", true, excitatory, inhibitory, aeif_parameters, RW_COUNT(aeif_parameters)},
};

const char *rw_sonata_nest_list(void) {
    return "nest:iaf_psc_alpha, nest:iaf_psc_exp, nest:iaf_psc_delta, nest:iaf_cond_exp, nest:aeif_cond_exp";
}

const rw_sonata_nest *rw_sonata_nest_find(const char *template) {
    const char *name = strncmp(template, "nest:", 5) == 0 ? template + 5 : template;
    for (size_t k = 0; k < RW_COUNT(models); k++) {
        if (strcmp(models[k].name, name) == 0)
            return &models[k];
    }
    return NULL;
}

/* ---- parameter files ---- */

static size_t find_parameter(const rw_sonata_nest *nest, const char *name) {
    for (size_t k = 0; k < nest->n_parameters; k++) {
        if (strcmp(nest->parameters[k].name, name) == 0)
            return k;
    }
    return SIZE_MAX;
}

static rw_err unknown_parameter(rw_sonata_reader *reader, const rw_sonata_nest *nest, const rw_node *node) {
    enum { MOST = 32 };
    const char *names[MOST];
    char list[256] = "";
    RW_ASSERT(nest->n_parameters <= MOST);
    for (size_t k = 0; k < nest->n_parameters; k++) {
        names[k] = nest->parameters[k].name;
        size_t used = strlen(list);
        (void)snprintf(list + used, sizeof list - used, "%s%s", k > 0 ? ", " : "", names[k]);
    }
    const char *meant = rw_nearest(node->key, names, nest->n_parameters);
    return rw_sonata_json_wrong(reader, node, "nest:%s has no parameter '%s' here%s%s%s; it has %s", nest->name,
                                node->key, meant != NULL ? ", did you mean '" : "", meant != NULL ? meant : "",
                                meant != NULL ? "'" : "", list);
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

/* Takes over what one parameter file sets. values [n_parameters] hold the defaults. */
static rw_err read_parameters(rw_sonata_reader *reader, const rw_sonata_nest *nest, const char *path, double *values) {
    rw_sonata_json json;
    RW_TRY(rw_sonata_json_read(reader, &json, path));
    for (const rw_node *node = json.root->first; node != NULL; node = node->next) {
        size_t k = find_parameter(nest, node->key);
        if (k == SIZE_MAX)
            return unknown_parameter(reader, nest, node);
        RW_TRY(rw_sonata_json_number(reader, node, &values[k]));
        const rw_model *model = owner_of(nest, &nest->parameters[k]);
        const rw_field *field = &model->fields[rw_model_field(model, nest->parameters[k].field)];
        if (!(values[k] >= field->min && values[k] <= field->max))
            return rw_sonata_json_wrong(reader, node, "%g %s is outside %g to %g", values[k], field->unit, field->min,
                                        field->max);
    }
    return RW_OK;
}

/* Values of every type that has cells, type after type. values [n_rows x n_parameters]. */
static rw_err read_types(rw_sonata_reader *reader, size_t population, const bool *used, double *values) {
    const rw_sonata_population *of = &reader->populations[population];
    size_t n = of->nest->n_parameters;
    for (size_t row = 0; row < of->types.n_rows; row++) {
        const char *file = rw_sonata_table_cell(&of->types, row, "dynamics_params");
        if (!used[row])
            continue;
        for (size_t k = 0; k < n; k++)
            values[row * n + k] = of->nest->parameters[k].value;
        if (file == NULL)
            continue;
        const char *path;
        rw_err err = rw_sonata_component(reader, "point_neuron_models_dir", file, &path);
        if (err == RW_OK)
            err = read_parameters(reader, of->nest, path, values + row * n);
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

/* Checks dynamics_params of single nodes. */
static rw_err check_own(const rw_sonata_population *of, const rw_population_spec *spec) {
    for (size_t p = 0; p < of->n_parameters; p++) {
        const rw_sonata_attribute *own = &of->parameters[p];
        size_t k = find_parameter(of->nest, own->name);
        RW_CHECK(k != SIZE_MAX, RW_ERR_INPUT,
                 "%s: dynamics_params/%s of population '%s': nest:%s has no parameter '%s' here", of->file, own->name,
                 spec->name, of->nest->name, own->name);
        const rw_model *model = owner_of(of->nest, &of->nest->parameters[k]);
        const rw_field *field = &model->fields[rw_model_field(model, of->nest->parameters[k].field)];
        for (uint64_t i = 0; i < spec->count; i++)
            RW_CHECK(isnan(own->number[i]) || (own->number[i] >= field->min && own->number[i] <= field->max),
                     RW_ERR_INPUT,
                     "%s: dynamics_params/%s of population '%s', node %" PRIu64 ": %g %s is outside %g to %g", of->file,
                     own->name, spec->name, i, own->number[i], field->unit, field->min, field->max);
    }
    return RW_OK;
}

/* The value of a parameter for cell i: its own, or its type's. values [types x parameters] are those of the types. */
static double value_of(const rw_sonata_population *of, const double *own, const double *values, size_t parameter,
                       uint64_t i) {
    return own != NULL && !isnan(own[i]) ? own[i] : values[of->type_row[i] * of->nest->n_parameters + parameter];
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
    const rw_sonata_population *of = &reader->populations[population];
    rw_population_spec *spec = &reader->scenario->populations[population];
    double *values = NULL;
    bool *used = NULL;
    assert_known(of->nest);
    RW_TRY(RW_ARENA_NEW(reader->arena, values, of->types.n_rows * of->nest->n_parameters));
    RW_TRY(RW_ARENA_NEW(reader->arena, used, of->types.n_rows));
    for (uint64_t i = 0; i < spec->count; i++)
        used[of->type_row[i]] = true;
    RW_TRY(read_types(reader, population, used, values));
    RW_TRY(check_own(of, spec));
    spec->model = rw_registry_find(RW_NEURON, of->nest->model);
    RW_TRY(make_settings(reader, population, values, RW_SONATA_OF_CELL, &spec->settings, &spec->n_settings));
    return of->nest->conductance ? make_receptors(reader, population, values) : RW_OK;
}
