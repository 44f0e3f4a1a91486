#include "io/sonata/sonata_in_edges.h"

#include <inttypes.h>
#include <math.h>

#include "io/hdf5/h5_read.h"

void rw_sonata_edges_free(rw_sonata_edges *edges) {
    rw_arena_destroy(&edges->arena);
    *edges = (rw_sonata_edges){0};
}

static rw_err read_node_ids(rw_sonata_edges *edges, const rw_h5_location *group, const char *column, uint64_t n_nodes,
                            const uint64_t **ids) {
    uint64_t *list = NULL;
    RW_TRY(RW_ARENA_NEW(edges->arena, list, edges->count));
    RW_TRY(rw_h5_read_u64(group, column, edges->count, list));
    for (uint64_t e = 0; e < edges->count; e++)
        RW_CHECK(list[e] < n_nodes, RW_ERR_INPUT,
                 "%s: dataset %s/%s, row %" PRIu64 ": node %" PRIu64 " does not exist; the population has %" PRIu64
                 " nodes, counted from 0",
                 group->file, group->group, column, e, list[e], n_nodes);
    *ids = list;
    return RW_OK;
}

/* Edges' own parameters of the synapse model stand before their columns, as in BMTK. */
static rw_err override(const rw_sonata_edges *edges, const double *own, const double **column) {
    double *merged = NULL;
    if (own == NULL)
        return RW_OK;
    RW_TRY(RW_ARENA_NEW(edges->arena, merged, edges->count));
    for (uint64_t e = 0; e < edges->count; e++)
        merged[e] = !isnan(own[e]) ? own[e] : *column != NULL ? (*column)[e] : NAN;
    *column = merged;
    return RW_OK;
}

/* Reads what the groups say of single edges. */
static rw_err read_attributes(rw_sonata_edges *edges, const rw_h5_location *group) {
    static const char folder[] = "dynamics_params";
    const double *weight, *delay;
    RW_TRY(rw_sonata_groups_load(&edges->groups, edges->arena, group, "edge", edges->count));
    RW_TRY(rw_sonata_groups_numbers(&edges->groups, edges->arena, NULL, "syn_weight", &edges->weight));
    RW_TRY(rw_sonata_groups_numbers(&edges->groups, edges->arena, NULL, "delay", &edges->delay_ms));
    RW_TRY(rw_sonata_groups_numbers(&edges->groups, edges->arena, NULL, "nsyns", &edges->n_synapses));
    RW_TRY(rw_sonata_groups_numbers(&edges->groups, edges->arena, folder, "weight", &weight));
    RW_TRY(rw_sonata_groups_numbers(&edges->groups, edges->arena, folder, "delay", &delay));
    RW_TRY(override(edges, weight, &edges->weight));
    return override(edges, delay, &edges->delay_ms);
}

static rw_err load(rw_sonata_edges *edges, const rw_h5_location *group, uint64_t n_sources, uint64_t n_targets) {
    uint64_t *type_id = NULL;
    RW_TRY(read_node_ids(edges, group, "source_node_id", n_sources, &edges->source));
    RW_TRY(read_node_ids(edges, group, "target_node_id", n_targets, &edges->target));
    RW_TRY(RW_ARENA_NEW(edges->arena, type_id, edges->count));
    RW_TRY(rw_h5_read_u64(group, "edge_type_id", edges->count, type_id));
    edges->type_id = type_id;
    return read_attributes(edges, group);
}

rw_err rw_sonata_edges_load(rw_sonata_edges *edges, const rw_h5_location *group, uint64_t n_sources,
                            uint64_t n_targets) {
    *edges = (rw_sonata_edges){0};
    RW_TRY(rw_h5_read_length(group, "source_node_id", &edges->count));
    RW_TRY(rw_arena_create(&edges->arena));
    rw_err err = load(edges, group, n_sources, n_targets);
    if (err != RW_OK)
        rw_sonata_edges_free(edges);
    return err;
}
