#include "net/edges/serials.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static int compare_keys(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Serials of one row, from `first` on; keys [row length] is scratch. */
static void number_row(const rw_adjacency *adjacency, uint64_t source, rw_packing packing, uint32_t first,
                       uint64_t *keys) {
    const rw_synapse *row = adjacency->synapses + adjacency->start[source];
    uint32_t *serials = adjacency->serials + adjacency->start[source];
    uint32_t n = adjacency->count[source];
    for (uint32_t k = 0; k < n; k++)
        keys[k] = (uint64_t)rw_packed_target(packing, row[k].packed) << 32 | k;
    if (n > 0 && packing.target_bits < 32)
        qsort(keys, n, sizeof *keys, compare_keys);
    for (uint32_t k = 0; k < n; k++)
        serials[(uint32_t)keys[k]] = first + k;
}

rw_err rw_projection_number(rw_projection *projection, int thread, const uint32_t *earlier) {
    const rw_adjacency *adjacency = &projection->adjacency[thread];
    uint64_t *keys = NULL;
    RW_TRY(RW_NEW(keys, rw_adjacency_longest_row(adjacency), "numbering synapses"));
    for (uint64_t source = 0; source < adjacency->n_sources; source++) {
        uint32_t first = earlier[source];
        for (int before = 0; before < thread; before++)
            first += projection->adjacency[before].count[source];
        number_row(adjacency, source, projection->packing, first, keys);
    }
    rw_free(keys);
    return RW_OK;
}

rw_err rw_projection_serials(const rw_partition *partition, const rw_projection *projection, uint32_t **earlier,
                             uint32_t *total) {
    uint64_t n_sources = projection->n_sources;
    RW_TRY(rw_comm_agree(partition->comm, RW_NEW(*earlier, n_sources, "numbering synapses")));
    for (int t = 0; t < partition->n_threads; t++)
        for (uint64_t source = 0; source < n_sources; source++)
            (*earlier)[source] += rw_adjacency_count(&projection->adjacency[t], source);
    if (total != NULL) {
        memcpy(total, *earlier, n_sources * sizeof total[0]);
        RW_TRY(rw_comm_reduce(partition->comm, total, n_sources, RW_U32, RW_SUM));
    }
    return rw_comm_sum_before(partition->comm, *earlier, n_sources);
}
