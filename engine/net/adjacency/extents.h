/* An allocator for lists that grow and shrink in one pool: each list has an extent of slots with some spare capacity.
 *
 * Capacities are 2^b / 8 .. 2^b / 15, about nine per cent apart. Extents of one capacity lie side by side in slabs of
 * 2^b slots, which are blocks of a buddy allocator. A list that outgrows its extent allocates one of the next capacity
 * and frees its own. When more than one in 128 extents of a capacity are holes, lists of one slab move into the holes
 * until that slab can be freed. So a pool has only about a tenth more slots than its lists need, however they grow, and
 * is never rebuilt. */
#ifndef RW_NET_EXTENTS_H
#define RW_NET_EXTENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

typedef struct rw_extents rw_extents;

/* What the caller must do with an owner's list: move it from one extent to another of the same capacity. */
typedef struct {
    uint64_t from, to;
    uint32_t owner;
} rw_extent_move;

/* Those of an empty pool. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_extents_create(rw_extents **extents);

/* Destroys them; *extents may be NULL and becomes NULL. */
void rw_extents_destroy(rw_extents **extents);

/* Allocates an extent of *capacity >= n > 0 slots from *start on; the pool may have to become longer.
 * Errors: RW_ERR_SYSTEM; nothing is then allocated. */
RW_MUST_CHECK rw_err rw_extents_allocate(rw_extents *extents, uint32_t owner, uint32_t n, uint64_t *start,
                                         uint32_t *capacity);

/* Frees an extent that was allocated. Returns whether another list must move now. */
bool rw_extents_free(rw_extents *extents, uint64_t start, uint32_t capacity, rw_extent_move *move);

/* Slots that the pool must have: all extents lie below. */
uint64_t rw_extents_size(const rw_extents *extents);

/* Memory of the tables, bytes; 0 if there are none. */
double rw_extents_bytes(const rw_extents *extents);

#endif
