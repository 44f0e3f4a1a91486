#include "net/adjacency/reverse_adjacency.h"

#include <string.h>

#include "base/memory.h"

/* One cache line. */
enum { MAX_TAIL = 32 };

rw_err rw_reverse_adjacency_create(rw_reverse_adjacency *reverse, uint64_t n_sources, uint64_t n_targets,
                                   const uint32_t *counts) {
    *reverse = (rw_reverse_adjacency){.n_targets = n_targets};
    while (n_sources >> reverse->shift > UINT16_MAX)
        reverse->shift++;
    reverse->n_blocks = (uint32_t)(n_sources >> reverse->shift) + 1;
    RW_TRY(RW_NEW(reverse->lists, n_targets, "synapses"));
    RW_TRY(rw_extents_create(&reverse->extents));
    for (uint64_t target = 0; target < n_targets; target++) {
        rw_source_list *list = &reverse->lists[target];
        if (counts[target] > 0)
            RW_TRY(rw_extents_allocate(reverse->extents, (uint32_t)target, counts[target] + 1, &list->start,
                                       &list->capacity));
    }
    reverse->pool_size = rw_extents_size(reverse->extents);
    return RW_NEW(reverse->blocks, reverse->pool_size, "synapses");
}

void rw_reverse_adjacency_destroy(rw_reverse_adjacency *reverse) {
    rw_free(reverse->lists);
    rw_free(reverse->blocks);
    rw_extents_destroy(&reverse->extents);
    *reverse = (rw_reverse_adjacency){0};
}

/* Makes the pool as long as the extents need, and somewhat longer, so that it seldom grows. */
static rw_err grow_pool(rw_reverse_adjacency *reverse) {
    uint64_t needed = rw_extents_size(reverse->extents), size = needed + needed / 32;
    if (needed <= reverse->pool_size)
        return RW_OK;
    RW_TRY(RW_GROW(reverse->blocks, reverse->pool_size, size, "synapses"));
    reverse->pool_size = size;
    return RW_OK;
}

/* Moves a list that is full to an extent of larger capacity. */
static rw_err grow_list(rw_reverse_adjacency *reverse, uint32_t target) {
    rw_source_list *list = &reverse->lists[target], old = *list;
    rw_extent_move move;
    RW_TRY(rw_extents_allocate(reverse->extents, target, old.count + 1, &list->start, &list->capacity));
    rw_err err = grow_pool(reverse);
    if (err != RW_OK) {
        (void)rw_extents_free(reverse->extents, list->start, list->capacity,
                              &move); /* the last one allocated: no list moves */
        *list = old;
        return err;
    }
    uint16_t *blocks = reverse->blocks;
    if (old.count > 0)
        memcpy(blocks + list->start, blocks + old.start + old.first, old.count * sizeof *blocks);
    list->first = 0;
    if (old.capacity > 0 && rw_extents_free(reverse->extents, old.start, old.capacity, &move)) {
        memcpy(blocks + move.to, blocks + move.from, old.capacity * sizeof *blocks);
        reverse->lists[move.owner].start = move.to;
    }
    return RW_OK;
}

/* Where a list would have a block if its sources were spread evenly. */
static uint32_t guess_of(const rw_reverse_adjacency *reverse, const rw_source_list *list, uint32_t block) {
    return (uint32_t)((uint64_t)list->sorted * block / reverse->n_blocks);
}

/* Numbers that are compared at once. */
enum { WINDOW = 32 };

/* How many of blocks [WINDOW] are below `block`. */
static uint32_t count_below(const uint16_t *blocks, uint32_t block) {
    uint16_t below = 0;
    for (uint32_t k = 0; k < WINDOW; k++)
        below = (uint16_t)(below + (blocks[k] < (uint16_t)block));
    return below;
}

/* The index of the first block of the sorted part that is at least `block`; the part's length if there is none.
 * Interpolation search around the guess in growing steps, which touches one or two cache lines. */
