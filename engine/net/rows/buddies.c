#include "net/rows/buddies.h"

#include <stdbool.h>

#include "base/memory.h"

static bool is_free(const rw_buddies *buddies, unsigned order, uint64_t block) {
    return (block + 1) * rw_buddy_places(order) <= buddies->size &&
           (buddies->free[order][block / 64] >> (block % 64) & 1) != 0;
}

void rw_buddies_give(rw_buddies *buddies, unsigned order, uint64_t begin) {
    uint64_t block = begin / rw_buddy_places(order);
    for (; order + 1 < RW_BUDDY_ORDERS && is_free(buddies, order, block ^ 1); order++, block /= 2) {
        buddies->free[order][block / 64] &= ~((uint64_t)1 << ((block ^ 1) % 64));
        buddies->n_free[order]--;
    }
    buddies->free[order][block / 64] |= (uint64_t)1 << (block % 64);
    buddies->n_free[order]++;
    buddies->first[order] = block / 64 < buddies->first[order] ? block / 64 : buddies->first[order];
}

/* Takes the first free block of an order, of which there is one. */
static uint64_t take_first(rw_buddies *buddies, unsigned order) {
    uint64_t *word = buddies->free[order] + buddies->first[order];
    while (*word == 0)
        word++;
    buddies->first[order] = (uint64_t)(word - buddies->free[order]);
    uint64_t block = 64 * buddies->first[order] + (uint64_t)__builtin_ctzll(*word);
    *word &= *word - 1;
    buddies->n_free[order]--;
    return block * rw_buddy_places(order);
}

/* Makes the tables long enough for a pool of `size` places. */
static rw_err reserve_tables(rw_buddies *buddies, uint64_t size) {
    enum { LEAST = 1024 };
    if (size <= buddies->room)
        return RW_OK;
    uint64_t room = size + size / 2 + LEAST;
    for (unsigned order = 0; order < RW_BUDDY_ORDERS; order++) {
        uint64_t old = buddies->room == 0 ? 0 : buddies->room / rw_buddy_places(order) / 64 + 1;
        RW_TRY(RW_GROW(buddies->free[order], old, room / rw_buddy_places(order) / 64 + 1, "synapses"));
    }
    buddies->room = room;
    return RW_OK;
}

/* Makes the pool longer by a block; what lies before it, where such a block cannot begin, becomes free. */
static rw_err extend(rw_buddies *buddies, unsigned order) {
    uint64_t places = rw_buddy_places(order), begin = (buddies->size + places - 1) / places * places;
    RW_TRY(reserve_tables(buddies, begin + places));
    for (unsigned k; buddies->size < begin + places; rw_buddies_give(buddies, k, buddies->size - rw_buddy_places(k))) {
        for (k = 0; k < order && buddies->size % rw_buddy_places(k + 1) == 0;)
            k++;
        buddies->size += rw_buddy_places(k);
    }
    return RW_OK;
}

rw_err rw_buddies_take(rw_buddies *buddies, unsigned order, uint64_t *begin) {
    unsigned larger = order;
    while (larger < RW_BUDDY_ORDERS && buddies->n_free[larger] == 0)
        larger++;
    if (larger == RW_BUDDY_ORDERS) {
        RW_TRY(extend(buddies, order));
        for (larger = order; buddies->n_free[larger] == 0;) /* it may have united with one before it */
            larger++;
    }
    *begin = take_first(buddies, larger);
    while (larger-- > order)
        rw_buddies_give(buddies, larger, *begin + rw_buddy_places(larger));
    return RW_OK;
}

void rw_buddies_destroy(rw_buddies *buddies) {
    for (unsigned order = 0; order < RW_BUDDY_ORDERS; order++)
        rw_free(buddies->free[order]);
    *buddies = (rw_buddies){0};
}
