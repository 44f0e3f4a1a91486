#include "io/edges/edges.h"

#include "config/number.h"
#include "io/edges/edge_index.h"
#include "io/hdf5/h5_dataset.h"
#include "io/pynn_cells.h"
#include "model/registry.h"
#include "net/edges/edge.h"
#include "net/edges/edge_slabs.h"

void rw_csv_field(FILE *file, const char *text) {
    if (text[0] == '\0') {
        (void)fputs("NULL", file);
        return;
    }
    bool quoted = false;
    for (const char *c = text; *c != '\0'; c++)
        quoted = quoted || *c == ' ' || *c == '"' || *c == '\n' || *c == '\t';
    if (quoted)
        (void)fputc('"', file);
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"')
            (void)fputc('"', file);
        (void)fputc(*c, file);
    }
    if (quoted)
        (void)fputc('"', file);
}

const char *rw_weight_unit(const rw_scenario *scenario, const rw_projection_spec *projection) {
    const rw_population_spec *target = &scenario->populations[projection->target];
    if (projection->n_shares == 0)
        return "1";
    const rw_share *share = &projection->shares[0];
    if (share->is_port)
        return target->model->fields[share->index].unit;
    return target->receptors[share->index].model->receptor.weight_unit;
}

/* PyNN sorts synapses on conductances by what they do, and currents by their sign. */
static const char *receptor_type(const rw_scenario *scenario, const rw_projection_spec *projection) {
    const rw_model *target = scenario->populations[projection->target].model;
    double typical = projection->rule == RW_CONNECT_TABLE
                         ? (projection->table.count > 0 ? (double)projection->table.weight[0] : 0.0)
                         : projection->weight.a;
    bool inhibitory = rw_model_takes_receptors(target) ? projection->inhibitory : typical < 0.0;
    return inhibitory ? "inhibitory" : "excitatory";
}

static void write_shares(FILE *file, const rw_scenario *scenario, const rw_projection_spec *projection) {
    const rw_population_spec *target = &scenario->populations[projection->target];
    for (size_t i = 0; i < projection->n_shares; i++) {
        const rw_share *share = &projection->shares[i];
        const char *name =
            share->is_port ? target->model->fields[share->index].name : target->receptors[share->index].model->name;
        (void)fprintf(file, "%s%s:%.17g", i == 0 ? "" : ",", name, share->share);
    }
    if (projection->n_shares == 0)
        (void)fputs("NULL", file);
}

/* PyNN's synapses have one receptor and a weight that stays; of others, readers are told our own models, which they
 * refuse rather than simulate something else. */
static void write_template(FILE *file, const rw_projection_spec *projection) {
    if (projection->n_plasticity > 0)
        (void)fprintf(file, " rewire:%s", projection->plasticity[0].model->name);
    else
        (void)fputs(projection->n_shares == 1 ? " pyNN:StaticSynapse" : " rewire:several_receptors", file);
}

/* What PyNN multiplies weights with, to get them in its own units. */
static double pynn_factor(const rw_scenario *scenario, const rw_projection_spec *projection) {
    const bool known = rw_pynn_cell_find(&scenario->populations[projection->target]) != NULL;
    return known && projection->n_shares == 1 ? rw_number_tidy(RW_PYNN_WEIGHT * projection->shares[0].share) : 1.0;
}

rw_err rw_edge_types_write(rw_directory *directory, const rw_scenario *scenario) {
    FILE *file;
    RW_TRY(rw_directory_open_text(directory, "edge_types.csv", &file));
    (void)fputs("edge_type_id population model_template receptor_type receptors weight_unit sign\n", file);
    for (size_t i = 0; i < scenario->n_projections; i++) {
        const rw_projection_spec *projection = &scenario->projections[i];
        char number[RW_NUMBER_SIZE];
        (void)fprintf(file, "%zu ", i);
        rw_csv_field(file, projection->name);
        write_template(file, projection);
        (void)fprintf(file, " %s ", receptor_type(scenario, projection));
        write_shares(file, scenario, projection);
        (void)fputc(' ', file);
        rw_csv_field(file, rw_weight_unit(scenario, projection));
        (void)fprintf(file, " %s\n", rw_number_print(number, pynn_factor(scenario, projection)));
    }
    return rw_directory_commit_text(directory, "edge_types.csv", file);
}

static const char delay_description[] = "delay from spike to effect";

static bool has_one_delay(const rw_projection *projection) {
    return projection->min_delay == projection->max_delay;
}

/* Columns of the edge table, without those whose values are all equal; delays may be. */
enum { SOURCE, TARGET, UID, WEIGHT, ROW, DELAY, N_COLUMNS };

/* The edge table of a projection while it is written, with the index by target, whose order it has. */
typedef struct {
    rw_h5_packer *packer;
    rw_h5_column columns[N_COLUMNS];
    size_t n_columns;
    rw_edge_index by_target;
    double step_ms;
    uint64_t rows;        /* written */
    const rw_edge *edges; /* behind them */
} edge_table;

static rw_err create_columns(edge_table *table, rw_h5_file *file, const char *group, const char *weight_unit) {
    const struct {
        const char *name;
        hid_t type;
        const char *unit, *description;
    } layout[N_COLUMNS] = {
        [SOURCE] = {"source_node_id", H5T_STD_U64LE, "1", "source cell"},
        [TARGET] = {"target_node_id", H5T_STD_U64LE, "1", "target cell"},
        [UID] = {"0/synapse_uid", H5T_STD_U64LE, "1", "names the synapse for the whole run; never used again"},
        [WEIGHT] = {"0/syn_weight", H5T_IEEE_F32LE, weight_unit, "synaptic weight"},
        [ROW] = {"edge_group_index", H5T_STD_U64LE, "1", "row of the edge in its group"},
        [DELAY] = {"0/delay", H5T_IEEE_F32LE, "ms", delay_description},
    };
    for (size_t i = 0; i < table->n_columns; i++)
        RW_TRY(rw_h5_column_create(&table->columns[i], file, rw_path_of("%s/%s", group, layout[i].name).text,
                                   layout[i].type, 0, RW_H5_CHUNK, layout[i].unit, layout[i].description));
    table->columns[ROW].counts_up = true;
    return RW_OK;
}

