#include "io/sonata/sonata_in_edges.h"

#include <inttypes.h>
#include <stdio.h>

#include "io/hdf5/h5_read.h"

void rw_sonata_edges_free(rw_sonata_edges *edges) {
    rw_free(edges->source);
    rw_free(edges->target);
    rw_free(edges->type_id);
    rw_free(edges->weight);
    rw_free(edges->delay_ms);
    rw_free(edges->n_synapses);
    *edges = (rw_sonata_edges){0};
}

static rw_err read_node_ids(const rw_h5_location *group, const char *column, uint64_t count, uint64_t n_nodes,
                            uint64_t **ids) {
    RW_TRY(RW_NEW(*ids, count, "edges"));
    RW_TRY(rw_h5_read_u64(group, column, count, *ids));
    for (uint64_t e = 0; e < count; e++)
        RW_CHECK((*ids)[e] < n_nodes, RW_ERR_INPUT,
                 "%s: dataset %s/%s, row %" PRIu64 ": node %" PRIu64 " does not exist; the population has %" PRIu64
                 " nodes, counted from 0",
                 group->file, group->group, column, e, (*ids)[e], n_nodes);
    return RW_OK;
}

/* The attribute group that all edges belong to; SONATA allows several, NEST and we do not. */
static rw_err find_attribute_group(const rw_h5_location *group, uint64_t count, uint64_t *scratch, uint64_t *which) {
    *which = 0;
    if (!rw_h5_has(group, "edge_group_id"))
        return RW_OK;
    RW_TRY(rw_h5_read_u64(group, "edge_group_id", count, scratch));
    for (uint64_t e = 0; e < count; e++)
        RW_CHECK(scratch[e] == scratch[0], RW_ERR_INPUT,
                 "%s: dataset %s/edge_group_id, row %" PRIu64 ": a second edge group, %" PRIu64
                 "; only populations with one group are read",
                 group->file, group->group, e, scratch[e]);
    *which = count > 0 ? scratch[0] : 0;
    return RW_OK;
}

/* Brings the values of an attribute group into the order of the edges. index [count] is edge_group_index. */
static rw_err put_in_order(const rw_h5_location *group, uint64_t count, const uint64_t *index, uint64_t n_values,
                           const double *values, double *ordered) {
    for (uint64_t e = 0; e < count; e++) {
        RW_CHECK(index[e] < n_values, RW_ERR_INPUT,
                 "%s: dataset %s/edge_group_index, row %" PRIu64 ": entry %" PRIu64
                 " does not exist; the group has %" PRIu64,
                 group->file, group->group, e, index[e], n_values);
        ordered[e] = values[index[e]];
    }
    return RW_OK;
}

/* Reads a column of the attribute group; *values stays NULL if it is not there. */
static rw_err read_attribute(const rw_h5_location *group, const rw_h5_location *attributes, const char *column,
                             uint64_t count, const uint64_t *index, double **values) {
    uint64_t n_values;
    double *stored = NULL;
    if (!rw_h5_has(attributes, column))
        return RW_OK;
    RW_TRY(rw_h5_read_length(attributes, column, &n_values));
    RW_TRY(RW_NEW(*values, count, "edges"));
    if (index == NULL)
        return rw_h5_read_finite(attributes, column, count, *values);
    RW_TRY(RW_NEW(stored, n_values, "edges"));
    rw_err err = rw_h5_read_finite(attributes, column, n_values, stored);
    if (err == RW_OK)
        err = put_in_order(group, count, index, n_values, stored, *values);
    rw_free(stored);
    return err;
}

static rw_err read_attributes(rw_sonata_edges *edges, const rw_h5_location *group, const char *name,
                              const uint64_t *index) {
    rw_h5_location attributes;
    if (!rw_h5_has(group, name))
        return RW_OK;
    RW_TRY(rw_h5_open_group(&attributes, group, name));
    rw_err err = RW_OK;
    if (rw_h5_has(&attributes, "dynamics_params"))
        err = rw_fail(
            RW_ERR_INPUT,
            "%s: group %s/dynamics_params gives parameters for single edges, which are not read; syn_weight and "
            "delay are",
            attributes.file, attributes.group);
    if (err == RW_OK)
        err = read_attribute(group, &attributes, "syn_weight", edges->count, index, &edges->weight);
    if (err == RW_OK)
        err = read_attribute(group, &attributes, "delay", edges->count, index, &edges->delay_ms);
    if (err == RW_OK)
        err = read_attribute(group, &attributes, "nsyns", edges->count, index, &edges->n_synapses);
    rw_h5_close(&attributes);
    return err;
}

static rw_err load(rw_sonata_edges *edges, const rw_h5_location *group, uint64_t n_sources, uint64_t n_targets,
                   uint64_t *index) {
    uint64_t which;
    char name[24];
    RW_TRY(read_node_ids(group, "source_node_id", edges->count, n_sources, &edges->source));
    RW_TRY(read_node_ids(group, "target_node_id", edges->count, n_targets, &edges->target));
    RW_TRY(RW_NEW(edges->type_id, edges->count, "edges"));
    RW_TRY(rw_h5_read_u64(group, "edge_type_id", edges->count, edges->type_id));
    RW_TRY(find_attribute_group(group, edges->count, index, &which));
    bool has_index = rw_h5_has(group, "edge_group_index");
    if (has_index)
        RW_TRY(rw_h5_read_u64(group, "edge_group_index", edges->count, index));
    (void)snprintf(name, sizeof name, "%" PRIu64, which);
    return read_attributes(edges, group, name, has_index ? index : NULL);
}

rw_err rw_sonata_edges_load(rw_sonata_edges *edges, const rw_h5_location *group, uint64_t n_sources,
                            uint64_t n_targets) {
    uint64_t *index = NULL;
    *edges = (rw_sonata_edges){0};
    RW_TRY(rw_h5_read_length(group, "source_node_id", &edges->count));
    RW_TRY(RW_NEW(index, edges->count, "edges"));
    rw_err err = load(edges, group, n_sources, n_targets, index);
    rw_free(index);
    if (err != RW_OK)
        rw_sonata_edges_free(edges);
    return err;
}
