#include "io/node_tables.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "io/hdf5/h5_read.h"
#include "io/input_files.h"
#include "io/node_types.h"
#include "io/sonata/sonata_in_config.h"
#include "io/sonata/sonata_in_groups.h"
#include "io/sonata/sonata_in_table.h"

/* What is read of one population. */
typedef struct {
    rw_scenario *scenario;
    rw_arena *arena; /* the scenario's */
    rw_population_spec *spec;
    const rw_h5_location *group;
    rw_sonata_groups groups;
} population_reader;

/* ---- parameters ---- */

static rw_err check_range(const population_reader *reader, const rw_field *field, const char *name,
                          const double *values) {
    for (uint64_t i = 0; i < reader->spec->count; i++)
        RW_CHECK(values[i] >= field->min && values[i] <= field->max, RW_ERR_INPUT,
                 "%s: %s/0/dynamics_params/%s, row %" PRIu64 ": %g is out of range", reader->group->file,
                 reader->group->group, name, i, values[i]);
    return RW_OK;
}

/* Fills in the settings that the scenario leaves open, which the file has under their names behind `prefix`. */
static rw_err fill(const population_reader *reader, const rw_model *model, const char *prefix,
                   const rw_setting *settings, size_t n) {
    for (size_t k = 0; k < n; k++) {
        rw_value *value = (rw_value *)(uintptr_t)&settings[k].value; /* of the scenario's reader */
        const rw_field *field = &model->fields[settings[k].field];
        const rw_path name = rw_path_of("%s%s", prefix, field->name);
        if (value->kind != RW_TABLE)
            continue;
        RW_TRY(rw_sonata_groups_numbers(&reader->groups, reader->arena, "dynamics_params", name.text, &value->table));
        RW_CHECK(value->table != NULL, RW_ERR_INPUT, "%s: %s has no 0/dynamics_params/%s; give it in the scenario",
                 reader->group->file, reader->group->group, name.text);
        RW_TRY(check_range(reader, field, name.text, value->table));
    }
    return RW_OK;
}

static rw_err read_parameters(const population_reader *reader) {
    const rw_population_spec *spec = reader->spec;
    if (spec->model == NULL)
        return RW_OK;
    RW_TRY(fill(reader, spec->model, "", spec->settings, spec->n_settings));
    for (size_t k = 0; k < spec->n_receptors; k++) {
        const rw_model_spec *receptor = &spec->receptors[k];
        RW_TRY(fill(reader, receptor->model, rw_path_of("%s.", receptor->model->name).text, receptor->settings,
                    receptor->n_settings));
    }
    return RW_OK;
}

/* ---- origin ---- */

static rw_err read_attributes(const population_reader *reader, rw_node_origin *origin) {
    static const char *const places[] = {"x", "y", "z"};
    const char *const *names;
    rw_node_attribute *list = NULL;
    size_t n;
    RW_TRY(rw_sonata_groups_columns(&reader->groups, reader->arena, NULL, &names, &n));
    RW_TRY(RW_ARENA_NEW(reader->arena, list, n));
    for (size_t k = 0; k < n; k++) {
        rw_sonata_attribute read;
        for (size_t place = 0; place < RW_COUNT(places); place++)
            RW_CHECK(reader->scenario->dimensions == 0 || strcmp(names[k], places[place]) != 0, RW_ERR_INPUT,
                     "%s: the cells of %s have positions of their circuit (%s), which a space would replace; leave out "
                     "space",
                     reader->group->file, reader->group->group, names[k]);
        RW_TRY(rw_sonata_groups_read(&reader->groups, reader->arena, names[k], &read));
        list[origin->n_attributes++] = (rw_node_attribute){read.name, read.text, read.number};
    }
    origin->attributes = list;
    return RW_OK;
}