static void fill(const void *self, size_t column, uint64_t first, size_t n, void *values) {
    const edge_table *table = self;
    const rw_edge *edges = table->edges + first;
    uint64_t *numbers = values;
    float *quantities = values;
    for (size_t k = 0; column == SOURCE && k < n; k++)
        numbers[k] = edges[k].source;
    for (size_t k = 0; column == TARGET && k < n; k++)
        numbers[k] = edges[k].target;
    for (size_t k = 0; column == UID && k < n; k++)
        numbers[k] = edges[k].uid;
    for (size_t k = 0; column == ROW && k < n; k++)
        numbers[k] = table->rows + first + k;
    for (size_t k = 0; column == WEIGHT && k < n; k++)
        quantities[k] = edges[k].weight;
    for (size_t k = 0; column == DELAY && k < n; k++)
        quantities[k] = (float)(edges[k].delay_steps * table->step_ms);
}

static rw_err begin_table(edge_table *table, rw_h5_file *file, const char *group, const rw_network *network,
                          const rw_projection *projection) {
    RW_TRY(create_columns(table, file, group, rw_weight_unit(network->scenario, projection->spec)));
    return rw_edge_index_begin(&table->by_target, table->packer, file,
                               rw_path_of("%s/indices/target_to_source", group).text,
                               network->populations[projection->target].count);
}

static rw_err add_edges(void *self, const rw_edge *edges, uint64_t n) {
    edge_table *table = self;
    table->edges = edges;
    RW_TRY(rw_h5_pack(table->packer, table->columns, table->n_columns, n, fill, table));
    for (uint64_t begin = 0, end; begin < n; begin = end) {
        for (end = begin + 1; end < n && edges[end].target == edges[begin].target; end++)
            ;
        RW_TRY(rw_edge_index_add(&table->by_target, edges[begin].target, table->rows + begin, table->rows + end));
    }
    table->rows += n;
    return RW_OK;
}

static rw_err end_table(edge_table *table) {
    for (size_t j = 0; j < table->n_columns; j++)
        RW_TRY(rw_h5_column_close(&table->columns[j]));
    return rw_edge_index_finish(&table->by_target);
}

static rw_err write_table(rw_h5_file *file, rw_h5_packer *packer, const char *group, const rw_network *network,
                          const rw_projection *projection) {
    const rw_comm *comm = network->partition.comm;
    edge_table table = {.packer = packer,
                        .n_columns = has_one_delay(projection) ? DELAY : N_COLUMNS,
                        .step_ms = network->scenario->step_ms};
    rw_err err = rw_comm_agree(comm, begin_table(&table, file, group, network, projection));
    if (err == RW_OK)
        err = rw_edges_to_first(network, projection, add_edges, &table);
    if (err == RW_OK)
        err = rw_comm_agree(comm, end_table(&table));
    for (size_t j = 0; j < N_COLUMNS; j++)
        rw_h5_column_abandon(&table.columns[j]);
    rw_edge_index_destroy(&table.by_target);
    return err;
}

/* Columns that are equal for all rows, and attributes that name the nodes. */
static rw_err write_frame(rw_h5_file *file, const char *group, const rw_network *network,
                          const rw_projection *projection, uint64_t total) {
    const char *source = network->populations[projection->source].spec->name;
    const char *target = network->populations[projection->target].spec->name;
    const float delay_ms = (float)(projection->min_delay * network->scenario->step_ms);
    const int64_t type = projection->index;
    const uint32_t only = 0;
    rw_path delay = rw_path_of("%s/0/delay", group);
    RW_TRY(rw_h5_write_constant(file, rw_path_of("%s/edge_type_id", group).text, H5T_STD_I64LE, total, &type, "1",
                                "row of edge_types.csv"));
    RW_TRY(rw_h5_write_constant(file, rw_path_of("%s/edge_group_id", group).text, H5T_STD_U32LE, total, &only, "1",
                                "group that holds the edge's attributes"));
    if (has_one_delay(projection))
        RW_TRY(rw_h5_write_constant(file, delay.text, H5T_IEEE_F32LE, total, &delay_ms, "ms", delay_description));
    RW_TRY(rw_h5_attribute_text(file, rw_path_of("%s/source_node_id", group).text, "node_population", source));
    RW_TRY(rw_h5_attribute_text(file, rw_path_of("%s/target_node_id", group).text, "node_population", target));
    /* PyNN reads values per synapse from here only. */
    return rw_h5_link(file, delay.text, rw_path_of("%s/0/dynamics_params/delay", group).text);
}

rw_err rw_edges_write(rw_h5_file *file, rw_h5_packer *packer, const rw_network *network,
                      const rw_projection *projection, uint64_t *n_edges) {
    rw_path path = rw_path_of("/edges/%s", projection->spec->name);
    const char *group = path.text;
    RW_TRY(rw_projection_total(&network->partition, projection, n_edges));
    RW_TRY(write_table(file, packer, group, network, projection));
    RW_TRY(rw_comm_agree(network->partition.comm, write_frame(file, group, network, projection, *n_edges)));
    return rw_edge_index_by_source(file, packer, rw_path_of("%s/indices/source_to_target", group).text, network,
                                   projection);
}
