/* The cells: SONATA nodes file. */
#include "io/nodes.h"

#include <string.h>

#include "config/sections/growth_section.h"
#include "io/edges/edges.h"
#include "io/hdf5/h5_column.h"
#include "io/hdf5/h5_dataset.h"
#include "io/hdf5/h5_file.h"
#include "io/node_types.h"
#include "io/pynn_cells.h"
#include "model/registry.h"

/* Parameters and states of a block, one dataset each, named prefix + field. */
static rw_err write_block(rw_h5_file *file, const char *group, const char *prefix, const rw_block *block) {
    const rw_model *model = block->model;
    for (size_t f = 0; f < model->n_fields; f++) {
        const rw_field *field = &model->fields[f];
        if (field->role != RW_PARAMETER && field->role != RW_STATE)
            continue;
        rw_h5_column column;
        size_t chunk = block->count < RW_H5_CHUNK ? block->count : RW_H5_CHUNK;
        rw_path path = rw_path_of("%s/0/dynamics_params/%s%s", group, prefix, field->name);
        rw_err err = rw_h5_column_create(&column, file, path.text, H5T_IEEE_F64LE, 0, chunk, field->unit, field->doc);
        for (size_t i = 0; err == RW_OK && i < block->count; i++) {
            double value = rw_block_value(block, f, i);
            err = rw_h5_column_append(&column, &value, 1);
        }
        if (err == RW_OK)
            err = rw_h5_column_close(&column);
        rw_h5_column_abandon(&column);
        RW_TRY(err);
    }
    return RW_OK;
}

/* Receptors of a population; instances of one receptor differ only in the blockades that act on them. */
static rw_err write_receptors(rw_h5_file *file, const char *group, const rw_population *population) {
    for (size_t i = 0; i < population->n_receptors; i++) {
        bool first = true;
        for (size_t j = 0; j < i; j++)
            first = first && population->receptors[j].spec != population->receptors[i].spec;
        const rw_block *block = &population->receptors[i].block;
        if (first)
            RW_TRY(write_block(file, group, rw_path_of("%s.", block->model->name).text, block));
    }
    return RW_OK;
}

/* Parameters of the standard cell that PyNN makes of ours, which may be the quotient of two of ours. */
static rw_err write_pynn_parameter(rw_h5_file *file, const char *group, const rw_population *population,
                                   const rw_pynn_parameter *parameter) {
    const rw_block *block = parameter->receptor == NULL ? &population->neuron : NULL;
    for (size_t r = 0; block == NULL && r < population->n_receptors; r++)
        if (strcmp(population->receptors[r].block.model->name, parameter->receptor) == 0)
            block = &population->receptors[r].block;
    if (block == NULL)
        return RW_OK;
    const size_t field = rw_model_field(block->model, parameter->field);
    const size_t over = parameter->over != NULL ? rw_model_field(block->model, parameter->over) : RW_NO_FIELD;
    const size_t chunk = block->count < RW_H5_CHUNK ? block->count : RW_H5_CHUNK;
    const rw_path path = rw_path_of("%s/0/dynamics_params/%s", group, parameter->name);
    rw_h5_column column;
    rw_err err = rw_h5_column_create(&column, file, path.text, H5T_IEEE_F64LE, 0, chunk, parameter->unit,
                                     "as PyNN's standard cell has it");
    for (size_t i = 0; err == RW_OK && i < block->count; i++) {
        double value = parameter->factor * rw_block_value(block, field, i);
        value = over != RW_NO_FIELD ? value / rw_block_value(block, over, i) : value;
        err = rw_h5_column_append(&column, &value, 1);
    }
    if (err == RW_OK)
        err = rw_h5_column_close(&column);
    rw_h5_column_abandon(&column);
    return err;
}

static rw_err write_pynn_parameters(rw_h5_file *file, const char *group, const rw_population *population) {
    const rw_pynn_cell *cell = rw_pynn_cell_find(population->spec);
    for (size_t k = 0; cell != NULL && k < cell->n_parameters; k++)
        RW_TRY(write_pynn_parameter(file, group, population, &cell->parameters[k]));
    return RW_OK;
}

static rw_err write_positions(rw_h5_file *file, const char *group, const rw_population *population) {
    static const char *const axes[3] = {"x", "y", "z"};
    for (size_t axis = 0; axis < 3; axis++) {
        const double *position = population->position_um[axis];
        if (position == NULL)
            continue;
        rw_h5_column column;
        rw_err err = rw_h5_column_create(&column, file, rw_path_of("%s/0/%s", group, axes[axis]).text, H5T_IEEE_F32LE,
                                         0, RW_H5_CHUNK, "um", "position of the cell");
        for (uint64_t i = 0; err == RW_OK && i < population->count; i++) {
            float value = (float)position[i];
            err = rw_h5_column_append(&column, &value, 1);
        }
        if (err == RW_OK)
            err = rw_h5_column_close(&column);
        rw_h5_column_abandon(&column);
        RW_TRY(err);
    }
    return RW_OK;
}

