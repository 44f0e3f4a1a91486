#include "net/adjacency/row_iterator.h"

void rw_row_iterator_begin(rw_row_iterator *row, const rw_adjacency *adjacency, uint64_t source) {
    uint64_t tail = rw_adjacency_tail(adjacency, source), end = rw_adjacency_end(adjacency, source);
    row->adjacency = adjacency;
    row->slot = rw_adjacency_start(adjacency, source);
    row->tail = tail;
    row->n = row->k = 0;
    for (uint64_t slot = tail; slot < end; slot++) {
        if (!rw_adjacency_is_live(adjacency, slot))
            continue;
        uint32_t at = row->n++, packed = adjacency->synapses[slot].packed;
        for (; at > 0 && row->packed[at - 1] > packed; at--) {
            row->packed[at] = row->packed[at - 1];
            row->slots[at] = row->slots[at - 1];
        }
        row->packed[at] = packed;
        row->slots[at] = slot;
    }
}
