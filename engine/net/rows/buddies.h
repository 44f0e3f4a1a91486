/* A pool of places in blocks of 2^k: a buddy system (Knowlton 1965, Commun ACM 8:623). Blocks that are free unite with
 * their neighbours, and are taken from the front of the pool first. */
#ifndef RW_NET_BUDDIES_H
#define RW_NET_BUDDIES_H

#include <stdint.h>

#include "base/error.h"

enum { RW_BUDDY_ORDER = 6, RW_BUDDY_ORDERS = 30 }; /* the smallest block has 2^6 places; sizes */

typedef struct {
    uint64_t size;                    /* places of the pool */
    uint64_t room;                    /* places that there are tables for */
    uint64_t *free[RW_BUDDY_ORDERS];  /* [room / places / 64 + 1] a bit for each block that is free */
    uint64_t first[RW_BUDDY_ORDERS];  /* no word before has such a bit */
    uint64_t n_free[RW_BUDDY_ORDERS]; /* blocks */
} rw_buddies;

/* Places of a block of an order, 0 .. RW_BUDDY_ORDERS - 1. */
static inline uint64_t rw_buddy_places(unsigned order) {
    return (uint64_t)1 << (order + RW_BUDDY_ORDER);
}

/* Takes a block; *begin is a multiple of its places. The pool becomes longer where none is free. Zeroed blocks are an
 * empty pool. Errors: RW_ERR_SYSTEM; none is then taken. */
RW_MUST_CHECK rw_err rw_buddies_take(rw_buddies *buddies, unsigned order, uint64_t *begin);

/* Gives a block back that was taken. */
void rw_buddies_give(rw_buddies *buddies, unsigned order, uint64_t begin);

/* Frees the tables; zeroed blocks are fine. */
void rw_buddies_destroy(rw_buddies *buddies);

#endif
