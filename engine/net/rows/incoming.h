/* Which sources the targets of a slice have synapses from, for rows that can change: what a dendrite needs to find one
 * of its synapses, which lie in the rows of their sources.
 *
 * Each target has a list with a number of 2 bytes for each of its synapses: its source, or, where sources are more than
 * 2^16, a block of 2^shift of them; the rows of the block tell which. Lists are ascending, but for the last few, the
 * newcomers, which are ascending by themselves: a synapse that forms shifts these only, and from time to time they are
 * merged with the others. Lists have room at their end, or on both sides when some
 * have gone; one that is full moves to a wider extent of the pool. */
#ifndef RW_NET_INCOMING_H
#define RW_NET_INCOMING_H

#include <stdbool.h>
#include <stdint.h>

#include "net/rows/extents.h"

typedef struct {
    uint64_t start; /* in the pool */
    uint32_t count, span;
    uint32_t sorted; /* those that are no newcomers */
    uint32_t first;  /* places before the list that are free: what was removed */
} rw_incoming_list;

typedef struct {
    uint32_t shift;          /* block of a source: source >> shift, below 2^16 */
    uint32_t n_blocks;       /* > 0 */
    uint64_t n_targets;      /* 0: nothing is kept */
    rw_incoming_list *lists; /* [n_targets] */
    uint16_t *blocks;        /* [pool_size] */
    uint64_t pool_size;
    rw_extents *extents;
} rw_incoming;

/* Lists for counts[n_targets] synapses onto each target, which are to be appended. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_incoming_create(rw_incoming *incoming, uint64_t n_sources, uint64_t n_targets,
                                        const uint32_t *counts);

/* Frees the lists; zeroed ones are fine. */
void rw_incoming_destroy(rw_incoming *incoming);

/* Makes room for one more synapse onto a target, and merges newcomers that are many. Errors: RW_ERR_SYSTEM; nothing is
 * then lost. */
RW_MUST_CHECK rw_err rw_incoming_reserve(rw_incoming *incoming, uint32_t target);

/* Adds a synapse, for which there must be room. */
void rw_incoming_add(rw_incoming *incoming, uint32_t target, uint64_t source);

/* Removes one of the synapses from a source, which there must be. */
void rw_incoming_remove(rw_incoming *incoming, uint32_t target, uint64_t source);

/* Whether a target may have a synapse from a source: it has, if shift is 0, and otherwise from one of its block. */
bool rw_incoming_may_have(const rw_incoming *incoming, uint32_t target, uint64_t source);

/* Of synapse number k of a target, by source: sources from *first_source on, 2^shift of them, have it as number
 * *number of theirs. k < the target's count. */
void rw_incoming_find(const rw_incoming *incoming, uint32_t target, uint32_t k, uint64_t *first_source,
                      uint32_t *number);

/* The numbers of a list [count]. */
static inline uint16_t *rw_incoming_numbers(const rw_incoming *incoming, const rw_incoming_list *list) {
    return incoming->blocks + list->start + list->first;
}

/* Asks memory for a target's list. */
static inline void rw_incoming_prefetch_list(const rw_incoming *incoming, uint32_t target) {
    __builtin_prefetch(&incoming->lists[target]);
}

/* Asks memory for where the list has number k. */
static inline void rw_incoming_prefetch_number(const rw_incoming *incoming, uint32_t target, uint32_t k) {
    const uint16_t *numbers = rw_incoming_numbers(incoming, &incoming->lists[target]);
    __builtin_prefetch(numbers + k);
    __builtin_prefetch(numbers + incoming->lists[target].sorted);
}

/* Asks memory for where the next synapse will be added. */
static inline void rw_incoming_prefetch_end(const rw_incoming *incoming, uint32_t target) {
    const rw_incoming_list *list = &incoming->lists[target];
    __builtin_prefetch(rw_incoming_numbers(incoming, list) + list->count, 1);
}

/* Asks memory for where the list is likely to have a source. */
void rw_incoming_prefetch_source(const rw_incoming *incoming, uint32_t target, uint64_t source);

#endif
