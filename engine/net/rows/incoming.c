#include "net/rows/incoming.h"

#include <string.h>

#include "base/memory.h"

/* Newcomers: one line of memory of them. */
enum { MOST_NEWCOMERS = 32 };

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

/* Moves a list that is full to a wider extent. */
static rw_err widen(rw_incoming *incoming, uint32_t target) {
    rw_incoming_list *list = &incoming->lists[target], old = *list;
    rw_extent_move move;
    RW_TRY(rw_extents_take(incoming->extents, target, old.count + 1, &list->start, &list->span));
    rw_err err = grow_pool(incoming);
    if (err != RW_OK) {
        (void)rw_extents_give(incoming->extents, list->start, list->span, &move); /* the last one taken: none moves */
        *list = old;
        return err;
    }
    uint16_t *blocks = incoming->blocks;
    if (old.count > 0)
        memcpy(blocks + list->start, blocks + old.start + old.first, old.count * sizeof *blocks);
    list->first = 0;
    if (old.span > 0 && rw_extents_give(incoming->extents, old.start, old.span, &move)) {
        memcpy(blocks + move.to, blocks + move.from, old.span * sizeof *blocks);
        incoming->lists[move.owner].start = move.to;
    }
    return RW_OK;
}

/* Where a list of evenly spread sources would have a block. */
static uint32_t guess_of(const rw_incoming *incoming, const rw_incoming_list *list, uint32_t block) {
    return (uint32_t)((uint64_t)list->sorted * block / incoming->n_blocks);
}

/* Sorted ones that are compared at once. */
enum { WINDOW = 32 };

/* How many of blocks [WINDOW] are below `block`. */
static uint32_t count_below(const uint16_t *blocks, uint32_t block) {
    uint16_t below = 0;
    for (uint32_t k = 0; k < WINDOW; k++)
        below = (uint16_t)(below + (blocks[k] < (uint16_t)block));
    return below;
}

/* The first number of the sorted ones whose block is at least `block`; their count if there is none. Looks around the
 * guess in growing steps, which touches one or two lines of memory. */
