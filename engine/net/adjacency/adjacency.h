/* The store of synapses: the outgoing adjacency of one projection for one thread, as a padded CSR. Each source has a
 * row of its synapses onto the thread's own cells.
 *
 * Built for delivery first: a row is contiguous and ascending by packed target, so a spike reads memory forward, one
 * delay after the other, targets ascending. Where all weights and all delays are equal and nothing changes, rows are
 * compact: a synapse is only its target, 2 bytes, so that a cache line holds four times as many.
 *
 * Built for change second: a new synapse is appended to its row, in the unsorted tail; a deleted one leaves a
 * tombstone. A tombstone keeps its packed target and has weight 0, so delivery needs no branch for it: adding 0 changes
 * no sum. When the tail is long, or no slot is left, the tail is merged into the sorted part and tombstones are
 * dropped; a row that is full moves to an extent of larger capacity (compact.c). So the slot of a synapse does not
 * affect any result, and differs with the number of threads. What matters is the order by packed target and serial:
 * functions that number a row's synapses count those of the tail as if they had been merged. */
#ifndef RW_NET_ADJACENCY_H
#define RW_NET_ADJACENCY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/random.h"
#include "net/adjacency/extents.h"
#include "net/adjacency/reverse_adjacency.h"

/* 8 bytes. Packed target: high bits the delay class (delay - min_delay), low bits the target's index in the slice. */
typedef struct {
    uint32_t packed;
    float weight;
} rw_synapse;

/* How a packed target splits. */
typedef struct {
    uint32_t target_bits; /* low bits that name the target; 32: all delays are equal */
    uint32_t target_mask;
} rw_packing;

enum { RW_MAX_TAIL = 48 };

/* Slots of a row that can change, counted from its start. */
typedef struct {
    uint32_t capacity; /* of the extent */
    uint32_t used;     /* slots before the free ones */
    uint32_t
        sorted; /* slots before the unsorted tail, which is ascending by serial; the tail has at most RW_MAX_TAIL */
} rw_row_slots;

typedef struct {
    uint64_t n_sources;
    uint64_t n_rows;      /* n_sources, or less where sources without synapses have no row: see rw_adjacency_row */
    uint64_t *present;    /* [n_sources / 64 + 1] a bit for each source that has a row; NULL: all have */
    uint32_t *before;     /* [n_sources / 64 + 1] rows of the sources before those of an element of `present` */
    uint64_t *start;      /* [n_rows] first slot of a row in the pool */
    uint32_t *count;      /* [n_rows] synapses */
    rw_row_slots *slots;  /* [n_sources]; NULL: rows cannot change, all their slots hold synapses and are sorted */
    uint64_t *tombstones; /* [pool_size / 64 + 1] a bit for each slot that is a tombstone; NULL: there are none */
    rw_synapse *synapses; /* [pool_size]; NULL: the rows are compact */
    uint16_t *targets;    /* [pool_size] of compact rows: indices in the slice; NULL: the rows are not compact */
    float weight;         /* of every synapse of compact rows */
    float *states;        /* [pool_size x n_states] what plasticity keeps of each synapse besides its weight */
    uint32_t n_states;
    uint32_t *serials;   /* [pool_size] serial number of each synapse among all its source ever had in the projection;
                            NULL: rows cannot change, and the serial is implied (see rw_projection_edges) */
    uint32_t packed_end; /* packed targets are below it and about evenly spread: where a search begins; 0: unknown */
    uint64_t pool_size;
    rw_extents *extents;          /* where rows lie that can change; NULL: one after the other */
    rw_reverse_adjacency reverse; /* the sources of each target; empty where rows cannot change, or delays differ */
} rw_adjacency;

/* The row of a source. Where most sources have no synapse, rows that cannot change are kept for the other sources only;
 * an empty row, number n_rows, stands for the rest. Otherwise a row has the number of its source. */
static inline uint64_t rw_adjacency_row(const rw_adjacency *adjacency, uint64_t source) {
    if (adjacency->present == NULL)
        return source;
    uint64_t group = adjacency->present[source / 64], bit = (uint64_t)1 << (source % 64);
    if ((group & bit) == 0)
        return adjacency->n_rows;
    return adjacency->before[source / 64] + (uint64_t)__builtin_popcountll(group & (bit - 1));
}

/* How many synapses a source has. */
static inline uint32_t rw_adjacency_count(const rw_adjacency *adjacency, uint64_t source) {
    return adjacency->count[rw_adjacency_row(adjacency, source)];
}

/* A source's synapses are in the slots start .. end - 1 that are live, that is, no tombstones. */
static inline uint64_t rw_adjacency_start(const rw_adjacency *adjacency, uint64_t source) {
    return adjacency->start[rw_adjacency_row(adjacency, source)];
}

static inline uint64_t rw_adjacency_end(const rw_adjacency *adjacency, uint64_t source) {
    uint64_t row = rw_adjacency_row(adjacency, source);
    return adjacency->start[row] + (adjacency->slots != NULL ? adjacency->slots[row].used : adjacency->count[row]);
}

/* The first slot of the unsorted tail, which reaches to the end. */
static inline uint64_t rw_adjacency_tail(const rw_adjacency *adjacency, uint64_t source) {
    return adjacency->slots != NULL ? adjacency->start[source] + adjacency->slots[source].sorted
                                    : rw_adjacency_end(adjacency, source);
}

