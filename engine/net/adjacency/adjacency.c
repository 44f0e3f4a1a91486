#include "net/adjacency/adjacency.h"

#include <string.h>

#include "base/memory.h"

rw_err rw_adjacency_drop_empty_rows(rw_adjacency *adjacency) {
    uint64_t n_rows = 0, n_groups = adjacency->n_sources / 64 + 1;
    for (uint64_t source = 0; source < adjacency->n_sources; source++)
        n_rows += adjacency->count[source] > 0;
    if (n_rows > adjacency->n_sources / 2)
        return RW_OK;
    uint32_t *count = NULL;
    RW_TRY(RW_NEW(count, n_rows + 1, "synapses"));
    rw_err err = RW_NEW(adjacency->present, n_groups, "synapses");
    if (err == RW_OK)
        err = RW_NEW(adjacency->before, n_groups, "synapses");
    if (err != RW_OK) {
        rw_free(count);
        return err;
    }
    uint32_t row = 0;
    for (uint64_t source = 0; source < adjacency->n_sources; source++) {
        if (source % 64 == 0)
            adjacency->before[source / 64] = row;
        if (adjacency->count[source] == 0)
            continue;
        adjacency->present[source / 64] |= (uint64_t)1 << (source % 64);
        count[row++] = adjacency->count[source];
    }
    rw_free(adjacency->count);
    adjacency->count = count;
    adjacency->n_rows = n_rows;
    return RW_OK;
}

void rw_adjacency_destroy(rw_adjacency *adjacency) {
    rw_free(adjacency->present);
    rw_free(adjacency->before);
    rw_free(adjacency->start);
    rw_free(adjacency->count);
    rw_free(adjacency->slots);
    rw_free(adjacency->tombstones);
    rw_free(adjacency->synapses);
    rw_free(adjacency->targets);
    rw_free(adjacency->serials);
    rw_free(adjacency->states);
    rw_extents_destroy(&adjacency->extents);
    rw_reverse_adjacency_destroy(&adjacency->reverse);
    *adjacency = (rw_adjacency){0};
}

void rw_adjacency_move(rw_adjacency *adjacency, uint64_t to, uint64_t from, uint64_t n) {
    uint32_t width = adjacency->n_states;
    memmove(adjacency->synapses + to, adjacency->synapses + from, n * sizeof *adjacency->synapses);
    memmove(adjacency->serials + to, adjacency->serials + from, n * sizeof *adjacency->serials);
    if (width > 0)
        memmove(adjacency->states + to * width, adjacency->states + from * width,
                n * width * sizeof *adjacency->states);
}

uint32_t rw_adjacency_longest_row(const rw_adjacency *adjacency) {
    uint32_t longest = 0;
    for (uint64_t row = 0; row < adjacency->n_rows; row++)
        longest = adjacency->count[row] > longest ? adjacency->count[row] : longest;
    return longest;
}
