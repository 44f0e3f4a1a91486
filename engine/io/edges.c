#include "io/edges.h"

#include "base/memory.h"
#include "io/edge_index.h"
#include "model/registry.h"

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

rw_err rw_edge_types_write(rw_directory *directory, const rw_scenario *scenario) {
    FILE *file;
    RW_TRY(rw_directory_open_text(directory, "edge_types.csv", &file));
    (void)fputs("edge_type_id population model_template receptor_type receptors weight_unit\n", file);
    for (size_t i = 0; i < scenario->n_projections; i++) {
        const rw_projection_spec *projection = &scenario->projections[i];
        (void)fprintf(file, "%zu ", i);
        rw_csv_field(file, projection->name);
        (void)fprintf(file, " pyNN:StaticSynapse %s ", receptor_type(scenario, projection));
        write_shares(file, scenario, projection);
        (void)fputc(' ', file);
        rw_csv_field(file, rw_weight_unit(scenario, projection));
        (void)fputc('\n', file);
    }
    return rw_directory_commit_text(directory, "edge_types.csv", file);
}

/* Columns of the edge table. */
enum { SOURCE, TARGET, UID, WEIGHT, DELAY, N_COLUMNS };

static rw_err create_columns(rw_h5_column *columns, rw_h5_file *file, const char *group, const char *weight_unit) {
    const struct {
        const char *name;
        hid_t type;
        const char *unit, *description;
    } layout[N_COLUMNS] = {
        [SOURCE] = {"source_node_id", H5T_STD_U64LE, "1", "source cell"},
        [TARGET] = {"target_node_id", H5T_STD_U64LE, "1", "target cell"},
        [UID] = {"0/synapse_uid", H5T_STD_U64LE, "1", "names the synapse for the whole run; never used again"},
        [WEIGHT] = {"0/syn_weight", H5T_IEEE_F32LE, weight_unit, "synaptic weight"},
        [DELAY] = {"0/delay", H5T_IEEE_F32LE, "ms", "delay from spike to effect"},
    };
    for (int i = 0; i < N_COLUMNS; i++)
        RW_TRY(rw_h5_column_create(&columns[i], file, rw_path_of("%s/%s", group, layout[i].name).text, layout[i].type,
                                   0, RW_H5_CHUNK, layout[i].unit, layout[i].description));
    return RW_OK;
}

static rw_err append_edges(rw_h5_column *columns, const rw_edge *edges, uint64_t n, double step_ms) {
    enum { AT_ONCE = 512 };
    uint64_t source[AT_ONCE], target[AT_ONCE], uid[AT_ONCE];
    float weight[AT_ONCE], delay_ms[AT_ONCE];
    const void *const values[N_COLUMNS] = {source, target, uid, weight, delay_ms};
    for (uint64_t done = 0; done < n; done += AT_ONCE) {
        uint64_t some = n - done < AT_ONCE ? n - done : AT_ONCE;
        for (uint64_t k = 0; k < some; k++) {
            const rw_edge *edge = &edges[done + k];
            source[k] = edge->source;
            target[k] = edge->target;
            uid[k] = edge->uid;
            weight[k] = edge->weight;
            delay_ms[k] = (float)(edge->delay_steps * step_ms);
        }
        for (int j = 0; j < N_COLUMNS; j++)
            RW_TRY(rw_h5_column_append(&columns[j], values[j], some));
    }
    return RW_OK;
}

/* The edge table of a projection while it is written, with the index by target, whose order it has. */
typedef struct {
    rw_h5_column columns[N_COLUMNS];
    rw_edge_index by_target;
    uint64_t rows;
    double step_ms;
} edge_table;

static rw_err begin_table(edge_table *table, rw_h5_file *file, const char *group, const rw_network *network,
                          const rw_projection *projection) {
    table->step_ms = network->scenario->step_ms;
    RW_TRY(create_columns(table->columns, file, group, rw_weight_unit(network->scenario, projection->spec)));
    return rw_edge_index_begin(&table->by_target, file, rw_path_of("%s/indices/target_to_source", group).text,
                               network->populations[projection->target].count);
}

