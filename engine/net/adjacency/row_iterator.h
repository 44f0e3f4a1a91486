/* Goes through the synapses of a row in order, although its tail is unsorted. */
#ifndef RW_NET_ROW_ITERATOR_H
#define RW_NET_ROW_ITERATOR_H

#include "net/adjacency/adjacency.h"

/* Iterates over the live slots of a row, by packed target and serial. */
typedef struct {
    const rw_adjacency *adjacency;
    uint64_t slot, tail; /* the next slot of the sorted part, and the first of the tail */
    uint32_t n, k;       /* synapses of the tail, and how many of them have been returned */
    uint32_t packed[RW_MAX_TAIL];
    uint64_t slots[RW_MAX_TAIL];
} rw_row_iterator;

/* Begins at the first synapse of a source. */
void rw_row_iterator_begin(rw_row_iterator *row, const rw_adjacency *adjacency, uint64_t source);

/* The slot of the next synapse; false if there is none left. */
static inline bool rw_row_iterator_next(rw_row_iterator *row, uint64_t *slot) {
    const rw_adjacency *adjacency = row->adjacency;
    while (row->slot < row->tail && !rw_adjacency_is_live(adjacency, row->slot))
        row->slot++;
    bool more = row->slot < row->tail;
    if (row->k < row->n && (!more || row->packed[row->k] < adjacency->synapses[row->slot].packed)) {
        *slot = row->slots[row->k++];
        return true;
    }
    *slot = row->slot++;
    return more;
}

#endif
