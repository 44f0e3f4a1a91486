#include "net/building/row_order.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { SHORT_ROW = 32, RADIX = 256 };

static void insertion_sort(rw_synapse *row, uint32_t n) {
    for (uint32_t k = 1; k < n; k++) {
        rw_synapse synapse = row[k];
        uint32_t at = k;
        for (; at > 0 && row[at - 1].packed > synapse.packed; at--)
            row[at] = row[at - 1];
        row[at] = synapse;
    }
}

/* Stable sort by bytes, least first; bytes that are equal in all of them are passed over. */
static void radix_sort(rw_synapse *row, rw_synapse *scratch, uint32_t n) {
    rw_synapse *from = row, *to = scratch;
    for (uint32_t shift = 0; shift < 32; shift += 8) {
        uint32_t at[RADIX] = {0};
        for (uint32_t k = 0; k < n; k++)
            at[from[k].packed >> shift & (RADIX - 1)]++;
        if (at[from[0].packed >> shift & (RADIX - 1)] == n)
            continue;
        uint32_t sum = 0;
        for (uint32_t digit = 0; digit < RADIX; digit++) {
            uint32_t count = at[digit];
            at[digit] = sum;
            sum += count;
        }
        for (uint32_t k = 0; k < n; k++)
            to[at[from[k].packed >> shift & (RADIX - 1)]++] = from[k];
        rw_synapse *swap = from;
        from = to;
        to = swap;
    }
    if (from != row)
        memcpy(row, from, n * sizeof *row);
}

static void sort_row(rw_synapse *row, rw_synapse *scratch, uint32_t n) {
    if (n <= SHORT_ROW)
        insertion_sort(row, n);
    else
        radix_sort(row, scratch, n);
}

/* Compact rows are sorted as synapses; scratch [2 n]. */
static void sort_targets(uint16_t *targets, rw_synapse *scratch, uint32_t n) {
    for (uint32_t k = 0; k < n; k++)
        scratch[k] = (rw_synapse){.packed = targets[k]};
    sort_row(scratch, scratch + n, n);
    for (uint32_t k = 0; k < n; k++)
        targets[k] = (uint16_t)scratch[k].packed;
}

static uint32_t longest_row(const rw_adjacency *adjacency) {
    uint32_t longest = 0;
    for (uint64_t row = 0; row < adjacency->n_rows; row++)
        longest = adjacency->count[row] > longest ? adjacency->count[row] : longest;
    return longest;
}

rw_err rw_adjacency_order(rw_adjacency *adjacency) {
    rw_synapse *scratch = NULL;
    RW_TRY(RW_NEW(scratch, 2 * (size_t)longest_row(adjacency), "sorting synapses"));
    for (uint64_t row = 0; row < adjacency->n_rows; row++) {
        if (adjacency->targets != NULL)
            sort_targets(adjacency->targets + adjacency->start[row], scratch, adjacency->count[row]);
        else
            sort_row(adjacency->synapses + adjacency->start[row], scratch, adjacency->count[row]);
    }
    rw_free(scratch);
    return RW_OK;
}

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
    RW_TRY(RW_NEW(keys, longest_row(adjacency), "numbering synapses"));
    for (uint64_t source = 0; source < adjacency->n_sources; source++) {
        uint32_t first = earlier[source];
        for (int before = 0; before < thread; before++)
            first += projection->adjacency[before].count[source];
        number_row(adjacency, source, projection->packing, first, keys);
    }
    rw_free(keys);
    return RW_OK;
}

rw_err rw_projection_serials(const rw_network *network, const rw_projection *projection, uint32_t **earlier,
                             uint32_t *total) {
    uint64_t n_sources = network->populations[projection->source].count;
    RW_TRY(rw_comm_agree(network->partition.comm, RW_NEW(*earlier, n_sources, "numbering synapses")));
    for (int t = 0; t < network->partition.n_threads; t++)
        for (uint64_t source = 0; source < n_sources; source++)
            (*earlier)[source] += rw_adjacency_count(&projection->adjacency[t], source);
    if (total != NULL) {
        memcpy(total, *earlier, n_sources * sizeof total[0]);
        RW_TRY(rw_comm_reduce(network->partition.comm, total, n_sources, RW_U32, RW_SUM));
    }
    return rw_comm_sum_before(network->partition.comm, *earlier, n_sources);
}
