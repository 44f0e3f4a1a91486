#include "io/sonata/sonata_in_nodes.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/path.h"
#include "io/hdf5/h5_read.h"
#include "io/input_files.h"
#include "io/sonata/sonata_in_config.h"
#include "io/sonata/sonata_in_keys.h"
#include "io/sonata/sonata_in_models.h"
#include "io/sonata/sonata_in_nest.h"
#include "io/sonata/sonata_in_table.h"
#include "io/sonata/sonata_reader.h"

size_t rw_sonata_population_find(const rw_scenario *scenario, const char *name) {
    for (size_t p = 0; p < scenario->n_populations; p++) {
        if (strcmp(scenario->populations[p].name, name) == 0)
            return p;
    }
    return SIZE_MAX;
}

/* Ids must be the row numbers, because edges and spikes mean rows by them. */
static rw_err check_node_ids(const rw_h5_location *group, uint64_t count, uint64_t *scratch) {
    if (!rw_h5_has(group, "node_id"))
        return RW_OK;
    RW_TRY(rw_h5_read_u64(group, "node_id", count, scratch));
    for (uint64_t i = 0; i < count; i++)
        RW_CHECK(scratch[i] == i, RW_ERR_INPUT,
                 "%s: dataset %s/node_id, row %" PRIu64 ": the id is %" PRIu64 "; ids must count the rows from 0",
                 group->file, group->group, i, scratch[i]);
    return RW_OK;
}

/* Reads the types of the nodes as rows of their table. */
static rw_err read_types(rw_sonata_population *of, rw_arena *arena, const rw_h5_location *group, uint64_t count) {
    uint64_t *ids = NULL;
    uint32_t *rows = NULL;
    RW_TRY(RW_ARENA_NEW(arena, rows, count));
    RW_TRY(RW_NEW(ids, count, "node types"));
    rw_err err = check_node_ids(group, count, ids);
    if (err == RW_OK)
        err = rw_h5_read_u64(group, "node_type_id", count, ids);
    if (err == RW_OK)
        err = rw_sonata_table_rows(&of->types, group, "node_type_id", count, ids, rows);
    of->type_row = rows;
    rw_free(ids);
    return err;
}

/* Reads every dataset of the groups; what is neither numbers nor texts in one dimension can be no label, and is told.
 */
static rw_err read_attributes(rw_sonata_reader *reader, rw_sonata_population *of, const rw_sonata_groups *groups) {
    const char *const *names;
    rw_sonata_attribute *list = NULL;
    size_t n;
    RW_TRY(rw_sonata_groups_columns(groups, reader->arena, NULL, &names, &n));
    RW_TRY(RW_ARENA_NEW(reader->arena, list, n));
    for (size_t k = 0; k < n; k++) {
        if (rw_sonata_groups_readable(groups, names[k]))
            RW_TRY(rw_sonata_groups_read(groups, reader->arena, names[k], &list[of->n_attributes++]));
        else
            RW_TRY(rw_scenario_warn(reader->scenario, "%s: %s: dataset '%s' of its groups is not read",
                                    groups->population->file, groups->population->group, names[k]));
    }
    of->attributes = list;
    return RW_OK;
}

static rw_err read_parameters(rw_sonata_population *of, rw_arena *arena, const rw_sonata_groups *groups) {
    static const char folder[] = "dynamics_params";
    const char *const *names;
    rw_sonata_attribute *list = NULL;
    RW_TRY(rw_sonata_groups_columns(groups, arena, folder, &names, &of->n_parameters));
    RW_TRY(RW_ARENA_NEW(arena, list, of->n_parameters));
    for (size_t k = 0; k < of->n_parameters; k++) {
        list[k].name = names[k];
        RW_TRY(rw_sonata_groups_numbers(groups, arena, folder, names[k], &list[k].number));
    }
    of->parameters = list;
    return RW_OK;
}

static rw_err read_nodes(rw_sonata_reader *reader, rw_sonata_population *of, const rw_h5_location *group,
                         uint64_t *count) {
    rw_sonata_groups groups;
    RW_TRY(rw_h5_read_length(group, "node_type_id", count));
    RW_CHECK(*count > 0, RW_ERR_INPUT, "%s: population %s has no nodes", group->file, group->group);
    RW_CHECK(*count <= UINT32_MAX, RW_ERR_INPUT, "%s: population %s has %" PRIu64 " nodes, more than 2^32 - 1",
             group->file, group->group, *count);
    RW_TRY(read_types(of, reader->arena, group, *count));
    RW_TRY(rw_sonata_groups_load(&groups, reader->arena, group, "node", *count));
    RW_TRY(rw_sonata_groups_check(reader, &groups));
    RW_TRY(read_attributes(reader, of, &groups));
    return read_parameters(of, reader->arena, &groups);
}

