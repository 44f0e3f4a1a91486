#include "io/edges.h"

#include "base/memory.h"
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

/* An index by source or target: edges of a node are those of the ranges [begin, end) that its pair names. */
typedef struct {
    uint64_t n_nodes, n_ranges;
    uint64_t *node_ranges; /* [n_nodes + 1][2] half-open rows of `ranges` */
    uint64_t *ranges;      /* [n_ranges][2] half-open rows of the edge table */
} edge_index;

static uint64_t node_of(const rw_edge *edge, bool by_source) {
    return by_source ? edge->source : edge->target;
}

/* A range is a run of consecutive edges of one node. */
static bool starts_run(const rw_edge *edges, uint64_t i, bool by_source) {
    return i == 0 || node_of(&edges[i], by_source) != node_of(&edges[i - 1], by_source);
}

static rw_err make_index(edge_index *index, const rw_edge *edges, uint64_t n, uint64_t n_nodes, bool by_source) {
    *index = (edge_index){.n_nodes = n_nodes};
    RW_TRY(RW_NEW(index->node_ranges, 2 * n_nodes, "index of a snapshot"));
    for (uint64_t i = 0; i < n; i++)
        if (starts_run(edges, i, by_source)) {
            index->node_ranges[2 * node_of(&edges[i], by_source) + 1]++;
            index->n_ranges++;
        }
    uint64_t next = 0;
    for (uint64_t node = 0; node < n_nodes; node++) {
        uint64_t count = index->node_ranges[2 * node + 1];
        index->node_ranges[2 * node] = index->node_ranges[2 * node + 1] = next; /* the end moves as ranges come in */
        next += count;
    }
    RW_TRY(RW_NEW(index->ranges, 2 * index->n_ranges, "index of a snapshot"));
    uint64_t *range = NULL;
    for (uint64_t i = 0; i < n; i++) {
        if (starts_run(edges, i, by_source)) {
            range = &index->ranges[2 * index->node_ranges[2 * node_of(&edges[i], by_source) + 1]++];
            range[0] = i;
        }
        range[1] = i + 1;
    }
    return RW_OK;
}

static rw_err write_index(rw_h5_file *file, const char *group, const edge_index *index) {
    rw_path nodes = rw_path_of("%s/node_id_to_ranges", group);
    RW_TRY(rw_h5_write(file, nodes.text, H5T_STD_U64LE, index->n_nodes, 2, index->node_ranges, "1",
                       "rows [begin, end) of range_to_edge_id for each node"));
    /* Some readers look for the name in the singular. */
    RW_TRY(rw_h5_link(file, nodes.text, rw_path_of("%s/node_id_to_range", group).text));
    return rw_h5_write(file, rw_path_of("%s/range_to_edge_id", group).text, H5T_STD_U64LE, index->n_ranges, 2,
                       index->ranges, "1", "rows [begin, end) of the edge table");
}

static rw_err add_index(rw_h5_file *file, const char *group, const rw_edge *edges, uint64_t n, uint64_t n_nodes,
                        bool by_source) {
    edge_index index;
    rw_err err = make_index(&index, edges, n, n_nodes, by_source);
    if (err == RW_OK)
        err = write_index(
            file, rw_path_of("%s/indices/%s", group, by_source ? "source_to_target" : "target_to_source").text, &index);
    rw_free(index.ranges);
    rw_free(index.node_ranges);
    return err;
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

static rw_err fill_columns(rw_h5_column *columns, const rw_edge *edges, uint64_t n, double step_ms) {
    for (uint64_t i = 0; i < n; i++) {
        const float delay_ms = (float)(edges[i].delay_steps * step_ms);
        const void *const values[N_COLUMNS] = {&edges[i].source, &edges[i].target, &edges[i].uid, &edges[i].weight,
                                               &delay_ms};
        for (int j = 0; j < N_COLUMNS; j++)
            RW_TRY(rw_h5_column_append(&columns[j], values[j], 1));
    }
    for (int j = 0; j < N_COLUMNS; j++)
        RW_TRY(rw_h5_column_close(&columns[j]));
    return RW_OK;
}

static rw_err write_table(rw_h5_file *file, const char *group, const rw_edge *edges, uint64_t n,
                          const char *weight_unit, double step_ms) {
    rw_h5_column columns[N_COLUMNS] = {{0}};
    rw_err err = create_columns(columns, file, group, weight_unit);
    if (err == RW_OK)
        err = fill_columns(columns, edges, n, step_ms);
    for (int j = 0; j < N_COLUMNS; j++)
        rw_h5_column_abandon(&columns[j]);
    return err;
}

static rw_err write_edges(rw_h5_file *file, const rw_network *network, const rw_projection *projection,
                          const rw_edge *edges, uint64_t n) {
    const rw_scenario *scenario = network->scenario;
    const rw_population *source = &network->populations[projection->source];
    const rw_population *target = &network->populations[projection->target];
    rw_path path = rw_path_of("/edges/%s", projection->spec->name);
    const char *group = path.text;
    RW_TRY(rw_h5_write_sequence(file, rw_path_of("%s/edge_type_id", group).text, H5T_STD_I64LE, n, projection->index, 0,
                                "row of edge_types.csv"));
    RW_TRY(rw_h5_write_sequence(file, rw_path_of("%s/edge_group_id", group).text, H5T_STD_U32LE, n, 0, 0,
                                "group that holds the edge's attributes"));
    RW_TRY(rw_h5_write_sequence(file, rw_path_of("%s/edge_group_index", group).text, H5T_STD_U64LE, n, 0, 1,
                                "row of the edge in its group"));
    RW_TRY(write_table(file, group, edges, n, rw_weight_unit(scenario, projection->spec), scenario->step_ms));
    RW_TRY(
        rw_h5_attribute_text(file, rw_path_of("%s/source_node_id", group).text, "node_population", source->spec->name));
    RW_TRY(
        rw_h5_attribute_text(file, rw_path_of("%s/target_node_id", group).text, "node_population", target->spec->name));
    /* PyNN takes values per synapse from here only. */
    RW_TRY(
        rw_h5_link(file, rw_path_of("%s/0/delay", group).text, rw_path_of("%s/0/dynamics_params/delay", group).text));
    RW_TRY(add_index(file, group, edges, n, source->count, true));
    return add_index(file, group, edges, n, target->count, false);
}

rw_err rw_edges_write(rw_h5_file *file, const rw_network *network, const rw_projection *projection, uint64_t *n_edges) {
    rw_edge *edges;
    *n_edges = rw_projection_count(network, projection);
    RW_TRY(rw_projection_edges(network, projection, &edges));
    rw_err err = write_edges(file, network, projection, edges, *n_edges);
    rw_free(edges);
    return err;
}
