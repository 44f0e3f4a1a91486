#include "net/building/row_order.h"

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

rw_err rw_adjacency_order(rw_adjacency *adjacency) {
    rw_synapse *scratch = NULL;
    RW_TRY(RW_NEW(scratch, 2 * (size_t)rw_adjacency_longest_row(adjacency), "sorting synapses"));
    for (uint64_t row = 0; row < adjacency->n_rows; row++) {
        if (adjacency->targets != NULL)
            sort_targets(adjacency->targets + adjacency->start[row], scratch, adjacency->count[row]);
        else
            sort_row(adjacency->synapses + adjacency->start[row], scratch, adjacency->count[row]);
    }
    rw_free(scratch);
    return RW_OK;
}