/* The rows of the population in the table of types, with the ids that they had in the circuit. */
static rw_err pick_types(const population_reader *reader, const rw_sonata_table *table, const size_t *columns,
                         rw_node_origin *origin, uint32_t *row_of) {
    const char **cells = NULL;
    uint64_t *ids = NULL;
    RW_TRY(RW_ARENA_NEW(reader->arena, cells, table->n_rows * origin->n_columns));
    RW_TRY(RW_ARENA_NEW(reader->arena, ids, table->n_rows));
    for (size_t row = 0; row < table->n_rows; row++) {
        const char *population = rw_sonata_table_cell(table, row, "population");
        double id = (double)table->ids[row];
        if (population == NULL || strcmp(population, reader->spec->name) != 0)
            continue;
        RW_TRY(rw_sonata_table_number(table, row, RW_NODE_TYPES_SOURCE_ID, &id));
        RW_CHECK(id >= 0.0 && id < 0x1p53 && id == floor(id), RW_ERR_INPUT,
                 "%s:%u: %s is not a whole number from 0 to 2^53", table->file, table->lines[row],
                 RW_NODE_TYPES_SOURCE_ID);
        for (size_t c = 0; c < origin->n_columns; c++)
            cells[origin->n_types * origin->n_columns + c] = table->cells[row * table->n_columns + columns[c]];
        row_of[row] = (uint32_t)origin->n_types;
        ids[origin->n_types++] = (uint64_t)id;
    }
    origin->cells = cells;
    origin->type_id = ids;
    return RW_OK;
}

static rw_err assign_types(const population_reader *reader, const rw_sonata_table *table, const uint32_t *row_of,
                           rw_node_origin *origin) {
    const uint64_t count = reader->spec->count;
    uint64_t *ids = NULL;
    uint32_t *rows = NULL;
    RW_TRY(RW_ARENA_NEW(reader->arena, ids, count));
    RW_TRY(RW_ARENA_NEW(reader->arena, rows, count));
    RW_TRY(rw_h5_read_u64(reader->group, "node_type_id", count, ids));
    RW_TRY(rw_sonata_table_rows(table, reader->group, "node_type_id", count, ids, rows));
    for (uint64_t i = 0; i < count; i++) {
        rows[i] = row_of[rows[i]];
        RW_CHECK(rows[i] < origin->n_types, RW_ERR_INPUT,
                 "%s: dataset %s/node_type_id, row %" PRIu64 ": the type is one of another population",
                 reader->group->file, reader->group->group, i);
    }
    origin->type_row = rows;
    return RW_OK;
}

static rw_err make_origin(const population_reader *reader, const rw_sonata_table *table) {
    rw_node_origin *origin = NULL;
    const char **names = NULL;
    size_t *columns = NULL;
    uint32_t *row_of = NULL;
    RW_TRY(RW_ARENA_NEW(reader->arena, origin, 1));
    RW_TRY(RW_ARENA_NEW(reader->arena, names, table->n_columns));
    RW_TRY(RW_ARENA_NEW(reader->arena, columns, table->n_columns));
    RW_TRY(RW_ARENA_NEW(reader->arena, row_of, table->n_rows));
    for (size_t row = 0; row < table->n_rows; row++)
        row_of[row] = UINT32_MAX;
    for (size_t c = 0; c < table->n_columns; c++) {
        const char *name = rw_node_types_source(table->columns[c]);
        if (name == NULL)
            continue;
        columns[origin->n_columns] = c;
        names[origin->n_columns++] = name;
    }
    origin->columns = names;
    RW_TRY(pick_types(reader, table, columns, origin, row_of));
    RW_TRY(assign_types(reader, table, row_of, origin));
    RW_TRY(read_attributes(reader, origin));
    reader->spec->origin = origin;
    return RW_OK;
}

/* The table of types beside a nodes file; NULL: there is none. */
static rw_err find_types(rw_arena *arena, const char *nodes, const char **path) {
    const char *folder;
    RW_TRY(rw_sonata_directory(arena, nodes, &folder));
    RW_TRY(rw_sonata_join(arena, folder, "node_types.csv", path));
    *path = access(*path, F_OK) == 0 ? *path : NULL;
    return RW_OK;
}

