/* The cells: SONATA nodes file and node types. */
#include "io/nodes.h"

#include "config/sections/growth_section.h"
#include "io/edges/edges.h"
#include "io/hdf5/h5_column.h"
#include "io/hdf5/h5_dataset.h"
#include "io/hdf5/h5_file.h"
#include "model/registry.h"

/* Readers need a cell type that they know, so the table names the standard cell of PyNN that is nearest: synapses that
 * are conductances or synapses that are currents. Another column has the real model. */
static const char *nearest_standard_cell(const rw_model *model) {
    if (model == NULL)
        return "pyNN:SpikeSourceArray";
    return rw_model_takes_receptors(model) ? "pyNN:IF_cond_exp" : "pyNN:IF_curr_exp";
}

static rw_err write_types(rw_directory *directory, const rw_network *network) {
    FILE *file;
    RW_TRY(rw_directory_open_text(directory, "node_types.csv", &file));
    (void)fputs("node_type_id population model_type model_template model\n", file);
    for (size_t i = 0; i < network->n_populations; i++) {
        const rw_population_spec *spec = network->populations[i].spec;
        (void)fprintf(file, "%zu ", i);
        rw_csv_field(file, spec->name);
        (void)fprintf(file, " %s %s ", spec->model == NULL ? "virtual" : "point_neuron",
                      nearest_standard_cell(spec->model));
        rw_csv_field(file, spec->model == NULL ? "" : spec->model->name);
        (void)fputc('\n', file);
    }
    return rw_directory_commit_text(directory, "node_types.csv", file);
}

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

static rw_err write_population(rw_h5_file *file, const rw_simulation *sim, uint32_t index) {
    const rw_population *population = &rw_simulation_network(sim)->populations[index];
    rw_path path = rw_path_of("/nodes/%s", population->spec->name);
    const char *group = path.text;
    const uint64_t count = population->count;
    const int64_t type = index;
    const uint32_t first = 0;
    RW_TRY(rw_h5_group(file, rw_path_of("%s/0", group).text));
    RW_TRY(rw_h5_write_constant(file, rw_path_of("%s/node_type_id", group).text, H5T_STD_I64LE, count, &type, "1",
                                "row of node_types.csv"));
    RW_TRY(
        rw_h5_write_count(file, rw_path_of("%s/node_id", group).text, count, "number of the cell in its population"));
    RW_TRY(rw_h5_write_constant(file, rw_path_of("%s/node_group_id", group).text, H5T_STD_U32LE, count, &first, "1",
                                "group that holds the cell's attributes"));
    RW_TRY(
        rw_h5_write_count(file, rw_path_of("%s/node_group_index", group).text, count, "row of the cell in its group"));
    RW_TRY(write_positions(file, group, population));
    RW_TRY(write_growth(file, group, sim, index));
    if (population->spec->model == NULL)
        return RW_OK;
    RW_TRY(rw_h5_attribute_text(file, group, "model", population->spec->model->name));
    RW_TRY(write_block(file, group, "", &population->neuron));
    return write_receptors(file, group, population);
}

static rw_err write_populations(rw_h5_file *file, const rw_simulation *sim) {
    RW_TRY(rw_h5_mark_sonata(file));
    for (uint32_t i = 0; i < rw_simulation_network(sim)->n_populations; i++)
        RW_TRY(write_population(file, sim, i));
    return RW_OK;
}

rw_err rw_nodes_write(rw_directory *directory, const rw_simulation *sim) {
    RW_TRY(write_types(directory, rw_simulation_network(sim)));
    rw_h5_file *file;
    RW_TRY(rw_h5_create(&file, directory, "nodes.h5"));
    /* A non-writing rank reads no cell either: reading the cells of others would allocate their pages. */
    rw_err err = directory->non_writing ? RW_OK : write_populations(file, sim);
    if (err == RW_OK)
        return rw_h5_commit(&file);
    rw_h5_abandon(&file);
    return err;
}