void rw_sonata_node_attribute(const rw_sonata_population *of, uint64_t i, const char *column, const char **text,
                              double *number) {
    *text = NULL;
    *number = NAN;
    for (size_t k = 0; k < of->n_attributes; k++) {
        const rw_sonata_attribute *attribute = &of->attributes[k];
        if (strcmp(attribute->name, column) != 0)
            continue;
        *text = attribute->text != NULL ? attribute->text[i] : NULL;
        *number = attribute->number != NULL ? attribute->number[i] : NAN;
    }
    if (*text == NULL && isnan(*number))
        *text = rw_sonata_table_cell(&of->types, of->type_row[i], column);
}

/* ---- model ---- */

static const char *node_text(const rw_sonata_population *of, uint64_t i, const char *column) {
    const char *text;
    double number;
    rw_sonata_node_attribute(of, i, column, &text, &number);
    return text;
}

/* A text that every node must have and agree on; NULL if it is not there. */
static rw_err common_text(const rw_sonata_population *of, uint64_t count, const char *population, const char *column,
                          const char **text) {
    *text = node_text(of, 0, column);
    for (uint64_t i = 1; i < count; i++) {
        const char *other = node_text(of, i, column);
        bool same = *text == NULL ? other == NULL : other != NULL && strcmp(*text, other) == 0;
        RW_CHECK(
            same, RW_ERR_INPUT,
            "%s:%u: population '%s' mixes %s '%s' and '%s'; put cells of different models into populations of their "
            "own",
            of->types.file, of->types.lines[of->type_row[i]], population, column, *text != NULL ? *text : "NULL",
            other != NULL ? other : "NULL");
    }
    return RW_OK;
}

/* Finds the model of each type, and the one that the population has for all. */
static rw_err find_models(rw_sonata_population *of, rw_arena *arena, const char *name, uint64_t count) {
    const rw_sonata_table *types = &of->types;
    RW_TRY(RW_ARENA_NEW(arena, of->type_nest, types->n_rows));
    for (uint64_t i = 0; i < count; i++) {
        const rw_sonata_nest **of_type = &of->type_nest[of->type_row[i]];
        unsigned line = types->lines[of->type_row[i]];
        const char *template = node_text(of, i, "model_template");
        RW_CHECK(template != NULL, RW_ERR_INPUT, "%s:%u: model_template is missing; known are %s", types->file, line,
                 rw_sonata_nest_list());
        const rw_sonata_nest *nest = rw_sonata_nest_find(template);
        RW_CHECK(nest != NULL || strstr(template, "glif") == NULL || strstr(template, "cond") == NULL, RW_ERR_INPUT,
                 "%s:%u: model_template '%s' of population '%s': GLIF cells whose synapses are conductances are not "
                 "simulated; those whose synapses are currents are, nest:glif_psc",
                 types->file, line, template, name);
        RW_CHECK(nest != NULL, RW_ERR_INPUT, "%s:%u: model_template '%s' of population '%s' is not known; known are %s",
                 types->file, line, template, name, rw_sonata_nest_list());
        RW_CHECK(*of_type == NULL || *of_type == nest, RW_ERR_INPUT,
                 "%s: population '%s', node %" PRIu64 ": its model_template '%s' is not that of others of its type",
                 of->file, name, i, template);
        const rw_sonata_nest *common = i == 0 ? nest : rw_sonata_nest_common(of->nest, nest);
        RW_CHECK(common != NULL, RW_ERR_INPUT,
                 "%s:%u: population '%s' mixes model_template '%s:%s' and '%s'; put cells of different models into "
                 "populations of their own",
                 types->file, line, name, of->nest->simulator, of->nest->name, template);
        *of_type = nest;
        of->nest = common;
    }
    return RW_OK;
}

/* Finds the model of a population: virtual cells or an equivalent of NEST's. */
static rw_err find_model(rw_sonata_population *of, rw_arena *arena, const char *name, uint64_t count) {
    const rw_sonata_table *types = &of->types;
    const char *type;
    RW_TRY(common_text(of, count, name, "model_type", &type));
    unsigned line = types->lines[of->type_row[0]];
    RW_CHECK(type != NULL, RW_ERR_INPUT, "%s:%u: model_type is missing; it is virtual, point_neuron or point_process",
             types->file, line);
    if (strcmp(type, "virtual") == 0)
        return RW_OK;
    RW_CHECK(strcmp(type, "biophysical") != 0 && strcmp(type, "single_compartment") != 0, RW_ERR_INPUT,
             "%s:%u: population '%s' has %s cells, with %s; rewire simulates point neurons", types->file, line, name,
             type, strcmp(type, "biophysical") == 0 ? "morphologies" : "channels in a compartment");
    RW_CHECK(strcmp(type, "point_neuron") == 0 || strcmp(type, "point_process") == 0, RW_ERR_INPUT,
             "%s:%u: model_type '%s' of population '%s' is not known; cells are virtual, point_neuron or point_process",
             types->file, line, type, name);
    return find_models(of, arena, name, count);
}

