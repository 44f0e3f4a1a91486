#include "net/adjacency/adjacency_compact.h"

#include <string.h>

#include "base/memory.h"
#include "model/synapse.h"

/* The first of slots [slot, end) that is live, or that is a tombstone; `end` if there is none. */
static uint64_t next_slot(const rw_adjacency *adjacency, uint64_t slot, uint64_t end, bool live) {
    uint64_t flip = live ? ~(uint64_t)0 : 0;
    while (slot < end) {
        uint64_t found = (adjacency->tombstones[slot / 64] ^ flip) >> (slot % 64);
        if (found != 0) {
            slot += (uint64_t)__builtin_ctzll(found);
            break;
        }
        slot += 64 - slot % 64;
    }
    return slot < end ? slot : end;
}

/* Clears the tombstones' bits of slots [slot, end): outside of rows there are none. */
static void clear_tombstones(rw_adjacency *adjacency, uint64_t slot, uint64_t end) {
    for (slot = next_slot(adjacency, slot, end, false); slot < end; slot = next_slot(adjacency, slot, end, false))
        adjacency->tombstones[slot / 64] &= ~((uint64_t)1 << (slot % 64));
}

/* Copies the live synapses of slots [slot, end) of a row to slots from `to` on, which lie before them or are free.
 * Returns how many there are. */
static uint32_t copy_live(rw_adjacency *adjacency, uint64_t slot, uint64_t end, uint64_t to) {
    uint64_t first = to;
    for (uint64_t stop; slot < end; slot = stop) {
        slot = next_slot(adjacency, slot, end, true);
        stop = next_slot(adjacency, slot, end, false);
        if (to != slot)
            rw_adjacency_move(adjacency, to, slot, stop - slot);
        to += stop - slot;
    }
    return (uint32_t)(to - first);
}

/* Makes the pool as long as the extents need, and somewhat longer, so that it seldom grows. */
static rw_err grow_pool(rw_adjacency *adjacency) {
    uint64_t used = adjacency->pool_size, needed = rw_extents_size(adjacency->extents), size = needed + needed / 32;
    if (needed <= used)
        return RW_OK;
    RW_TRY(RW_GROW(adjacency->synapses, used, size, "synapses"));
    RW_TRY(RW_GROW(adjacency->serials, used, size, "synapses"));
    RW_TRY(RW_GROW(adjacency->states, used * adjacency->n_states, size * adjacency->n_states, "synapses"));
    RW_TRY(RW_GROW(adjacency->tombstones, used / 64 + 1, size / 64 + 1, "synapses"));
    adjacency->pool_size = size; /* an array that grew before another failed does no harm */
    return RW_OK;
}

/* A synapse outside of the pool. */
typedef struct {
    rw_synapse synapse;
    uint32_t serial;
    float states[RW_SYNAPSE_STATES + 1];
} loose_synapse;

/* Copies the n synapses from a slot on, sorted by packed target and serial. */
static void copy_sorted(const rw_adjacency *adjacency, uint64_t slot, uint32_t n, loose_synapse *out) {
    for (uint32_t k = 0; k < n; k++, slot++) {
        loose_synapse item = {.synapse = adjacency->synapses[slot], .serial = adjacency->serials[slot]};
        for (uint32_t s = 0; s < adjacency->n_states; s++)
            item.states[s] = adjacency->states[slot * adjacency->n_states + s];
        uint32_t at = k;
        for (; at > 0 && out[at - 1].synapse.packed > item.synapse.packed; at--)
            out[at] = out[at - 1];
        out[at] = item;
    }
}

static void store(rw_adjacency *adjacency, uint64_t slot, const loose_synapse *item) {
    adjacency->synapses[slot] = item->synapse;
    adjacency->serials[slot] = item->serial;
    for (uint32_t s = 0; s < adjacency->n_states; s++)
        adjacency->states[slot * adjacency->n_states + s] = item->states[s];
}

/* Merges n synapses of the tail, which follow the sorted ones from `start` on, into these, from the last to the first.
 */
static void merge(rw_adjacency *adjacency, uint64_t start, uint32_t sorted, uint32_t n) {
    loose_synapse tail[RW_MAX_TAIL];
    uint64_t end = start + sorted;
    copy_sorted(adjacency, end, n, tail);
    while (n-- > 0) {
        uint64_t at = end;
        while (at > start && adjacency->synapses[at - 1].packed > tail[n].synapse.packed)
            at--;
        rw_adjacency_move(adjacency, at + n + 1, at, end - at);
        store(adjacency, at + n, &tail[n]);
        end = at;
    }
}

/* Moves a row to `to`, merged and without tombstones. */
static void compact(rw_adjacency *adjacency, uint64_t source, uint64_t to) {
    rw_row_slots *row = &adjacency->slots[source];
    uint64_t tail = rw_adjacency_tail(adjacency, source), end = rw_adjacency_end(adjacency, source);
    uint32_t sorted = copy_live(adjacency, adjacency->start[source], tail, to);
    uint32_t n = copy_live(adjacency, tail, end, to + sorted);
    merge(adjacency, to, sorted, n);
    clear_tombstones(adjacency, adjacency->start[source], end);
    adjacency->start[source] = to;
    row->used = row->sorted = sorted + n;
}

void rw_adjacency_merge(rw_adjacency *adjacency, uint64_t source) {
    compact(adjacency, source, adjacency->start[source]);
}

/* Moves a row as it is to another extent of its capacity. */
static void move_row(rw_adjacency *adjacency, const rw_extent_move *move) {
    uint64_t end = move->from + adjacency->slots[move->owner].used;
    rw_adjacency_move(adjacency, move->to, move->from, end - move->from);
    for (uint64_t tombstone = next_slot(adjacency, move->from, end, false); tombstone < end;
         tombstone = next_slot(adjacency, tombstone, end, false)) {
        uint64_t slot = tombstone - move->from + move->to;
        adjacency->tombstones[tombstone / 64] &= ~((uint64_t)1 << (tombstone % 64));
        adjacency->tombstones[slot / 64] |= (uint64_t)1 << (slot % 64);
    }
    adjacency->start[move->owner] = move->to;
}

/* Moves a row to an extent of capacity n or more. */
static rw_err grow_row(rw_adjacency *adjacency, uint64_t source, uint32_t n) {
    rw_row_slots *row = &adjacency->slots[source];
    uint32_t old_capacity = row->capacity, capacity;
    uint64_t from = adjacency->start[source], to;
    rw_extent_move move;
    RW_TRY(rw_extents_allocate(adjacency->extents, (uint32_t)source, n, &to, &capacity));
    rw_err err = grow_pool(adjacency);
    if (err != RW_OK) {
        (void)rw_extents_free(adjacency->extents, to, capacity, &move); /* the last one allocated: no list moves */
        return err;
    }
    compact(adjacency, source, to);
    row->capacity = capacity;
    if (old_capacity > 0 && rw_extents_free(adjacency->extents, from, old_capacity, &move))
        move_row(adjacency, &move);
    return RW_OK;
}

rw_err rw_adjacency_reserve(rw_adjacency *adjacency, uint64_t source) {
    const rw_row_slots *row = &adjacency->slots[source];
    uint32_t enough =
        adjacency->count[source] + adjacency->count[source] / 32 + 1; /* with less, it would be merged all the time */
    if (row->used == row->capacity && enough > row->capacity)
        return grow_row(adjacency, source, enough);
    compact(adjacency, source, adjacency->start[source]);
    return RW_OK;
}