static inline bool rw_adjacency_is_live(const rw_adjacency *adjacency, uint64_t slot) {
    return adjacency->tombstones == NULL || (adjacency->tombstones[slot / 64] >> (slot % 64) & 1) == 0;
}

/* Leaves out the rows of sources without synapses, if these are most; for an adjacency of which only `count` is set.
 * Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_adjacency_drop_empty_rows(rw_adjacency *adjacency);

/* Frees what the adjacency holds; a zeroed one is fine. */
void rw_adjacency_destroy(rw_adjacency *adjacency);

/* Allocates extents for rows that can change, with some spare capacity, for the lengths in `count`; sets start, slots
 * and pool_size. The rows are then empty, and as many synapses as `count` said can be stored from the start of each.
 * Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_adjacency_allocate(rw_adjacency *adjacency);

/* Makes rows ready to change whose synapses have been stored from the start of each: sets `slots`, makes the
 * tombstones' bits, builds the reverse adjacency. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_adjacency_finish(rw_adjacency *adjacency);

/* Moves n slots of the pool, with all that belongs to them but the bits of `tombstones`; the ranges may overlap. */
void rw_adjacency_move(rw_adjacency *adjacency, uint64_t to, uint64_t from, uint64_t n);

/* Makes sure that one more synapse can be appended to a row: merges its tail, in an extent of larger capacity if
 * necessary; other rows may move. Errors: RW_ERR_SYSTEM; no synapse is then lost. */
RW_MUST_CHECK rw_err rw_adjacency_reserve(rw_adjacency *adjacency, uint64_t source);

/* Merges the unsorted tail of a row into its sorted part, and drops tombstones. */
void rw_adjacency_merge(rw_adjacency *adjacency, uint64_t source);

/* Adds a synapse with states [n_states] (NULL if there are none); its serial is greater than that of any synapse its
 * source had. Errors: RW_ERR_SYSTEM; the adjacency is then unchanged. */
RW_MUST_CHECK rw_err rw_adjacency_insert(rw_adjacency *adjacency, uint64_t source, rw_synapse synapse, uint32_t serial,
                                         const float *states);

/* Deletes the synapse in a slot of the source's row. Others stay where they are. */
void rw_adjacency_delete(rw_adjacency *adjacency, uint64_t source, uint64_t slot);

/* Deletes the marked synapses [count of the row] of a row that cannot change otherwise; the others move together. */
void rw_adjacency_delete_marked(rw_adjacency *adjacency, uint64_t source, const bool *marked);

/* The first slot of the sorted part of a source's row whose packed target is at least `packed`, tombstones included;
 * the first slot of the tail if there is none. */
uint64_t rw_adjacency_search(const rw_adjacency *adjacency, uint64_t source, uint32_t packed);

/* Whether a source has a synapse onto a target of the slice, in rows that can change. */
bool rw_adjacency_connects(const rw_adjacency *adjacency, uint64_t source, uint32_t target);

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

/* Prefetches where a source's row is: before rw_adjacency_prefetch, where time allows. */
static inline void rw_adjacency_prefetch_row(const rw_adjacency *adjacency, uint64_t source) {
    __builtin_prefetch(adjacency->start + source);
    __builtin_prefetch(adjacency->count + source);
    __builtin_prefetch(adjacency->slots + source);
}

/* Prefetches the likely slot of a packed target in a row that can change, and the row's tail. */
void rw_adjacency_prefetch(const rw_adjacency *adjacency, uint64_t source, uint32_t packed);

/* Prefetches the likely slot of synapse number k of a source. */
void rw_adjacency_prefetch_number(const rw_adjacency *adjacency, uint64_t source, uint32_t k);

/* Prefetches the slot of the next synapse of a row that can change. */
static inline void rw_adjacency_prefetch_end(const rw_adjacency *adjacency, uint64_t source) {
    uint64_t slot = adjacency->start[source] + adjacency->slots[source].used;
    __builtin_prefetch(adjacency->synapses + slot, 1);
    __builtin_prefetch(adjacency->serials + slot, 1);
}

/* The slot of synapse number k of a source, by packed target and serial, k < rw_adjacency_count. Merges a long tail. */
uint64_t rw_adjacency_select(rw_adjacency *adjacency, uint64_t source, uint32_t k);

/* The slot of synapse number k onto a target, by source, and *source. k < adjacency->reverse.lists[target].count.
 * Merges a long tail. */
uint64_t rw_adjacency_select_incoming(rw_adjacency *adjacency, uint32_t target, uint32_t k, uint64_t *source);

/* The synapse in a slot of the pool, compact or not. */
static inline rw_synapse rw_adjacency_synapse(const rw_adjacency *adjacency, uint64_t slot) {
    return adjacency->targets != NULL ? (rw_synapse){adjacency->targets[slot], adjacency->weight}
                                      : adjacency->synapses[slot];
}

static inline uint32_t rw_packed_target(rw_packing packing, uint32_t packed) {
    return packed & packing.target_mask;
}

static inline uint32_t rw_packed_delay_class(rw_packing packing, uint32_t packed) {
    return packing.target_bits == 32 ? 0 : packed >> packing.target_bits;
}

#endif