/* Parameters that stand beside dynamics_params would be taken for labels. */
static rw_err check_misplaced(const rw_sonata_population *of, const char *name) {
    static const char misplaced[] =
        "is the name of a parameter, which is read from dynamics_params only; move it there";
    for (size_t k = 0; k < of->n_attributes; k++)
        RW_CHECK(rw_sonata_parameter_find(of->nest, of->attributes[k].name) == SIZE_MAX, RW_ERR_INPUT,
                 "%s: population '%s': column '%s' %s", of->file, name, of->attributes[k].name, misplaced);
    for (size_t k = 0; k < of->types.n_columns; k++)
        RW_CHECK(rw_sonata_parameter_find(of->nest, of->types.columns[k]) == SIZE_MAX, RW_ERR_INPUT,
                 "%s: column '%s' %s", of->types.file, of->types.columns[k], misplaced);
    return RW_OK;
}

/* Other columns are labels, by which node sets may go. */
static rw_err check_columns(rw_sonata_reader *reader, const rw_sonata_population *of, const rw_h5_location *group) {
    static const rw_sonata_columns columns = {.acts = "node_type_id model_type model_template dynamics_params",
                                              .misnamed = "model_processing params dynamics_parameters",
                                              .labels = "model_name model model_id"};
    for (size_t k = 0; k < of->types.n_columns; k++) {
        bool empty = true;
        for (size_t row = 0; row < of->types.n_rows; row++)
            empty = empty && rw_sonata_table_cell(&of->types, row, of->types.columns[k]) == NULL;
        if (!empty)
            RW_TRY(rw_sonata_column_check(reader, &columns, of->types.file, of->types.columns[k]));
    }
    for (size_t k = 0; k < of->n_attributes; k++)
        RW_TRY(rw_sonata_column_check(reader, &columns, rw_path_of("%s: %s", group->file, group->group).text,
                                      of->attributes[k].name));
    return RW_OK;
}

/* ---- populations ---- */

static rw_err check_name(const rw_sonata_reader *reader, const rw_h5_location *group, const char *name) {
    bool printable = name[0] != '\0';
    for (const char *c = name; *c != '\0'; c++)
        printable = printable && (unsigned char)*c >= 0x20 && *c != 0x7F;
    RW_CHECK(printable, RW_ERR_INPUT, "%s: a population's name is empty or has control characters", group->file);
    RW_CHECK(rw_sonata_population_find(reader->scenario, name) == SIZE_MAX, RW_ERR_INPUT,
             "%s: population '%s' exists already in another nodes file", group->file, name);
    return RW_OK;
}

/* Keeps what the files say of the cells for the result. */
static rw_err keep_origin(const rw_sonata_population *of, rw_arena *arena, rw_population_spec *spec) {
    rw_node_origin *origin = NULL;
    rw_node_attribute *attributes = NULL;
    RW_TRY(RW_ARENA_NEW(arena, origin, 1));
    RW_TRY(RW_ARENA_NEW(arena, attributes, of->n_attributes));
    for (size_t k = 0; k < of->n_attributes; k++)
        attributes[k] = (rw_node_attribute){of->attributes[k].name, of->attributes[k].text, of->attributes[k].number};
    *origin = (rw_node_origin){.n_types = of->types.n_rows,
                               .n_columns = of->types.n_columns,
                               .columns = of->types.columns,
                               .cells = of->types.cells,
                               .type_id = of->types.ids,
                               .type_row = of->type_row,
                               .attributes = attributes,
                               .n_attributes = of->n_attributes};
    spec->origin = origin;
    return RW_OK;
}

