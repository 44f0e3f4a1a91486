/* A pool of slots in blocks of 2^k: a buddy allocator (Knowlton 1965, Commun ACM 8:623). A free block is joined with
 * its neighbour if that is free too; blocks at the front of the pool are allocated first. */
#ifndef RW_NET_BUDDY_ALLOCATOR_H
#define RW_NET_BUDDY_ALLOCATOR_H

#include <stdint.h>

#include "base/error.h"

enum { RW_BUDDY_ORDER = 6, RW_BUDDY_ORDERS = 30 }; /* the smallest block has 2^6 slots; number of sizes */

typedef struct {
    uint64_t size;                    /* slots of the pool */
    uint64_t capacity;                /* slots that there are tables for */
    uint64_t *free[RW_BUDDY_ORDERS];  /* [capacity / slots of a block / 64 + 1] a bit for each block that is free */
    uint64_t first[RW_BUDDY_ORDERS];  /* no element of `free` before this one has such a bit */
    uint64_t n_free[RW_BUDDY_ORDERS]; /* blocks */
} rw_buddy_allocator;

/* Slots of a block of an order, 0 .. RW_BUDDY_ORDERS - 1. */
static inline uint64_t rw_buddy_slots(unsigned order) {
    return (uint64_t)1 << (order + RW_BUDDY_ORDER);
}

/* Allocates a block; *begin is a multiple of its slots. The pool becomes longer where no block is free. A zeroed
 * allocator is an empty pool. Errors: RW_ERR_SYSTEM; nothing is then allocated. */
RW_MUST_CHECK rw_err rw_buddy_allocator_allocate(rw_buddy_allocator *allocator, unsigned order, uint64_t *begin);

/* Frees a block that was allocated. */
void rw_buddy_allocator_free(rw_buddy_allocator *allocator, unsigned order, uint64_t begin);

/* Frees the tables; a zeroed allocator is fine. */
void rw_buddy_allocator_destroy(rw_buddy_allocator *allocator);

#endif
