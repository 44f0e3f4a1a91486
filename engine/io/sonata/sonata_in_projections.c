#include "io/sonata/sonata_in_projections.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/path.h"
#include "io/input_files.h"
#include "io/sonata/sonata_in_config.h"
#include "io/sonata/sonata_in_edges.h"
#include "io/sonata/sonata_in_keys.h"
#include "io/sonata/sonata_in_models.h"
#include "io/sonata/sonata_in_nodes.h"
#include "io/sonata/sonata_in_table.h"
#include "io/sonata/sonata_reader.h"
#include "model/registry.h"

/* ---- types ---- */

/* What an edge type says; NEST's defaults if it says nothing. */
typedef struct {
    double weight, delay_ms, n_synapses;
    double sign;       /* of synapses onto cells of NEURON */
    uint64_t receptor; /* receptor_type; 0: the weight's sign chooses */
} edge_type;

/* Parameters of BMTK's synapses onto artificial cells of NEURON. */
static rw_err read_event_file(rw_sonata_reader *reader, const rw_sonata_json *json, edge_type *type) {
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
                                edge_type *type) {
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

static rw_err read_type(rw_sonata_reader *reader, const rw_sonata_table *types, size_t row, const rw_sonata_nest *nest,
                        edge_type *type) {
    /* weight and delay: NEST's static_synapse */
    *type = (edge_type){.weight = 1.0, .delay_ms = 1.0, .n_synapses = 1.0, .sign = 1.0};
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

/* ---- projections ---- */

/* An edge population on its way to projections. */
typedef struct {
    const char *file, *group, *name;
    rw_mark mark;
    uint32_t source, target;
    uint64_t count;
    const uint64_t *source_id, *target_id;
    const float *weight;
    const uint32_t *delay_steps;
    const uint8_t *port; /* [count] on which of its target's ports the edge acts */
} edge_list;

/* Ports of a cell: where weights >= 0 and weights < 0 act, or the receptors of a GLIF cell. */
enum { MOST_PORTS = 4 };

static rw_err find_end(rw_sonata_reader *reader, const rw_h5_location *group, const char *column,
                       uint32_t *population) {
    const char *name;
    RW_TRY(rw_h5_read_text(group, column, "node_population", reader->arena, &name));
    size_t p = rw_sonata_population_find(reader->scenario, name);
    RW_CHECK(p != SIZE_MAX, RW_ERR_INPUT, "%s: dataset %s/%s: node_population '%s' is in no nodes file of the circuit",
             group->file, group->group, column, name);
    *population = (uint32_t)p;
    return RW_OK;
}

/* An edge's own value, or its type's. */
static double own_or(const double *own, uint64_t e, double of_type) {
    return own != NULL && !isnan(own[e]) ? own[e] : of_type;
}

static rw_err convert(const rw_sonata_reader *reader, const edge_list *list, const rw_sonata_edges *edges,
                      const edge_type *types, const uint32_t *rows, float *weight, uint32_t *delay_steps) {
    double step_ms = reader->scenario->step_ms;
    for (uint64_t e = 0; e < edges->count; e++) {
        const edge_type *type = &types[rows[e]];
        double w = own_or(edges->weight, e, type->weight);
        double d = own_or(edges->delay_ms, e, type->delay_ms);
        double n = own_or(edges->n_synapses, e, type->n_synapses);
        RW_CHECK(n >= 0.0 && isfinite(n * w) && fabs(n * w) <= 1e30, RW_ERR_INPUT,
                 "%s: %s, edge %" PRIu64 ": a weight of %g times %g synapses is out of range", list->file, list->group,
                 e, w, n);
        double steps = floor(d / step_ms + 0.5);
        RW_CHECK(steps >= 1.0 && steps < 0x1p31, RW_ERR_INPUT,
                 "%s: %s, edge %" PRIu64 ": a delay of %g ms is %s; delays are at least one step of %g ms", list->file,
                 list->group, e, d, steps < 1.0 ? "too short" : "too long", step_ms);
        weight[e] = (float)(n * w * type->sign);
        delay_steps[e] = (uint32_t)steps;
    }
    return RW_OK;
}

/* Chooses the port of each edge: by receptor_type onto cells that have receptors, otherwise by the weight's sign, as
 * NEST does. */
static rw_err choose_ports(const rw_sonata_reader *reader, const edge_list *list, const rw_sonata_edges *edges,
                           const edge_type *types, const uint32_t *rows, const float *weight, uint8_t *port) {
    const rw_sonata_population *of = &reader->populations[list->target];
    bool one_port = strcmp(of->nest->exc, of->nest->inh) == 0;
    for (uint64_t e = 0; e < edges->count; e++) {
        uint64_t receptor = types[rows[e]].receptor;
        unsigned n_receptors = of->n_receptors[of->type_row[edges->target[e]]];
        RW_CHECK(n_receptors > 0 || receptor == 0, RW_ERR_INPUT,
                 "%s: %s, edge %" PRIu64 ": receptor_type is %" PRIu64
                 ", but its target has no receptors to choose from",
                 list->file, list->group, e, receptor);
        RW_CHECK(n_receptors == 0 || (receptor >= 1 && receptor <= n_receptors), RW_ERR_INPUT,
                 "%s: %s, edge %" PRIu64 ": receptor_type is %" PRIu64
                 "; that of its target is from 1 to %u, as long as "
                 "its tau_syn is",
                 list->file, list->group, e, receptor, n_receptors);
        port[e] = n_receptors > 0 ? (uint8_t)(receptor - 1) : !one_port && weight[e] < 0.0f;
    }
    return RW_OK;
}

/* Translates types, weights and delays. */
static rw_err resolve(rw_sonata_reader *reader, const rw_h5_location *group, const rw_sonata_table *table,
                      const rw_sonata_edges *edges, edge_list *list) {
    edge_type *types = NULL;
    uint32_t *rows = NULL, *delay_steps = NULL;
    float *weight = NULL;
    uint8_t *port = NULL;
    bool *used = NULL;
    RW_TRY(RW_ARENA_NEW(reader->arena, port, edges->count));
    RW_TRY(RW_ARENA_NEW(reader->arena, types, table->n_rows));
    RW_TRY(RW_ARENA_NEW(reader->arena, used, table->n_rows));
    RW_TRY(RW_ARENA_NEW(reader->arena, weight, edges->count));
    RW_TRY(RW_ARENA_NEW(reader->arena, delay_steps, edges->count));
    RW_TRY(RW_NEW(rows, edges->count, "edges"));
    rw_err err = rw_sonata_table_rows(table, group, "edge_type_id", edges->count, edges->type_id, rows);
    for (uint64_t e = 0; e < edges->count && err == RW_OK; e++)
        used[rows[e]] = true;
    for (size_t row = 0; row < table->n_rows && err == RW_OK; row++)
        err = used[row] ? read_type(reader, table, row, reader->populations[list->target].nest, &types[row]) : RW_OK;
    if (err == RW_OK)
        err = convert(reader, list, edges, types, rows, weight, delay_steps);
    if (err == RW_OK)
        err = choose_ports(reader, list, edges, types, rows, weight, port);
    rw_free(rows);
    list->count = edges->count;
    list->weight = weight;
    list->delay_steps = delay_steps;
    list->port = port;
    return err;
}

static rw_err copy_ids(rw_arena *arena, const uint64_t *ids, uint64_t count, const uint64_t **copy) {
    uint64_t *list = NULL;
    RW_TRY(RW_ARENA_NEW(arena, list, count));
    if (count > 0)
        memcpy(list, ids, count * sizeof *list);
    *copy = list;
    return RW_OK;
}

/* Fills the table of a projection with the edges of a port. Receptors take conductances, which are positive. */
static rw_err make_table(rw_arena *arena, const edge_list *list, unsigned port, bool conductance,
                         rw_edge_table *table) {
    uint64_t count = 0, k = 0;
    for (uint64_t e = 0; e < list->count; e++)
        count += list->port[e] == port;
    uint64_t *source = NULL, *target = NULL;
    float *weight = NULL;
    uint32_t *delay_steps = NULL;
    RW_TRY(RW_ARENA_NEW(arena, source, count));
    RW_TRY(RW_ARENA_NEW(arena, target, count));
    RW_TRY(RW_ARENA_NEW(arena, weight, count));
    RW_TRY(RW_ARENA_NEW(arena, delay_steps, count));
    for (uint64_t e = 0; e < list->count; e++) {
        if (list->port[e] != port)
            continue;
        source[k] = list->source_id[e];
        target[k] = list->target_id[e];
        weight[k] = conductance ? fabsf(list->weight[e]) : list->weight[e];
        delay_steps[k++] = list->delay_steps[e];
    }
    *table = (rw_edge_table){count, source, target, weight, delay_steps};
    return RW_OK;
}

/* The name of a port in our model; of a conductance, its receptor's. */
static const char *port_name(const rw_sonata_nest *nest, unsigned port) {
    static const char *const receptors[MOST_PORTS] = {"syn_1", "syn_2", "syn_3", "syn_4"};
    return nest->by_receptor ? receptors[port] : port == 0 ? nest->exc : nest->inh;
}

static rw_err make_share(rw_sonata_reader *reader, uint32_t target, unsigned port, const rw_share **shares) {
    const rw_sonata_nest *nest = reader->populations[target].nest;
    rw_share *share = NULL;
    RW_TRY(RW_ARENA_NEW(reader->arena, share, 1));
    share->is_port = !nest->conductance;
    share->share = 1.0;
    share->index =
        nest->conductance ? port : rw_model_field(reader->scenario->populations[target].model, port_name(nest, port));
    RW_ASSERT(share->index != RW_NO_FIELD);
    *shares = share;
    return RW_OK;
}

static rw_err add_projection(rw_sonata_reader *reader, const edge_list *list, unsigned port, bool inhibitory,
                             const char *suffix) {
    rw_scenario *scenario = reader->scenario;
    rw_projection_spec *spec = &scenario->projections[scenario->n_projections];
    *spec = (rw_projection_spec){.mark = list->mark,
                                 .source = list->source,
                                 .target = list->target,
                                 .rule = RW_CONNECT_TABLE,
                                 .kernel.cutoff_um = HUGE_VAL,
                                 .autapses = true,
                                 .multapses = true,
                                 .n_shares = 1,
                                 .inhibitory = inhibitory,
                                 .search.cutoff_um = HUGE_VAL};
    size_t size = strlen(list->name) + strlen(suffix) + 1;
    char *name = NULL;
    RW_TRY(RW_ARENA_NEW(reader->arena, name, size));
    (void)snprintf(name, size, "%s%s", list->name, suffix);
    spec->name = name;
    for (size_t p = 0; p < scenario->n_projections; p++)
        RW_CHECK(strcmp(scenario->projections[p].name, name) != 0, RW_ERR_INPUT,
                 "%s: edge population '%s' exists already in another edges file", list->file, name);
    bool conductance = reader->populations[list->target].nest->conductance;
    RW_TRY(make_table(reader->arena, list, port, conductance, &spec->table));
    RW_TRY(make_share(reader, list->target, port, &spec->shares));
    scenario->n_projections++;
    return RW_OK;
}

/* One projection, or one for each port that has edges. It inhibits if all of its weights are negative. */
static rw_err make_projections(rw_sonata_reader *reader, const edge_list *list) {
    const rw_sonata_nest *nest = reader->populations[list->target].nest;
    uint64_t edges[MOST_PORTS] = {0}, negative[MOST_PORTS] = {0};
    unsigned n_used = 0;
    for (uint64_t e = 0; e < list->count; e++) {
        edges[list->port[e]]++;
        negative[list->port[e]] += list->weight[e] < 0.0f;
    }
    for (unsigned port = 0; port < MOST_PORTS; port++)
        n_used += edges[port] > 0;
    if (n_used == 0)
        return add_projection(reader, list, 0, false, "");
    for (unsigned port = 0; port < MOST_PORTS; port++) {
        char suffix[16];
        const char *name = nest->by_receptor ? port_name(nest, port) : port == 0 ? "exc" : "inh";
        (void)snprintf(suffix, sizeof suffix, "__%s", name);
        if (edges[port] > 0)
            RW_TRY(add_projection(reader, list, port,
                                  negative[port] == edges[port] && strcmp(nest->exc, nest->inh) != 0,
                                  n_used > 1 ? suffix : ""));
    }
    return RW_OK;
}

/* ---- columns ---- */

static const rw_sonata_columns edge_columns = {
    .acts = "edge_type_id syn_weight delay nsyns dynamics_params model_template weight_function",
    .misnamed = "weight weights conductance conductance_scale_factor receptor_type weight_sigma synaptic_weight",
    .labels = "target_query source_query source_population target_population",
    .tells = true};

static rw_err check_columns(rw_sonata_reader *reader, const rw_sonata_table *types) {
    for (size_t k = 0; k < types->n_columns; k++) {
        bool empty = true;
        for (size_t row = 0; row < types->n_rows; row++)
            empty = empty && rw_sonata_table_cell(types, row, types->columns[k]) == NULL;
        if (!empty)
            RW_TRY(rw_sonata_column_check(reader, &edge_columns, types->file, types->columns[k]));
    }
    return RW_OK;
}

/* Datasets of the edges' groups, and parameters of single edges. */
static rw_err check_attributes(rw_sonata_reader *reader, const rw_sonata_edges *edges, const rw_h5_location *group) {
    static const rw_sonata_columns parameters = {.acts = "weight delay", .misnamed = "syn_weight receptor_type"};
    const char *const *names;
    size_t n;
    const char *place = rw_path_of("%s: %s", group->file, group->group).text;
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

/* ---- files ---- */

static rw_err read_population(rw_sonata_reader *reader, const rw_h5_location *group, const rw_sonata_table *types,
                              edge_list *list) {
    const rw_scenario *scenario = reader->scenario;
    rw_sonata_edges edges;
    RW_TRY(find_end(reader, group, "source_node_id", &list->source));
    RW_TRY(find_end(reader, group, "target_node_id", &list->target));
    RW_CHECK(reader->populations[list->target].nest != NULL, RW_ERR_INPUT,
             "%s: edges %s end on the virtual cells of '%s', which have no synapses", group->file, group->group,
             scenario->populations[list->target].name);
    RW_TRY(rw_sonata_edges_load(&edges, group, scenario->populations[list->source].count,
                                scenario->populations[list->target].count));
    rw_err err = check_attributes(reader, &edges, group);
    if (err == RW_OK)
        err = resolve(reader, group, types, &edges, list);
    if (err == RW_OK)
        err = copy_ids(reader->arena, edges.source, edges.count, &list->source_id);
    if (err == RW_OK)
        err = copy_ids(reader->arena, edges.target, edges.count, &list->target_id);
    rw_sonata_edges_free(&edges);
    return err == RW_OK ? make_projections(reader, list) : err;
}

/* Reserves capacity for n more projections. */
static rw_err grow(rw_sonata_reader *reader, size_t n) {
    rw_scenario *scenario = reader->scenario;
    rw_projection_spec *specs = NULL;
    RW_TRY(RW_ARENA_NEW(reader->arena, specs, scenario->n_projections + n));
    for (size_t p = 0; p < scenario->n_projections; p++)
        specs[p] = scenario->projections[p];
    scenario->projections = specs;
    return RW_OK;
}

static rw_err read_edges_group(rw_sonata_reader *reader, const rw_h5_location *edges, rw_mark mark,
                               const rw_sonata_table *types) {
    const char *const *names;
    size_t n_names;
    RW_TRY(rw_h5_groups(edges, reader->arena, &names, &n_names));
    RW_TRY(grow(reader, MOST_PORTS * n_names));
    for (size_t k = 0; k < n_names; k++) {
        rw_h5_location group;
        RW_TRY(rw_h5_open_group(&group, edges, names[k]));
        edge_list list = {.file = group.file, .group = group.group, .name = names[k], .mark = mark};
        rw_err err = read_population(reader, &group, types, &list);
        rw_h5_close(&group);
        RW_TRY(err);
    }
    return RW_OK;
}

static rw_err read_edges_file(rw_sonata_reader *reader, const rw_node *entry) {
    const rw_node *file_node, *types_node;
    const char *file, *types_file;
    rw_sonata_table types;
    rw_h5_location root, edges;
    if (rw_sonata_json_disabled(entry))
        return RW_OK;
    RW_TRY(rw_sonata_json_need(reader, entry, "edges_file", RW_NODE_SCALAR, &file_node));
    RW_TRY(rw_sonata_json_need(reader, entry, "edge_types_file", RW_NODE_SCALAR, &types_node));
    RW_TRY(rw_sonata_json_path(reader, &reader->circuit, file_node, &file));
    RW_TRY(rw_sonata_json_path(reader, &reader->circuit, types_node, &types_file));
    RW_TRY(rw_input_files_add(&reader->scenario->inputs_read, reader->arena, types_file));
    RW_TRY(rw_input_files_add(&reader->scenario->inputs_read, reader->arena, file));
    RW_TRY(rw_sonata_table_read(&types, reader->arena, types_file, ' ', "edge_type_id"));
    RW_TRY(check_columns(reader, &types));
    RW_TRY(rw_h5_open(&root, file, RW_SONATA));
    rw_err err = rw_h5_open_group(&edges, &root, "edges");
    if (err == RW_OK) {
        err = read_edges_group(reader, &edges, file_node->mark, &types);
        rw_h5_close(&edges);
    }
    rw_h5_close(&root);
    return err;
}

rw_err rw_sonata_read_edges(rw_sonata_reader *reader) {
    const rw_node *networks, *edges;
    RW_TRY(rw_sonata_json_need(reader, reader->circuit.root, "networks", RW_NODE_MAP, &networks));
    if (rw_node_get(networks, "edges") == NULL)
        return RW_OK;
    RW_TRY(rw_sonata_json_need(reader, networks, "edges", RW_NODE_LIST, &edges));
    for (const rw_node *entry = edges->first; entry != NULL; entry = entry->next)
        RW_TRY(read_edges_file(reader, entry));
    return RW_OK;
}
