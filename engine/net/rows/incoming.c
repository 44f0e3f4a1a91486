#include "net/rows/incoming.h"

#include <string.h>

#include "base/memory.h"

/* Places that a list of n synapses gets. */
static uint32_t room_of(uint32_t n) {
    return n == 0 ? 0 : n + n / 32 + 1;
}

/* Moves the lists, in the order of targets, to a pool of `size` places, each with the room it should have. */
static rw_err lay_out(rw_incoming *incoming, uint64_t size) {
    uint16_t *blocks = NULL;
    RW_TRY(RW_NEW(blocks, size, "synapses"));
    uint64_t used = 0;
    for (uint64_t target = 0; target < incoming->n_targets; target++) {
        rw_incoming_list *list = &incoming->lists[target];
        if (list->count > 0)
            memcpy(blocks + used, incoming->blocks + list->start, list->count * sizeof *blocks);
        list->start = used;
        list->span = room_of(list->count);
        used += list->span;
    }
    rw_free(incoming->blocks);
    incoming->blocks = blocks;
    incoming->pool_used = incoming->pool_laid = used;
    incoming->pool_size = size;
    return RW_OK;
}

rw_err rw_incoming_create(rw_incoming *incoming, uint64_t n_sources, uint64_t n_targets, const uint32_t *counts) {
    *incoming = (rw_incoming){.n_targets = n_targets};
    while (n_sources >> incoming->shift > UINT16_MAX)
        incoming->shift++;
    incoming->n_blocks = (uint32_t)(n_sources >> incoming->shift) + 1;
    RW_TRY(RW_NEW(incoming->lists, n_targets, "synapses"));
    for (uint64_t target = 0; target < n_targets; target++) {
        incoming->lists[target].start = incoming->pool_used;
        incoming->lists[target].span = room_of(counts[target]);
        incoming->pool_used += incoming->lists[target].span;
    }
    incoming->pool_size = incoming->pool_laid = incoming->pool_used;
    return RW_NEW(incoming->blocks, incoming->pool_size, "synapses");
}

void rw_incoming_destroy(rw_incoming *incoming) {
    rw_free(incoming->lists);
    rw_free(incoming->blocks);
    *incoming = (rw_incoming){0};
}

rw_err rw_incoming_reserve(rw_incoming *incoming, uint32_t target) {
    rw_incoming_list *list = &incoming->lists[target];
    if (list->count < list->span)
        return RW_OK;
    uint32_t span = room_of(list->count + 1) + list->count / 2; /* one that has grown will grow again */
    if (incoming->pool_size - incoming->pool_used < span) {
        uint64_t used = 0;
        for (uint64_t k = 0; k < incoming->n_targets; k++)
            used += room_of(incoming->lists[k].count);
        RW_TRY(lay_out(incoming, used + rw_pool_slack(incoming->pool_laid, used) + span));
        if (list->count < list->span)
            return RW_OK;
    }
    uint16_t *blocks = incoming->blocks;
    if (list->count > 0)
        memcpy(blocks + incoming->pool_used, blocks + list->start, list->count * sizeof *blocks);
    list->start = incoming->pool_used;
    list->span = span;
    incoming->pool_used += span;
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
