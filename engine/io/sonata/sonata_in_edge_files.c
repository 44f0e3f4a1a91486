#include "io/sonata/sonata_in_edge_files.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "io/input_files.h"
#include "io/sonata/sonata_in_config.h"
#include "io/sonata/sonata_in_edge_types.h"
#include "io/sonata/sonata_in_edges.h"
#include "io/sonata/sonata_in_models.h"
#include "io/sonata/sonata_in_nodes.h"
#include "io/sonata/sonata_in_projections.h"
#include "io/sonata/sonata_in_table.h"

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

static rw_err convert(const rw_sonata_reader *reader, const rw_sonata_edge_list *list, const rw_sonata_edges *edges,
                      const rw_sonata_edge_type *types, const uint32_t *rows, float *weight, uint32_t *delay_steps) {
    double step_ms = reader->scenario->step_ms;
    for (uint64_t e = 0; e < edges->count; e++) {
        const rw_sonata_edge_type *type = &types[rows[e]];
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
static rw_err choose_ports(const rw_sonata_reader *reader, const rw_sonata_edge_list *list,
                           const rw_sonata_edges *edges, const rw_sonata_edge_type *types, const uint32_t *rows,
                           const float *weight, uint8_t *port) {
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
                      const rw_sonata_edges *edges, rw_sonata_edge_list *list) {
    rw_sonata_edge_type *types = NULL;
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
        err = used[row]
                  ? rw_sonata_edge_type_read(reader, table, row, reader->populations[list->target].nest, &types[row])
                  : RW_OK;
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

/* ---- files ---- */

static rw_err read_population(rw_sonata_reader *reader, const rw_h5_location *group, const rw_sonata_table *types,
                              rw_sonata_edge_list *list) {
    const rw_scenario *scenario = reader->scenario;
    rw_sonata_edges edges;
    RW_TRY(find_end(reader, group, "source_node_id", &list->source));
    RW_TRY(find_end(reader, group, "target_node_id", &list->target));
    RW_CHECK(reader->populations[list->target].nest != NULL, RW_ERR_INPUT,
             "%s: edges %s end on the virtual cells of '%s', which have no synapses", group->file, group->group,
             scenario->populations[list->target].name);
    RW_TRY(rw_sonata_edges_load(&edges, group, scenario->populations[list->source].count,
                                scenario->populations[list->target].count));
    rw_err err = rw_sonata_edge_attributes_check(reader, &edges, group);
    if (err == RW_OK)
        err = resolve(reader, group, types, &edges, list);
    if (err == RW_OK)
        err = copy_ids(reader->arena, edges.source, edges.count, &list->source_id);
    if (err == RW_OK)
        err = copy_ids(reader->arena, edges.target, edges.count, &list->target_id);
    rw_sonata_edges_free(&edges);
    return err == RW_OK ? rw_sonata_projections_make(reader, list) : err;
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
    RW_TRY(grow(reader, RW_SONATA_PORTS * n_names));
    for (size_t k = 0; k < n_names; k++) {
        rw_h5_location group;
        RW_TRY(rw_h5_open_group(&group, edges, names[k]));
        rw_sonata_edge_list list = {.file = group.file, .group = group.group, .name = names[k], .mark = mark};
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
    RW_TRY(rw_sonata_edge_types_check(reader, &types));
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
