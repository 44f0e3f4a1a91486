/* The reverse adjacency: the sources of each target of a slice, for rows that can change. A dendrite needs it to find
 * one of its synapses, which are stored in the rows of their sources.
 *
 * Each target has a list with 2 bytes for each of its synapses: the number of its source or, where there are more than
 * 2^16 sources, of a block of 2^shift of them; the rows of the block say which. Lists are ascending but for an unsorted
 * tail, which is ascending by itself: a new synapse shifts only part of the tail, and from time to time the tail is
 * merged. Lists have free slots at their end, and after deletions also before their start; a list that is full moves to
 * an extent of larger capacity in the pool. */
#ifndef RW_NET_REVERSE_ADJACENCY_H
#define RW_NET_REVERSE_ADJACENCY_H

#include <stdbool.h>
#include <stdint.h>

#include "net/adjacency/extents.h"

typedef struct {
    uint64_t start; /* in the pool */
    uint32_t count, capacity;
    uint32_t sorted; /* those before the tail */
    uint32_t first;  /* free slots before the list, which deletions left */
} rw_source_list;

typedef struct {
    uint32_t shift;        /* block of a source: source >> shift, below 2^16 */
    uint32_t n_blocks;     /* > 0 */
    uint64_t n_targets;    /* 0: nothing is kept */
    rw_source_list *lists; /* [n_targets] */
    uint16_t *blocks;      /* [pool_size] */
    uint64_t pool_size;
    rw_extents *extents;
} rw_reverse_adjacency;

/* Empty lists with capacity for counts[n_targets] synapses onto each target. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_reverse_adjacency_create(rw_reverse_adjacency *reverse, uint64_t n_sources, uint64_t n_targets,
                                                 const uint32_t *counts);

/* Frees the lists; zeroed ones are fine. */
void rw_reverse_adjacency_destroy(rw_reverse_adjacency *reverse);

/* Makes sure that one more synapse onto a target can be added, and merges a long tail. Errors: RW_ERR_SYSTEM; nothing
 * is then lost. */
RW_MUST_CHECK rw_err rw_reverse_adjacency_reserve(rw_reverse_adjacency *reverse, uint32_t target);

/* Adds a synapse, for which there must be a free slot. */
void rw_reverse_adjacency_add(rw_reverse_adjacency *reverse, uint32_t target, uint64_t source);

/* Deletes one of the synapses from a source, of which there must be one. */
void rw_reverse_adjacency_delete(rw_reverse_adjacency *reverse, uint32_t target, uint64_t source);

/* Whether a target may have a synapse from a source: it has one from the source's block; with shift 0, from the source.
 */
bool rw_reverse_adjacency_may_have(const rw_reverse_adjacency *reverse, uint32_t target, uint64_t source);

/* Synapse number k of a target, by source, k < the target's count: it is number *number of those that come from the
 * 2^shift sources from *first_source on. */
void rw_reverse_adjacency_find(const rw_reverse_adjacency *reverse, uint32_t target, uint32_t k, uint64_t *first_source,
                               uint32_t *number);

/* The blocks of a list [count]. */
static inline uint16_t *rw_reverse_adjacency_blocks(const rw_reverse_adjacency *reverse, const rw_source_list *list) {
    return reverse->blocks + list->start + list->first;
}

/* Prefetches a target's list. */
static inline void rw_reverse_adjacency_prefetch_list(const rw_reverse_adjacency *reverse, uint32_t target) {
    __builtin_prefetch(&reverse->lists[target]);
}

/* Prefetches the slot of number k of a list. */
static inline void rw_reverse_adjacency_prefetch_number(const rw_reverse_adjacency *reverse, uint32_t target,
                                                        uint32_t k) {
    const uint16_t *blocks = rw_reverse_adjacency_blocks(reverse, &reverse->lists[target]);
    __builtin_prefetch(blocks + k);
    __builtin_prefetch(blocks + reverse->lists[target].sorted);
}

/* Prefetches the slot in which the next synapse will be added. */
static inline void rw_reverse_adjacency_prefetch_end(const rw_reverse_adjacency *reverse, uint32_t target) {
    const rw_source_list *list = &reverse->lists[target];
    __builtin_prefetch(rw_reverse_adjacency_blocks(reverse, list) + list->count, 1);
}

/* Prefetches the likely slots of a source in a target's list. */
void rw_reverse_adjacency_prefetch_source(const rw_reverse_adjacency *reverse, uint32_t target, uint64_t source);

#endif
