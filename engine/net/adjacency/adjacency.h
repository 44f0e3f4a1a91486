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
 * dropped; a row that is full moves to an extent of larger capacity (adjacency_compact.h). So the slot of a synapse
 * does not affect any result, and differs with the number of threads. What matters is the order by packed target and
 * serial: functions that number a row's synapses count those of the tail as if they had been merged. */
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
    rw_synapse *synapses; /* [pool_size]; NULL: the rows are compact, or gathered */
    uint16_t *targets;    /* [pool_size] of compact rows: indices in the slice; NULL: the rows are not compact */
    float weight;         /* of every synapse of compact rows */
    const struct rw_fan_out_part *gathered; /* where the synapses are (fan_out.h); NULL: in this adjacency. Slots are
                                               then only their numbers */
    float *states; /* [pool_size x n_states] what plasticity keeps of each synapse besides its weight */
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

/* Synapses of the longest row. */
uint32_t rw_adjacency_longest_row(const rw_adjacency *adjacency);

/* Moves n slots of the pool, with all that belongs to them but the bits of `tombstones`; the ranges may overlap. */
void rw_adjacency_move(rw_adjacency *adjacency, uint64_t to, uint64_t from, uint64_t n);

/* Prefetches where a source's row is: before rw_adjacency_prefetch, where time allows. */
static inline void rw_adjacency_prefetch_row(const rw_adjacency *adjacency, uint64_t source) {
    __builtin_prefetch(adjacency->start + source);
    __builtin_prefetch(adjacency->count + source);
    __builtin_prefetch(adjacency->slots + source);
}

/* Prefetches the slot of the next synapse of a row that can change. */
static inline void rw_adjacency_prefetch_end(const rw_adjacency *adjacency, uint64_t source) {
    uint64_t slot = adjacency->start[source] + adjacency->slots[source].used;
    __builtin_prefetch(adjacency->synapses + slot, 1);
    __builtin_prefetch(adjacency->serials + slot, 1);
}

/* The synapse in a slot of the pool, compact or not; not of gathered rows, which rw_row_reader reads. */
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
