/* Where lists that grow and shrink lie in one pool: each in an extent of places that has some room to spare.
 *
 * Sizes of extents are 2^b / 8 .. 2^b / 15, some nine per cent apart, and all of one size lie side by side, in slabs of
 * 2^b places, which are blocks of the pool. A list that outgrows its extent takes one of the next size and gives its
 * own back. Once one in 128 extents of a size is a hole, lists of one slab move into them until it can be given back.
 * So a pool has no more places than its lists need, a tenth apart, however they grow, and is never laid out anew. */
#ifndef RW_NET_EXTENTS_H
#define RW_NET_EXTENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

typedef struct rw_extents rw_extents;

/* What an owner's list must do: move from one extent to another of the same size. */
typedef struct {
    uint64_t from, to;
    uint32_t owner;
} rw_extent_move;

/* Those of an empty pool. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_extents_create(rw_extents **extents);

/* Frees them; *extents may be NULL and becomes NULL. */
void rw_extents_destroy(rw_extents **extents);

/* Takes an extent of *span >= n > 0 places from *start on, for which the pool may have to be longer.
 * Errors: RW_ERR_SYSTEM; nothing is then taken. */
RW_MUST_CHECK rw_err rw_extents_take(rw_extents *extents, uint32_t owner, uint32_t n, uint64_t *start, uint32_t *span);

/* Gives an extent back that was taken. Returns whether another list must move now. */
bool rw_extents_give(rw_extents *extents, uint64_t start, uint32_t span, rw_extent_move *move);

/* Places that the pool must have: all extents lie below. */
uint64_t rw_extents_size(const rw_extents *extents);

/* Memory of the tables, bytes; 0 if there are none. */
double rw_extents_bytes(const rw_extents *extents);

#endif
