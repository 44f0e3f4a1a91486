#include "io/sonata/sonata_in_edge_types.h"

#include <string.h>

#include "base/path.h"
#include "io/sonata/sonata_in_config.h"
#include "io/sonata/sonata_in_keys.h"

/* Parameters of BMTK's synapses onto artificial cells of NEURON. */
static rw_err read_event_file(rw_sonata_reader *reader, const rw_sonata_json *json, rw_sonata_edge_type *type) {
    for (const rw_node *node = json->root->first; node != NULL; node = node->next) {
        if (strcmp(node->key, "sign") == 0)
            RW_TRY(rw_sonata_json_number(reader, node, &type->sign));
        else if (strcmp(node->key, "level_of_detail") != 0 || node->kind != RW_NODE_SCALAR ||
                 strcmp(node->text, "instantaneous") != 0)
            return rw_sonata_json_wrong(
                reader, node,
                "a synapse onto an artificial cell has sign and level_of_detail 'instantaneous' "
                "only");
    }
    return RW_OK;
}

/* Parameters of the synapses onto cells of `nest` that a file may set. */
static rw_err read_synapse_file(rw_sonata_reader *reader, const char *path, const rw_sonata_nest *nest,
                                rw_sonata_edge_type *type) {
    rw_sonata_json json;
    RW_TRY(rw_sonata_json_read(reader, &json, path));
    if (strcmp(nest->simulator, "nrn") == 0)
        return read_event_file(reader, &json, type);
    for (const rw_node *node = json.root->first; node != NULL; node = node->next) {
        if (strcmp(node->key, "weight") == 0)
            RW_TRY(rw_sonata_json_number(reader, node, &type->weight));
        else if (strcmp(node->key, "delay") == 0)
            RW_TRY(rw_sonata_json_number(reader, node, &type->delay_ms));
        else if (strcmp(node->key, "receptor_type") == 0)
            RW_TRY(rw_sonata_json_integer(reader, node, &type->receptor));
        else
            return rw_sonata_json_wrong(
                reader, node, "static_synapse has no parameter '%s' here; it has weight, delay, receptor_type",
                node->key);
    }
    return RW_OK;
}

/* BMTK's PointNet has one weight function, which returns syn_weight; circuits bring others as Python code. */
static rw_err check_weight_function(const rw_sonata_table *types, size_t row) {
    const char *name = rw_sonata_table_cell(types, row, "weight_function");
    bool plain = name == NULL || strcmp(name, "default_weight_fnc") == 0 || strcmp(name, "wmax") == 0;
    RW_CHECK(plain, RW_ERR_INPUT,
             "%s:%u: weight_function '%s' is Python code of the circuit, which is not run; write its weights as "
             "syn_weight (default_weight_fnc and wmax, which return syn_weight, are known)",
             types->file, types->lines[row], name);
    return RW_OK;
}

rw_err rw_sonata_edge_type_read(rw_sonata_reader *reader, const rw_sonata_table *types, size_t row,
                                const rw_sonata_nest *nest, rw_sonata_edge_type *type) {
    /* weight and delay: NEST's static_synapse */
    *type = (rw_sonata_edge_type){.weight = 1.0, .delay_ms = 1.0, .n_synapses = 1.0, .sign = 1.0};
    const char *template = rw_sonata_table_cell(types, row, "model_template");
    if (template != NULL && strncmp(template, "nest:", 5) == 0)
        template += 5;
    RW_CHECK(template == NULL || strcmp(template, "static_synapse") == 0, RW_ERR_INPUT,
             "%s:%u: model_template '%s' is not known; synapses are static_synapse", types->file, types->lines[row],
             template);
    RW_TRY(check_weight_function(types, row));
    RW_TRY(rw_sonata_table_number(types, row, "syn_weight", &type->weight));
    RW_TRY(rw_sonata_table_number(types, row, "delay", &type->delay_ms));
    RW_TRY(rw_sonata_table_number(types, row, "nsyns", &type->n_synapses));
    const char *file = rw_sonata_table_cell(types, row, "dynamics_params");
    if (file == NULL)
        return RW_OK;
    const char *path;
    rw_err err = rw_sonata_component(reader, "synaptic_models_dir", file, &path);
    if (err == RW_OK)
        err = read_synapse_file(reader, path, nest, type);
    return err == RW_OK ? err : rw_fail_context(err, "%s:%u: dynamics_params", types->file, types->lines[row]);
}

/* ---- columns ---- */

static const rw_sonata_columns edge_columns = {
    .acts = "edge_type_id syn_weight delay nsyns dynamics_params model_template weight_function",
    .misnamed = "weight weights conductance conductance_scale_factor receptor_type weight_sigma synaptic_weight",
    .labels = "target_query source_query source_population target_population",
    .tells = true};

rw_err rw_sonata_edge_types_check(rw_sonata_reader *reader, const rw_sonata_table *types) {
    for (size_t k = 0; k < types->n_columns; k++) {
        bool empty = true;
        for (size_t row = 0; row < types->n_rows; row++)
            empty = empty && rw_sonata_table_cell(types, row, types->columns[k]) == NULL;
        if (!empty)
            RW_TRY(rw_sonata_column_check(reader, &edge_columns, types->file, types->columns[k]));
    }
    return RW_OK;
}

rw_err rw_sonata_edge_attributes_check(rw_sonata_reader *reader, const rw_sonata_edges *edges,
                                       const rw_h5_location *group) {
    static const rw_sonata_columns parameters = {.acts = "weight delay", .misnamed = "syn_weight receptor_type"};
    const char *const *names;
    size_t n;
    const char *place = rw_path_of("%s: %s", group->file, group->group).text;
    RW_TRY(rw_sonata_groups_check(reader, &edges->groups));
    RW_TRY(rw_sonata_groups_columns(&edges->groups, reader->arena, NULL, &names, &n));
    for (size_t k = 0; k < n; k++)
        RW_TRY(rw_sonata_column_check(reader, &edge_columns, place, names[k]));
    RW_TRY(rw_sonata_groups_columns(&edges->groups, reader->arena, "dynamics_params", &names, &n));
    for (size_t k = 0; k < n; k++) {
        RW_TRY(rw_sonata_column_check(reader, &parameters, place, names[k]));
        RW_CHECK(strcmp(names[k], "weight") == 0 || strcmp(names[k], "delay") == 0, RW_ERR_INPUT,
                 "%s: dynamics_params/%s: static_synapse has no parameter '%s' here; it has weight, delay", place,
                 names[k], names[k]);
    }
    return RW_OK;
}