static uint32_t search(const rw_incoming *incoming, const rw_incoming_list *list, uint32_t block) {
    const uint16_t *blocks = rw_incoming_numbers(incoming, list);
    uint32_t low = 0, high = list->sorted, guess = guess_of(incoming, list, block), step = 16;
    if (block >= incoming->n_blocks || high == 0)
        return high;
    if (high >= WINDOW) { /* nearly always there, and without a branch that nobody could foretell */
        uint32_t first = guess > WINDOW / 2 ? guess - WINDOW / 2 : 0;
        first = first < high - WINDOW ? first : high - WINDOW;
        uint32_t below = count_below(blocks + first, block);
        if ((below > 0 || first == 0) && (below < WINDOW || first + WINDOW == high))
            return first + below;
    }
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

/* The first of the newcomers whose block is at least `block`, as a number of the list; its count if there is none. */
static uint32_t search_newcomers(const rw_incoming *incoming, const rw_incoming_list *list, uint32_t block) {
    const uint16_t *newcomers = rw_incoming_numbers(incoming, list) + list->sorted;
    uint32_t n = list->count - list->sorted, before = 0;
    for (uint32_t k = 0; k < n; k++)
        before += newcomers[k] < block;
    return list->sorted + before;
}

/* Puts the newcomers between the others, the last one first. */
static void merge(const rw_incoming *incoming, rw_incoming_list *list) {
    uint16_t newcomers[MOST_NEWCOMERS], *blocks = rw_incoming_numbers(incoming, list);
    uint32_t n = list->count - list->sorted;
    memcpy(newcomers, blocks + list->sorted, n * sizeof *blocks);
    while (n-- > 0) {
        uint32_t at = search(incoming, list, newcomers[n]);
        memmove(blocks + at + n + 1, blocks + at, (list->sorted - at) * sizeof *blocks);
        blocks[at + n] = newcomers[n];
        list->sorted = at;
    }
    list->sorted = list->count;
}

rw_err rw_incoming_reserve(rw_incoming *incoming, uint32_t target) {
    rw_incoming_list *list = &incoming->lists[target];
    if (list->count - list->sorted == MOST_NEWCOMERS)
        merge(incoming, list);
    if (list->first + list->count < list->span)
        return RW_OK;
    if (list->first == 0)
        return widen(incoming, target);
    uint16_t *blocks = rw_incoming_numbers(incoming, list);
    memmove(blocks - list->first, blocks, list->count * sizeof *blocks);
    list->first = 0;
    return RW_OK;
}

void rw_incoming_add(rw_incoming *incoming, uint32_t target, uint64_t source) {
    rw_incoming_list *list = &incoming->lists[target];
    uint16_t *blocks = rw_incoming_numbers(incoming, list);
    uint32_t block = (uint32_t)(source >> incoming->shift), n = list->count++, at = n;
    RW_ASSERT(target < incoming->n_targets && list->first + n < list->span);
    if (list->sorted == n && (n == 0 || blocks[n - 1] <= block)) {
        list->sorted++;
    } else {
        for (; at > list->sorted && blocks[at - 1] > block; at--)
            blocks[at] = blocks[at - 1];
    }
    blocks[at] = (uint16_t)block;
}

/* Which number of the list is one from that block: its count if there is none. */
static uint32_t number_of(const rw_incoming *incoming, const rw_incoming_list *list, uint32_t block) {
    const uint16_t *blocks = rw_incoming_numbers(incoming, list);
    uint32_t at = search(incoming, list, block);
    if (at < list->sorted && blocks[at] == block)
        return at;
    at = search_newcomers(incoming, list, block);
    return at < list->count && blocks[at] == block ? at : list->count;
}

void rw_incoming_remove(rw_incoming *incoming, uint32_t target, uint64_t source) {
    rw_incoming_list *list = &incoming->lists[target];
    uint16_t *blocks = rw_incoming_numbers(incoming, list);
    uint32_t at = number_of(incoming, list, (uint32_t)(source >> incoming->shift));
    RW_ASSERT(at < list->count);
    list->count--;
    list->sorted -= at < list->sorted;
    if (at < list->count / 2) { /* those before it are less */
        memmove(blocks + 1, blocks, at * sizeof *blocks);
        list->first++;
    } else {
        memmove(blocks + at, blocks + at + 1, (list->count - at) * sizeof *blocks);
    }
}

bool rw_incoming_may_have(const rw_incoming *incoming, uint32_t target, uint64_t source) {
    const rw_incoming_list *list = &incoming->lists[target];
    return number_of(incoming, list, (uint32_t)(source >> incoming->shift)) < list->count;
}

/* Of the k before number k of all in order, how many are newcomers: those below the sorted one that would be it. */
static uint32_t newcomers_before(const rw_incoming *incoming, const rw_incoming_list *list, uint32_t k) {
    const uint16_t *sorted = rw_incoming_numbers(incoming, list), *newcomers = sorted + list->sorted;
    uint32_t n = list->count - list->sorted, j = k > list->sorted ? k - list->sorted : 0, most = k < n ? k : n;
    while (j < most) {
        uint32_t middle = (j + most) / 2;
        if (newcomers[middle] < sorted[k - middle - 1])
            j = middle + 1;
        else
            most = middle;
    }
    return j;
}

void rw_incoming_find(const rw_incoming *incoming, uint32_t target, uint32_t k, uint64_t *first_source,
                      uint32_t *number) {
    const rw_incoming_list *list = &incoming->lists[target];
    const uint16_t *sorted = rw_incoming_numbers(incoming, list), *newcomers = sorted + list->sorted;
    uint32_t n = list->count - list->sorted, j = newcomers_before(incoming, list, k), i = k - j;
    RW_ASSERT(k < list->count);
    bool is_newcomer = j < n && (i == list->sorted || newcomers[j] < sorted[i]);
    uint16_t block = is_newcomer ? newcomers[j] : sorted[i];
    while (i > 0 && sorted[i - 1] == block)
        i--;
    while (j > 0 && newcomers[j - 1] == block)
        j--;
    *first_source = (uint64_t)block << incoming->shift;
    *number = k - i - j;
}

void rw_incoming_prefetch_source(const rw_incoming *incoming, uint32_t target, uint64_t source) {
    const rw_incoming_list *list = &incoming->lists[target];
    if (list->count == 0)
        return; /* there may be no pool yet */
    const uint16_t *blocks = rw_incoming_numbers(incoming, list);
    uint32_t guess = guess_of(incoming, list, (uint32_t)(source >> incoming->shift));
    __builtin_prefetch(blocks + (guess > WINDOW / 2 ? guess - WINDOW / 2 : 0));
    __builtin_prefetch(blocks + guess + WINDOW / 2);
    __builtin_prefetch(blocks + list->sorted);
}