/* Reads population `name` of a nodes file into the next free entry. */
static rw_err read_population(rw_sonata_reader *reader, const rw_h5_location *nodes, const char *name, rw_mark mark,
                              const rw_sonata_table *types) {
    rw_h5_location group;
    size_t p = reader->scenario->n_populations;
    rw_sonata_population *of = &reader->populations[p];
    rw_population_spec *spec = &reader->scenario->populations[p];
    RW_TRY(check_name(reader, nodes, name));
    RW_TRY(rw_h5_open_group(&group, nodes, name));
    *of = (rw_sonata_population){.file = nodes->file, .types = *types};
    *spec = (rw_population_spec){.mark = mark, .name = name};
    rw_err err = read_nodes(reader, of, &group, &spec->count);
    if (err == RW_OK)
        err = check_columns(reader, of, &group);
    rw_h5_close(&group);
    RW_TRY(err);
    reader->scenario->n_populations++;
    spec->nodes_of_result = "nodes.h5";
    RW_TRY(keep_origin(of, reader->arena, spec));
    RW_TRY(find_model(of, reader->arena, name, spec->count));
    if (of->nest == NULL)
        return RW_OK;
    RW_TRY(check_misplaced(of, name));
    return rw_sonata_nest_settings(reader, p);
}

/* Reserves capacity for n more populations. Arena memory is not freed, but files are few. */
static rw_err grow(rw_sonata_reader *reader, size_t n) {
    rw_scenario *scenario = reader->scenario;
    rw_sonata_population *populations = NULL;
    rw_population_spec *specs = NULL;
    RW_TRY(RW_ARENA_NEW(reader->arena, populations, scenario->n_populations + n));
    RW_TRY(RW_ARENA_NEW(reader->arena, specs, scenario->n_populations + n));
    for (size_t p = 0; p < scenario->n_populations; p++) {
        populations[p] = reader->populations[p];
        specs[p] = scenario->populations[p];
    }
    reader->populations = populations;
    scenario->populations = specs;
    return RW_OK;
}

static rw_err read_nodes_group(rw_sonata_reader *reader, const rw_h5_location *nodes, rw_mark mark,
                               const rw_sonata_table *types) {
    const char *const *names;
    size_t n_names;
    RW_TRY(rw_h5_groups(nodes, reader->arena, &names, &n_names));
    RW_CHECK(n_names > 0, RW_ERR_INPUT, "%s: /nodes holds no population", nodes->file);
    RW_TRY(grow(reader, n_names));
    for (size_t k = 0; k < n_names; k++)
        RW_TRY(read_population(reader, nodes, names[k], mark, types));
    return RW_OK;
}

static rw_err read_nodes_file(rw_sonata_reader *reader, const rw_node *entry) {
    const rw_node *file_node, *types_node;
    const char *file, *types_file;
    rw_sonata_table types;
    rw_h5_location root, nodes;
    RW_TRY(rw_sonata_json_need(reader, entry, "nodes_file", RW_NODE_SCALAR, &file_node));
    RW_TRY(rw_sonata_json_need(reader, entry, "node_types_file", RW_NODE_SCALAR, &types_node));
    RW_TRY(rw_sonata_json_path(reader, &reader->circuit, file_node, &file));
    RW_TRY(rw_sonata_json_path(reader, &reader->circuit, types_node, &types_file));
    RW_TRY(rw_input_files_add(&reader->scenario->inputs_read, reader->arena, types_file));
    RW_TRY(rw_input_files_add(&reader->scenario->inputs_read, reader->arena, file));
    RW_TRY(rw_sonata_table_read(&types, reader->arena, types_file, ' ', "node_type_id"));
    RW_TRY(rw_h5_open(&root, file, RW_SONATA));
    rw_err err = rw_h5_open_group(&nodes, &root, "nodes");
    if (err == RW_OK) {
        err = read_nodes_group(reader, &nodes, file_node->mark, &types);
        rw_h5_close(&nodes);
    }
    rw_h5_close(&root);
    return err;
}

rw_err rw_sonata_read_nodes(rw_sonata_reader *reader) {
    const rw_node *networks, *nodes;
    RW_TRY(rw_sonata_json_need(reader, reader->circuit.root, "networks", RW_NODE_MAP, &networks));
    RW_TRY(rw_sonata_json_need(reader, networks, "nodes", RW_NODE_LIST, &nodes));
    for (const rw_node *entry = nodes->first; entry != NULL; entry = entry->next)
        RW_TRY(read_nodes_file(reader, entry));
    if (reader->scenario->n_populations == 0)
        return rw_sonata_json_wrong(reader, nodes, "the circuit has no nodes");
    uint64_t total = 0;
    for (size_t p = 0; p < reader->scenario->n_populations; p++)
        total += reader->scenario->populations[p].count;
    RW_CHECK(total <= UINT32_MAX, RW_ERR_INPUT, "the circuit has %" PRIu64 " cells, more than 2^32 - 1", total);
    return RW_OK;
}
