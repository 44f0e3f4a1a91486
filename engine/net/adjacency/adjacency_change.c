#include "net/adjacency/adjacency_change.h"

#include "net/adjacency/adjacency_compact.h"
#include "net/adjacency/reverse_adjacency.h"

rw_err rw_adjacency_insert(rw_adjacency *adjacency, uint64_t source, rw_synapse synapse, uint32_t serial,
                           const float *states) {
    RW_ASSERT(adjacency->slots != NULL && source < adjacency->n_sources && synapse.packed < UINT32_MAX);
    rw_row_slots *row = &adjacency->slots[source];
    if (row->used == row->capacity || row->used - row->sorted == RW_MAX_TAIL)
        RW_TRY(rw_adjacency_reserve(adjacency, source));
    if (adjacency->reverse.n_targets > 0) {
        RW_TRY(rw_reverse_adjacency_reserve(&adjacency->reverse, synapse.packed));
        rw_reverse_adjacency_add(&adjacency->reverse, synapse.packed, source);
    }
    uint64_t slot = adjacency->start[source] + row->used++;
    adjacency->synapses[slot] = synapse;
    adjacency->serials[slot] = serial;
    for (uint32_t k = 0; k < adjacency->n_states; k++)
        adjacency->states[slot * adjacency->n_states + k] = states[k];
    adjacency->count[source]++;
    return RW_OK;
}

void rw_adjacency_delete(rw_adjacency *adjacency, uint64_t source, uint64_t slot) {
    RW_ASSERT(adjacency->slots != NULL && slot - adjacency->start[source] < adjacency->slots[source].used &&
              rw_adjacency_is_live(adjacency, slot));
    adjacency->synapses[slot].weight = 0.0f;
    adjacency->tombstones[slot / 64] |= (uint64_t)1 << (slot % 64);
    adjacency->count[source]--;
    if (adjacency->reverse.n_targets > 0)
        rw_reverse_adjacency_delete(&adjacency->reverse, adjacency->synapses[slot].packed, source);
}

void rw_adjacency_delete_marked(rw_adjacency *adjacency, uint64_t source, const bool *marked) {
    RW_ASSERT(adjacency->slots == NULL && adjacency->present == NULL && adjacency->serials != NULL);
    uint64_t start = adjacency->start[source], kept = 0;
    for (uint32_t k = 0; k < adjacency->count[source]; k++) {
        if (marked[k])
            continue;
        if (kept < k)
            rw_adjacency_move(adjacency, start + kept, start + k, 1);
        kept++;
    }
    adjacency->count[source] = (uint32_t)kept;
}