static rw_err write_growth(rw_h5_file *file, const char *group, const rw_simulation *sim, uint32_t population) {
    uint64_t count = rw_simulation_network(sim)->populations[population].count;
    const double *calcium = rw_simulation_calcium(sim, population);
    if (calcium != NULL)
        RW_TRY(rw_h5_write(file, rw_path_of("%s/0/calcium", group).text, H5T_IEEE_F64LE, count, 0, calcium, "1",
                           "calcium at the start of the run"));
    for (rw_element element = RW_AXON; element < RW_ELEMENT_KINDS; element++) {
        const double *grown = rw_simulation_elements(sim, population, element);
        if (grown != NULL)
            RW_TRY(rw_h5_write(file, rw_path_of("%s/0/%s", group, rw_element_names[element]).text, H5T_IEEE_F64LE,
                               count, 0, grown, "1", "synaptic elements grown at the start of the run"));
    }
    return RW_OK;
}

static rw_err write_type_ids(rw_h5_file *file, const char *group, const rw_scenario *scenario, uint32_t index) {
    static const char description[] = "line of node_types.csv";
    const rw_population_spec *spec = &scenario->populations[index];
    rw_path path = rw_path_of("%s/node_type_id", group);
    int64_t *ids = NULL, *of_type = NULL, type = rw_node_type_id(scenario, index, 0);
    if (spec->origin == NULL)
        return rw_h5_write_constant(file, path.text, H5T_STD_I64LE, spec->count, &type, "1", description);
    RW_TRY(RW_NEW(of_type, spec->origin->n_types, "node types"));
    rw_err err = RW_NEW(ids, spec->count, "node types");
    for (size_t t = 0; t < spec->origin->n_types; t++)
        of_type[t] = rw_node_type_id(scenario, index, t);
    for (uint64_t i = 0; err == RW_OK && i < spec->count; i++)
        ids[i] = of_type[spec->origin->type_row[i]];
    if (err == RW_OK)
        err = rw_h5_write(file, path.text, H5T_STD_I64LE, spec->count, 0, ids, "1", description);
    rw_free(of_type);
    rw_free(ids);
    return err;
}

/* What the circuit says of its cells. */
static rw_err write_attributes(rw_h5_file *file, const char *group, const rw_population_spec *spec) {
    static const char description[] = "as in the circuit that was read";
    for (size_t k = 0; spec->origin != NULL && k < spec->origin->n_attributes; k++) {
        const rw_node_attribute *attribute = &spec->origin->attributes[k];
        rw_path path = rw_path_of("%s/0/%.200s", group, attribute->name);
        if (attribute->text != NULL)
            RW_TRY(rw_h5_write_texts(file, path.text, spec->count, attribute->text, description));
        else if (attribute->number != NULL)
            RW_TRY(rw_h5_write(file, path.text, H5T_IEEE_F64LE, spec->count, 0, attribute->number, "1", description));
    }
    return RW_OK;
}

static rw_err write_population(rw_h5_file *file, const rw_simulation *sim, uint32_t index) {
    const rw_population *population = &rw_simulation_network(sim)->populations[index];
    rw_path path = rw_path_of("/nodes/%s", population->spec->name);
    const char *group = path.text;
    const uint64_t count = population->count;
    const uint32_t first = 0;
    RW_TRY(rw_h5_group(file, rw_path_of("%s/0", group).text));
    RW_TRY(write_type_ids(file, group, rw_simulation_network(sim)->scenario, index));
    RW_TRY(
        rw_h5_write_count(file, rw_path_of("%s/node_id", group).text, count, "number of the cell in its population"));
    RW_TRY(rw_h5_write_constant(file, rw_path_of("%s/node_group_id", group).text, H5T_STD_U32LE, count, &first, "1",
                                "group that holds the cell's attributes"));
    RW_TRY(
        rw_h5_write_count(file, rw_path_of("%s/node_group_index", group).text, count, "row of the cell in its group"));
    RW_TRY(write_positions(file, group, population));
    RW_TRY(write_growth(file, group, sim, index));
    RW_TRY(write_attributes(file, group, population->spec));
    if (population->spec->model == NULL)
        return RW_OK;
    RW_TRY(rw_h5_attribute_text(file, group, "model", population->spec->model->name));
    RW_TRY(write_block(file, group, "", &population->neuron));
    RW_TRY(write_receptors(file, group, population));
    return write_pynn_parameters(file, group, population);
}

static rw_err write_populations(rw_h5_file *file, const rw_simulation *sim) {
    RW_TRY(rw_h5_mark_sonata(file));
    for (uint32_t i = 0; i < rw_simulation_network(sim)->n_populations; i++)
        RW_TRY(write_population(file, sim, i));
    return RW_OK;
}

rw_err rw_nodes_write(rw_directory *directory, const rw_simulation *sim) {
    RW_TRY(rw_node_types_write(directory, rw_simulation_network(sim)->scenario));
    rw_h5_file *file;
    RW_TRY(rw_h5_create(&file, directory, "nodes.h5"));
    /* A non-writing rank reads no cell either: reading the cells of others would allocate their pages. */
    rw_err err = directory->non_writing ? RW_OK : write_populations(file, sim);
    if (err == RW_OK)
        return rw_h5_commit(&file);
    rw_h5_abandon(&file);
    return err;
}
