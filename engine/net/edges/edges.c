/* How many synapses a projection has, and all of them at once. */
#include "net/edges/edge_slabs.h"

uint64_t rw_projection_count(const rw_network *network, const rw_projection *projection) {
    uint64_t count = 0;
    for (int t = 0; t < network->partition.n_threads; t++)
        for (uint64_t row = 0; row < projection->adjacency[t].n_rows; row++)
            count += projection->adjacency[t].count[row];
    return count;
}

double rw_projection_bytes(const rw_network *network, const rw_projection *projection) {
    double bytes = projection->next_serial != NULL ? 4.0 * (double)projection->adjacency[0].n_sources : 0.0;
    for (int t = 0; t < network->partition.n_threads; t++) {
        const rw_adjacency *adjacency = &projection->adjacency[t];
        double row = 8.0 + 4.0 + (adjacency->slots != NULL ? sizeof adjacency->slots[0] : 0.0);
        double synapse = (adjacency->targets != NULL ? 2.0 : 8.0) + (adjacency->tombstones != NULL ? 0.125 : 0.0) +
                         (adjacency->serials != NULL ? 4.0 : 0.0) + 4.0 * adjacency->n_states;
        uint64_t groups = adjacency->present != NULL ? adjacency->n_sources / 64 + 1 : 0;
        bytes += row * (double)adjacency->n_rows + 12.0 * (double)groups + synapse * (double)adjacency->pool_size;
        bytes += (double)sizeof(rw_source_list) * (double)adjacency->reverse.n_targets +
                 2.0 * (double)adjacency->reverse.pool_size;
        bytes += rw_extents_bytes(adjacency->extents) + rw_extents_bytes(adjacency->reverse.extents);
    }
    return bytes;
}

rw_err rw_projection_total(const rw_network *network, const rw_projection *projection, uint64_t *total) {
    *total = rw_projection_count(network, projection);
    return rw_comm_reduce(network->partition.comm, total, 1, RW_U64, RW_SUM);
}

float rw_synapse_weight(const rw_network *network, const rw_projection *projection, int thread, uint64_t slot) {
    rw_synapse synapse = rw_adjacency_synapse(&projection->adjacency[thread], slot);
    if (projection->plasticity.factor == NULL)
        return synapse.weight;
    uint64_t first = rw_partition_thread_slice(&network->partition, projection->n_targets, thread).begin;
    return synapse.weight *
           (float)projection->plasticity.factor[first + rw_packed_target(projection->packing, synapse.packed)];
}

rw_err rw_projection_edges(const rw_network *network, const rw_projection *projection, rw_edge **edges) {
    rw_edge_slabs slabs;
    *edges = NULL;
    RW_TRY(rw_edge_slabs_begin(&slabs, network, projection, UINT64_MAX));
    rw_err err = rw_comm_agree(network->partition.comm, rw_edge_slabs_next(&slabs));
    if (err == RW_OK) {
        *edges = slabs.edges;
        slabs.edges = NULL;
    }
    rw_edge_slabs_end(&slabs);
    return err;
}