/* Cells are from a circuit if the table of types says which types they had there. */
static rw_err read_origin(const population_reader *reader) {
    const char *path;
    rw_sonata_table table;
    RW_TRY(find_types(reader->arena, reader->group->file, &path));
    if (path == NULL)
        return RW_OK;
    RW_TRY(rw_sonata_table_read(&table, reader->arena, path, ' ', "node_type_id"));
    bool is_circuit = false;
    for (size_t c = 0; c < table.n_columns; c++)
        is_circuit = is_circuit || strcmp(table.columns[c], RW_NODE_TYPES_SOURCE_ID) == 0;
    return is_circuit ? make_origin(reader, &table) : RW_OK;
}

/* ---- files ---- */

rw_err rw_node_tables_add(rw_input_files *list, rw_arena *arena, const char *nodes) {
    const char *types;
    RW_TRY(rw_input_files_add(list, arena, nodes));
    RW_TRY(find_types(arena, nodes, &types));
    return types != NULL ? rw_input_files_add(list, arena, types) : RW_OK;
}

static rw_err read_group(rw_scenario *scenario, rw_population_spec *spec, const rw_h5_location *group) {
    population_reader reader = {.scenario = scenario, .arena = scenario->arena, .spec = spec, .group = group};
    uint64_t count;
    RW_TRY(rw_h5_read_length(group, "node_type_id", &count));
    RW_CHECK(count == spec->count, RW_ERR_INPUT,
             "%s: %s has %" PRIu64 " cells, but the scenario's population has %" PRIu64, group->file, group->group,
             count, spec->count);
    RW_TRY(rw_sonata_groups_load(&reader.groups, scenario->arena, group, "node", count));
    RW_TRY(read_parameters(&reader));
    return read_origin(&reader);
}

/* Parameters have the names and units of our models: those of another model would mean something else. */
static rw_err check_model(const rw_scenario *scenario, const rw_population_spec *spec, const rw_h5_location *nodes) {
    const char *text = NULL;
    if (spec->model == NULL)
        return RW_OK;
    if (rw_h5_has_attribute(nodes, spec->name, "model"))
        RW_TRY(rw_h5_read_text(nodes, spec->name, "model", scenario->arena, &text));
    RW_CHECK(text != NULL && strcmp(text, spec->model->name) == 0, RW_ERR_INPUT,
             "%s: its cells are %s%s, not of model %s; name the nodes.h5 of a result whose cells have this model",
             nodes->file, text != NULL ? "of model " : "from no result of rewire", text != NULL ? text : "",
             spec->model->name);
    return RW_OK;
}

static rw_err read_nodes(rw_scenario *scenario, rw_population_spec *spec, const rw_h5_location *nodes) {
    rw_h5_location group;
    RW_TRY(rw_h5_open_group(&group, nodes, spec->name));
    rw_err err = check_model(scenario, spec, nodes);
    if (err == RW_OK)
        err = read_group(scenario, spec, &group);
    rw_h5_close(&group);
    return err;
}

static rw_err read_file(rw_scenario *scenario, rw_population_spec *spec) {
    const char *directory, *path;
    rw_h5_location file, nodes;
    RW_TRY(rw_sonata_directory(scenario->arena, scenario->path, &directory));
    RW_TRY(rw_sonata_join(scenario->arena, directory, spec->nodes_file, &path));
    RW_TRY(rw_node_tables_add(&scenario->inputs_read, scenario->arena, path));
    RW_TRY(rw_h5_open(&file, path, "a result"));
    rw_err err = rw_h5_open_group(&nodes, &file, "nodes");
    if (err == RW_OK) {
        err = read_nodes(scenario, spec, &nodes);
        rw_h5_close(&nodes);
    }
    rw_h5_close(&file);
    return err;
}

rw_err rw_node_tables_load(rw_scenario *scenario) {
    for (size_t p = 0; p < scenario->n_populations; p++) {
        rw_population_spec *spec = &scenario->populations[p];
        rw_err err = spec->nodes_file != NULL ? read_file(scenario, spec) : RW_OK;
        if (err != RW_OK)
            return rw_fail_context(err, "cells of population '%s'", spec->name);
    }
    return RW_OK;
}
