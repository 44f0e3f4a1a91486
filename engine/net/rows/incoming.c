#include "net/rows/incoming.h"

#include <string.h>

#include "base/memory.h"

rw_err rw_incoming_create(rw_incoming *incoming, uint64_t n_sources, uint64_t n_targets, const uint32_t *counts) {
    *incoming = (rw_incoming){.n_targets = n_targets};
    while (n_sources >> incoming->shift > UINT16_MAX)
        incoming->shift++;
    incoming->n_blocks = (uint32_t)(n_sources >> incoming->shift) + 1;
    RW_TRY(RW_NEW(incoming->lists, n_targets, "synapses"));
    RW_TRY(rw_extents_create(&incoming->extents));
    for (uint64_t target = 0; target < n_targets; target++) {
        rw_incoming_list *list = &incoming->lists[target];
        if (counts[target] > 0)
            RW_TRY(rw_extents_take(incoming->extents, (uint32_t)target, counts[target] + 1, &list->start, &list->span));
    }
    incoming->pool_size = rw_extents_size(incoming->extents);
    return RW_NEW(incoming->blocks, incoming->pool_size, "synapses");
}

void rw_incoming_destroy(rw_incoming *incoming) {
    rw_free(incoming->lists);
    rw_free(incoming->blocks);
    rw_extents_destroy(&incoming->extents);
    *incoming = (rw_incoming){0};
}

/* Makes the pool as long as the extents need it, and somewhat longer, so that it seldom grows. */
static rw_err grow_pool(rw_incoming *incoming) {
    uint64_t needed = rw_extents_size(incoming->extents), size = needed + needed / 32;
    if (needed <= incoming->pool_size)
        return RW_OK;
    RW_TRY(RW_GROW(incoming->blocks, incoming->pool_size, size, "synapses"));
    incoming->pool_size = size;
    return RW_OK;
}

rw_err rw_incoming_reserve(rw_incoming *incoming, uint32_t target) {
    rw_incoming_list *list = &incoming->lists[target], old = *list;
    rw_extent_move move;
    if (list->count < list->span)
        return RW_OK;
    uint64_t to;
    uint32_t span;
    RW_TRY(rw_extents_take(incoming->extents, target, old.count + 1, &to, &span));
    rw_err err = grow_pool(incoming);
    if (err != RW_OK) {
        (void)rw_extents_give(incoming->extents, to, span, &move); /* the last one taken: no other moves */
        return err;
    }
    uint16_t *blocks = incoming->blocks;
    if (old.count > 0)
        memcpy(blocks + to, blocks + old.start, old.count * sizeof *blocks);
    list->start = to;
    list->span = span;
    if (old.span > 0 && rw_extents_give(incoming->extents, old.start, old.span, &move)) {
        memcpy(blocks + move.to, blocks + move.from, incoming->lists[move.owner].count * sizeof *blocks);
        incoming->lists[move.owner].start = move.to;
    }
    return RW_OK;
}

/* Where a list of evenly spread sources would have a block. */
static uint32_t guess_of(const rw_incoming *incoming, const rw_incoming_list *list, uint32_t block) {
    return (uint32_t)((uint64_t)list->count * block / incoming->n_blocks);
}

/* The first number of a list whose block is at least `block`; its count if there is none. Looks around the guess in
 * growing steps, which touches one or two lines of memory. */
static uint32_t search(const rw_incoming *incoming, const rw_incoming_list *list, uint32_t block) {
    const uint16_t *blocks = incoming->blocks + list->start;
    uint32_t low = 0, high = list->count, guess = guess_of(incoming, list, block), step = 16;
    if (block >= incoming->n_blocks || high == 0)
        return high;
    if (blocks[guess] < block)
        for (low = guess + 1; low + step < high; low += step, step *= 2)
            if (blocks[low + step - 1] >= block) {
                high = low + step - 1;
                break;
            }
    if (low == 0)
        for (high = guess; high >= step; high -= step, step *= 2)
            if (blocks[high - step] < block) {
                low = high - step + 1;
                break;
            }
    for (uint32_t n = high - low; n > 0;) { /* without a branch that nobody could foretell */
        uint32_t half = n / 2, rest = n - half - 1;
        bool before = blocks[low + half] < block;
        low += before ? half + 1 : 0;
        n = before ? rest : half;
    }
    return low;
}

void rw_incoming_add(rw_incoming *incoming, uint32_t target, uint64_t source) {
    rw_incoming_list *list = &incoming->lists[target];
    uint16_t *blocks = incoming->blocks + list->start;
    uint32_t block = (uint32_t)(source >> incoming->shift), n = list->count, at = n;
    RW_ASSERT(target < incoming->n_targets && n < list->span);
    if (n > 0 && blocks[n - 1] > block) {
        at = search(incoming, list, block);
        memmove(blocks + at + 1, blocks + at, (n - at) * sizeof *blocks);
    }
    blocks[at] = (uint16_t)block;
    list->count++;
}

void rw_incoming_remove(rw_incoming *incoming, uint32_t target, uint64_t source) {
    rw_incoming_list *list = &incoming->lists[target];
    uint16_t *blocks = incoming->blocks + list->start;
    uint32_t block = (uint32_t)(source >> incoming->shift), at = search(incoming, list, block);
    RW_ASSERT(at < list->count && blocks[at] == block);
    list->count--;
    memmove(blocks + at, blocks + at + 1, (list->count - at) * sizeof *blocks);
}

bool rw_incoming_may_have(const rw_incoming *incoming, uint32_t target, uint64_t source) {
    const rw_incoming_list *list = &incoming->lists[target];
    uint32_t block = (uint32_t)(source >> incoming->shift), at = search(incoming, list, block);
    return at < list->count && incoming->blocks[list->start + at] == block;
}

void rw_incoming_find(const rw_incoming *incoming, uint32_t target, uint32_t k, uint64_t *first_source,
                      uint32_t *number) {
    const rw_incoming_list *list = &incoming->lists[target];
    const uint16_t *blocks = incoming->blocks + list->start;
    RW_ASSERT(k < list->count);
    uint32_t first = k;
    while (first > 0 && blocks[first - 1] == blocks[k])
        first--;
    *first_source = (uint64_t)blocks[k] << incoming->shift;
    *number = k - first;
}

void rw_incoming_prefetch_source(const rw_incoming *incoming, uint32_t target, uint64_t source) {
    const rw_incoming_list *list = &incoming->lists[target];
    const uint16_t *likely =
        incoming->blocks + list->start + guess_of(incoming, list, (uint32_t)(source >> incoming->shift));
    __builtin_prefetch(likely);
    __builtin_prefetch(likely + 32); /* the next line; what is moved beyond comes in a stream */
}
