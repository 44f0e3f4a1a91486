/* Finds synapses in their rows: by target, and by number. */
#ifndef RW_NET_ADJACENCY_SEARCH_H
#define RW_NET_ADJACENCY_SEARCH_H

#include "net/adjacency/adjacency.h"

/* The first slot of the sorted part of a source's row whose packed target is at least `packed`, tombstones included;
 * the first slot of the tail if there is none. */
uint64_t rw_adjacency_search(const rw_adjacency *adjacency, uint64_t source, uint32_t packed);

/* Whether a source has a synapse onto a target of the slice, in rows that can change. */
bool rw_adjacency_connects(const rw_adjacency *adjacency, uint64_t source, uint32_t target);

/* Prefetches the likely slot of a packed target in a row that can change, and the row's tail. */
void rw_adjacency_prefetch(const rw_adjacency *adjacency, uint64_t source, uint32_t packed);

/* Prefetches the likely slot of synapse number k of a source. */
void rw_adjacency_prefetch_number(const rw_adjacency *adjacency, uint64_t source, uint32_t k);

/* The slot of synapse number k of a source, by packed target and serial, k < rw_adjacency_count. Merges a long tail. */
uint64_t rw_adjacency_select(rw_adjacency *adjacency, uint64_t source, uint32_t k);

/* The slot of synapse number k onto a target, by source, and *source. k < adjacency->reverse.lists[target].count.
 * Merges a long tail. */
uint64_t rw_adjacency_select_incoming(rw_adjacency *adjacency, uint32_t target, uint32_t k, uint64_t *source);

#endif
