/* How many synapses a projection has, and all of them at once. */
#include "net/edges/edge_slabs.h"

uint64_t rw_projection_count(const rw_network *network, const rw_projection *projection) {
    uint64_t count = 0;
    for (int t = 0; t < network->n_threads; t++)
        for (uint64_t row = 0; row < projection->rows[t].n_rows; row++)
            count += projection->rows[t].count[row];
    return count;
}

double rw_projection_bytes(const rw_network *network, const rw_projection *projection) {
    double bytes = projection->next_serial != NULL ? 4.0 * (double)projection->rows[0].n_sources : 0.0;
    for (int t = 0; t < network->n_threads; t++) {
        const rw_rows *rows = &projection->rows[t];
        double row = 8.0 + 4.0 + (rows->places != NULL ? sizeof rows->places[0] : 0.0);
        double synapse = (rows->targets != NULL ? 2.0 : 8.0) + (rows->gaps != NULL ? 0.125 : 0.0) +
                         (rows->serials != NULL ? 4.0 : 0.0) + 4.0 * rows->n_states;
        uint64_t groups = rows->present != NULL ? rows->n_sources / 64 + 1 : 0;
        bytes += row * (double)rows->n_rows + 12.0 * (double)groups + synapse * (double)rows->pool_size;
        bytes += (double)sizeof(rw_incoming_list) * (double)rows->incoming.n_targets +
                 2.0 * (double)rows->incoming.pool_size;
        bytes += rw_extents_bytes(rows->extents) + rw_extents_bytes(rows->incoming.extents);
    }
    return bytes;
}

rw_err rw_projection_total(const rw_network *network, const rw_projection *projection, uint64_t *total) {
    *total = rw_projection_count(network, projection);
    return rw_comm_reduce(network->comm, total, 1, RW_U64, RW_SUM);
}

float rw_synapse_weight(const rw_network *network, const rw_projection *projection, int thread, uint64_t place) {
    rw_synapse synapse = rw_rows_synapse(&projection->rows[thread], place);
    if (projection->plasticity.factor == NULL)
        return synapse.weight;
    uint64_t first = rw_network_thread_slice(network, projection->target, thread).begin;
    return synapse.weight *
           (float)projection->plasticity.factor[first + rw_word_target(projection->layout, synapse.word)];
}

rw_err rw_projection_edges(const rw_network *network, const rw_projection *projection, rw_edge **edges) {
    rw_edge_slabs slabs;
    *edges = NULL;
    RW_TRY(rw_edge_slabs_begin(&slabs, network, projection, UINT64_MAX));
    rw_err err = rw_comm_agree(network->comm, rw_edge_slabs_next(&slabs));
    if (err == RW_OK) {
        *edges = slabs.edges;
        slabs.edges = NULL;
    }
    rw_edge_slabs_end(&slabs);
    return err;
}