static rw_err add_edges(void *self, const rw_edge *edges, uint64_t n) {
    edge_table *table = self;
    RW_TRY(append_edges(table->columns, edges, n, table->step_ms));
    for (uint64_t i = 0; i < n; i++, table->rows++)
        RW_TRY(rw_edge_index_add(&table->by_target, edges[i].target, table->rows, table->rows + 1));
    return RW_OK;
}

static rw_err end_table(edge_table *table) {
    for (int j = 0; j < N_COLUMNS; j++)
        RW_TRY(rw_h5_column_close(&table->columns[j]));
    return rw_edge_index_finish(&table->by_target);
}

static rw_err write_table(rw_h5_file *file, const char *group, const rw_network *network,
                          const rw_projection *projection, const rw_edge *edges, uint64_t n) {
    const rw_comm *comm = network->comm;
    edge_table table = {0};
    rw_err err = rw_comm_agree(comm, begin_table(&table, file, group, network, projection));
    if (err == RW_OK)
        err = rw_edges_to_first(comm, edges, n, add_edges, &table);
    if (err == RW_OK)
        err = rw_comm_agree(comm, end_table(&table));
    for (int j = 0; j < N_COLUMNS; j++)
        rw_h5_column_abandon(&table.columns[j]);
    rw_edge_index_destroy(&table.by_target);
    return err;
}

/* What says which nodes and types the rows are about. */
static rw_err write_frame(rw_h5_file *file, const char *group, const rw_network *network,
                          const rw_projection *projection, uint64_t total) {
    const char *source = network->populations[projection->source].spec->name;
    const char *target = network->populations[projection->target].spec->name;
    RW_TRY(rw_h5_write_sequence(file, rw_path_of("%s/edge_type_id", group).text, H5T_STD_I64LE, total,
                                projection->index, 0, "row of edge_types.csv"));
    RW_TRY(rw_h5_write_sequence(file, rw_path_of("%s/edge_group_id", group).text, H5T_STD_U32LE, total, 0, 0,
                                "group that holds the edge's attributes"));
    RW_TRY(rw_h5_write_sequence(file, rw_path_of("%s/edge_group_index", group).text, H5T_STD_U64LE, total, 0, 1,
                                "row of the edge in its group"));
    RW_TRY(rw_h5_attribute_text(file, rw_path_of("%s/source_node_id", group).text, "node_population", source));
    RW_TRY(rw_h5_attribute_text(file, rw_path_of("%s/target_node_id", group).text, "node_population", target));
    /* PyNN takes values per synapse from here only. */
    return rw_h5_link(file, rw_path_of("%s/0/delay", group).text, rw_path_of("%s/0/dynamics_params/delay", group).text);
}

rw_err rw_edges_write(rw_h5_file *file, const rw_network *network, const rw_projection *projection, uint64_t *n_edges) {
    rw_edge *edges;
    rw_path path = rw_path_of("/edges/%s", projection->spec->name);
    const char *group = path.text;
    uint64_t n = rw_projection_count(network, projection);
    uint64_t n_sources = network->populations[projection->source].count;
    RW_TRY(rw_projection_total(network, projection, n_edges));
    RW_TRY(rw_projection_edges(network, projection, &edges));
    rw_err err = write_table(file, group, network, projection, edges, n);
    if (err == RW_OK)
        err = rw_comm_agree(network->comm, write_frame(file, group, network, projection, *n_edges));
    if (err == RW_OK)
        err = rw_edge_index_by_source(file, rw_path_of("%s/indices/source_to_target", group).text, network->comm, edges,
                                      n, *n_edges, n_sources);
    rw_free(edges);
    return err;
}
