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

/* What a row of late delays becomes. */
typedef struct {
    rw_packing from, to;
    uint32_t min_delay, n_classes;
    uint32_t *at; /* [n_classes] scratch; NULL: sort by packed target */
} repacking;

static uint32_t class_of(const repacking *how, uint32_t packed) {
    return rw_packed_delay_class(how->from, packed) - how->min_delay;
}

static uint32_t repacked(const repacking *how, uint32_t packed) {
    uint32_t delay_class = how->to.target_bits < 32 ? class_of(how, packed) << how->to.target_bits : 0;
    return delay_class | rw_packed_target(how->from, packed);
}

/* Stable sort by delay class, by counting. */
static void sort_by_delay(rw_synapse *row, rw_synapse *scratch, uint32_t n, const repacking *how) {
    uint32_t *at = how->at, sum = 0;
    memset(at, 0, how->n_classes * sizeof *at);
    for (uint32_t k = 0; k < n; k++)
        at[class_of(how, row[k].packed)]++;
    for (uint32_t class = 0; class < how->n_classes; class ++) {
        uint32_t count = at[class];
        at[class] = sum;
        sum += count;
    }
    for (uint32_t k = 0; k < n; k++)
        scratch[at[class_of(how, row[k].packed)]++] = (rw_synapse){repacked(how, row[k].packed), row[k].weight};
    memcpy(row, scratch, n * sizeof *row);
}

static void order_late_row(rw_synapse *row, rw_synapse *scratch, uint32_t n, const repacking *how) {
    if (how->at != NULL && n > SHORT_ROW) {
        sort_by_delay(row, scratch, n, how);
        return;
    }
    for (uint32_t k = 0; k < n; k++)
        row[k].packed = repacked(how, row[k].packed);
    sort_row(row, scratch, n);
}

rw_err rw_adjacency_order_late(rw_adjacency *adjacency, rw_packing from, rw_packing to, uint32_t min_delay,
                               uint32_t n_classes, bool ascending) {
    repacking how = {.from = from, .to = to, .min_delay = min_delay, .n_classes = n_classes};
    rw_synapse *scratch = NULL;
    RW_TRY(RW_NEW(scratch, rw_adjacency_longest_row(adjacency), "sorting synapses"));
    rw_err err = ascending && n_classes <= RADIX ? RW_NEW(how.at, n_classes, "sorting synapses") : RW_OK;
    for (uint64_t row = 0; err == RW_OK && row < adjacency->n_rows; row++)
        order_late_row(adjacency->synapses + adjacency->start[row], scratch, adjacency->count[row], &how);
    rw_free(how.at);
    rw_free(scratch);
    return err;
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
