#include "net/edge_walk.h"

void rw_edge_counts(const rw_network *network, const rw_projection *projection, uint32_t *counts) {
    for (uint64_t source = 0; source < projection->rows[0].n_sources; source++) {
        counts[source] = 0;
        for (int t = 0; t < network->n_threads; t++)
            counts[source] += rw_rows_count(&projection->rows[t], source);
    }
}

/* Adds the row of one source and thread, whose targets begin at `offset`; returns where the next one goes. */
static rw_walked_edge *add_row(const rw_rows *rows, uint32_t source, uint32_t offset, rw_walked_edge *next) {
    for (uint64_t place = rw_rows_start(rows, source); place < rw_rows_end(rows, source); place++) {
        const rw_synapse *synapse = &rows->synapses[place];
        *next = (rw_walked_edge){source, offset + synapse->word, rows->serials[place], synapse->weight};
        next += rw_rows_holds(rows, place); /* a gap is overwritten */
    }
    return next;
}

void rw_edge_walk(const rw_network *network, const rw_projection *projection, uint32_t first, uint32_t end,
                  rw_walked_edge *edges) {
    RW_ASSERT(projection->spec->structural && projection->layout.target_bits == 32);
    for (uint32_t source = first; source < end; source++)
        for (int t = 0; t < network->n_threads; t++) {
            rw_slice slice = rw_network_thread_slice(network, projection->target, t);
            edges = add_row(&projection->rows[t], source, (uint32_t)slice.begin, edges);
        }
}
