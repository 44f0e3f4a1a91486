#include "net/adjacency/buddy_allocator.h"

#include <stdbool.h>

#include "base/memory.h"

static bool is_free(const rw_buddy_allocator *allocator, unsigned order, uint64_t block) {
    return (block + 1) * rw_buddy_slots(order) <= allocator->size &&
           (allocator->free[order][block / 64] >> (block % 64) & 1) != 0;
}

void rw_buddy_allocator_free(rw_buddy_allocator *allocator, unsigned order, uint64_t begin) {
    uint64_t block = begin / rw_buddy_slots(order);
    for (; order + 1 < RW_BUDDY_ORDERS && is_free(allocator, order, block ^ 1); order++, block /= 2) {
        allocator->free[order][block / 64] &= ~((uint64_t)1 << ((block ^ 1) % 64));
        allocator->n_free[order]--;
    }
    allocator->free[order][block / 64] |= (uint64_t)1 << (block % 64);
    allocator->n_free[order]++;
    allocator->first[order] = block / 64 < allocator->first[order] ? block / 64 : allocator->first[order];
}

/* Allocates the first free block of an order, of which there must be one. */
static uint64_t allocate_first(rw_buddy_allocator *allocator, unsigned order) {
    uint64_t *group = allocator->free[order] + allocator->first[order];
    while (*group == 0)
        group++;
    allocator->first[order] = (uint64_t)(group - allocator->free[order]);
    uint64_t block = 64 * allocator->first[order] + (uint64_t)__builtin_ctzll(*group);
    *group &= *group - 1;
    allocator->n_free[order]--;
    return block * rw_buddy_slots(order);
}

/* Makes the tables long enough for a pool of `size` slots. */
static rw_err reserve_tables(rw_buddy_allocator *allocator, uint64_t size) {
    enum { LEAST = 1024 };
    if (size <= allocator->capacity)
        return RW_OK;
    uint64_t capacity = size + size / 2 + LEAST;
    for (unsigned order = 0; order < RW_BUDDY_ORDERS; order++) {
        uint64_t old = allocator->capacity == 0 ? 0 : allocator->capacity / rw_buddy_slots(order) / 64 + 1;
        RW_TRY(RW_GROW(allocator->free[order], old, capacity / rw_buddy_slots(order) / 64 + 1, "synapses"));
    }
    allocator->capacity = capacity;
    return RW_OK;
}

/* Makes the pool longer by one block; slots before the block that its alignment leaves over become free blocks. */
static rw_err extend(rw_buddy_allocator *allocator, unsigned order) {
    uint64_t slots = rw_buddy_slots(order), begin = (allocator->size + slots - 1) / slots * slots;
    RW_TRY(reserve_tables(allocator, begin + slots));
    for (unsigned k; allocator->size < begin + slots;
         rw_buddy_allocator_free(allocator, k, allocator->size - rw_buddy_slots(k))) {
        for (k = 0; k < order && allocator->size % rw_buddy_slots(k + 1) == 0;)
            k++;
        allocator->size += rw_buddy_slots(k);
    }
    return RW_OK;
}

rw_err rw_buddy_allocator_allocate(rw_buddy_allocator *allocator, unsigned order, uint64_t *begin) {
    unsigned larger = order;
    while (larger < RW_BUDDY_ORDERS && allocator->n_free[larger] == 0)
        larger++;
    if (larger == RW_BUDDY_ORDERS) {
        RW_TRY(extend(allocator, order));
        for (larger = order; allocator->n_free[larger] == 0;) /* the block may have been joined with the one before */
            larger++;
    }
    *begin = allocate_first(allocator, larger);
    while (larger-- > order)
        rw_buddy_allocator_free(allocator, larger, *begin + rw_buddy_slots(larger));
    return RW_OK;
}

void rw_buddy_allocator_destroy(rw_buddy_allocator *allocator) {
    for (unsigned order = 0; order < RW_BUDDY_ORDERS; order++)
        rw_free(allocator->free[order]);
    *allocator = (rw_buddy_allocator){0};
}