static uint32_t search(const rw_reverse_adjacency *reverse, const rw_source_list *list, uint32_t block) {
    const uint16_t *blocks = rw_reverse_adjacency_blocks(reverse, list);
    uint32_t low = 0, high = list->sorted, guess = guess_of(reverse, list, block), step = 16;
    if (block >= reverse->n_blocks || high == 0)
        return high;
    if (high >= WINDOW) { /* nearly always there; branchless */
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
    for (uint32_t n = high - low; n > 0;) { /* branchless */
        uint32_t half = n / 2, rest = n - half - 1;
        bool before = blocks[low + half] < block;
        low += before ? half + 1 : 0;
        n = before ? rest : half;
    }
    return low;
}

/* The index in the list of the first block of the tail that is at least `block`; the list's count if there is none. */
static uint32_t search_tail(const rw_reverse_adjacency *reverse, const rw_source_list *list, uint32_t block) {
    const uint16_t *tail = rw_reverse_adjacency_blocks(reverse, list) + list->sorted;
    uint32_t n = list->count - list->sorted, before = 0;
    for (uint32_t k = 0; k < n; k++)
        before += tail[k] < block;
    return list->sorted + before;
}

/* Merges the tail into the sorted part, the last one first. */
static void merge(const rw_reverse_adjacency *reverse, rw_source_list *list) {
    uint16_t tail[MAX_TAIL], *blocks = rw_reverse_adjacency_blocks(reverse, list);
    uint32_t n = list->count - list->sorted;
    memcpy(tail, blocks + list->sorted, n * sizeof *blocks);
    while (n-- > 0) {
        uint32_t at = search(reverse, list, tail[n]);
        memmove(blocks + at + n + 1, blocks + at, (list->sorted - at) * sizeof *blocks);
        blocks[at + n] = tail[n];
        list->sorted = at;
    }
    list->sorted = list->count;
}

rw_err rw_reverse_adjacency_reserve(rw_reverse_adjacency *reverse, uint32_t target) {
    rw_source_list *list = &reverse->lists[target];
    if (list->count - list->sorted == MAX_TAIL)
        merge(reverse, list);
    if (list->first + list->count < list->capacity)
        return RW_OK;
    if (list->first == 0)
        return grow_list(reverse, target);
    uint16_t *blocks = rw_reverse_adjacency_blocks(reverse, list);
    memmove(blocks - list->first, blocks, list->count * sizeof *blocks);
    list->first = 0;
    return RW_OK;
}

void rw_reverse_adjacency_add(rw_reverse_adjacency *reverse, uint32_t target, uint64_t source) {
    rw_source_list *list = &reverse->lists[target];
    uint16_t *blocks = rw_reverse_adjacency_blocks(reverse, list);
    uint32_t block = (uint32_t)(source >> reverse->shift), n = list->count++, at = n;
    RW_ASSERT(target < reverse->n_targets && list->first + n < list->capacity);
    if (list->sorted == n && (n == 0 || blocks[n - 1] <= block)) {
        list->sorted++;
    } else {
        for (; at > list->sorted && blocks[at - 1] > block; at--)
            blocks[at] = blocks[at - 1];
    }
    blocks[at] = (uint16_t)block;
}

/* The index in the list of a synapse from that block; the list's count if there is none. */
static uint32_t index_of(const rw_reverse_adjacency *reverse, const rw_source_list *list, uint32_t block) {
    const uint16_t *blocks = rw_reverse_adjacency_blocks(reverse, list);
    uint32_t at = search(reverse, list, block);
    if (at < list->sorted && blocks[at] == block)
        return at;
    at = search_tail(reverse, list, block);
    return at < list->count && blocks[at] == block ? at : list->count;
}

void rw_reverse_adjacency_delete(rw_reverse_adjacency *reverse, uint32_t target, uint64_t source) {
    rw_source_list *list = &reverse->lists[target];
    uint16_t *blocks = rw_reverse_adjacency_blocks(reverse, list);
    uint32_t at = index_of(reverse, list, (uint32_t)(source >> reverse->shift));
    RW_ASSERT(at < list->count);
    list->count--;
    list->sorted -= at < list->sorted;
    if (at < list->count / 2) { /* fewer lie before it than behind */
        memmove(blocks + 1, blocks, at * sizeof *blocks);
        list->first++;
    } else {
        memmove(blocks + at, blocks + at + 1, (list->count - at) * sizeof *blocks);
    }
}

bool rw_reverse_adjacency_may_have(const rw_reverse_adjacency *reverse, uint32_t target, uint64_t source) {
    const rw_source_list *list = &reverse->lists[target];
    return index_of(reverse, list, (uint32_t)(source >> reverse->shift)) < list->count;
}

/* How many of the k synapses before number k, in the order of all, are in the tail. */
static uint32_t tail_before(const rw_reverse_adjacency *reverse, const rw_source_list *list, uint32_t k) {
    const uint16_t *sorted = rw_reverse_adjacency_blocks(reverse, list), *tail = sorted + list->sorted;
    uint32_t n = list->count - list->sorted, j = k > list->sorted ? k - list->sorted : 0, most = k < n ? k : n;
    while (j < most) {
        uint32_t middle = (j + most) / 2;
        if (tail[middle] < sorted[k - middle - 1])
            j = middle + 1;
        else
            most = middle;
    }
    return j;
}

void rw_reverse_adjacency_find(const rw_reverse_adjacency *reverse, uint32_t target, uint32_t k, uint64_t *first_source,
                               uint32_t *number) {
    const rw_source_list *list = &reverse->lists[target];
    const uint16_t *sorted = rw_reverse_adjacency_blocks(reverse, list), *tail = sorted + list->sorted;
    uint32_t n = list->count - list->sorted, j = tail_before(reverse, list, k), i = k - j;
    RW_ASSERT(k < list->count);
    bool in_tail = j < n && (i == list->sorted || tail[j] < sorted[i]);
    uint16_t block = in_tail ? tail[j] : sorted[i];
    while (i > 0 && sorted[i - 1] == block)
        i--;
    while (j > 0 && tail[j - 1] == block)
        j--;
    *first_source = (uint64_t)block << reverse->shift;
    *number = k - i - j;
}

void rw_reverse_adjacency_prefetch_source(const rw_reverse_adjacency *reverse, uint32_t target, uint64_t source) {
    const rw_source_list *list = &reverse->lists[target];
    if (list->count == 0)
        return; /* there may be no pool yet */
    const uint16_t *blocks = rw_reverse_adjacency_blocks(reverse, list);
    uint32_t guess = guess_of(reverse, list, (uint32_t)(source >> reverse->shift));
    __builtin_prefetch(blocks + (guess > WINDOW / 2 ? guess - WINDOW / 2 : 0));
    __builtin_prefetch(blocks + guess + WINDOW / 2);
    __builtin_prefetch(blocks + list->sorted);
}
