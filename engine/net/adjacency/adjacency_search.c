#include "net/adjacency/adjacency_search.h"

#include <stddef.h>

#include "net/adjacency/adjacency_compact.h"
#include "net/adjacency/reverse_adjacency.h"

enum { LINE = 64 }; /* bytes of a cache line */

#define NO_SLOT UINT64_MAX
#define NO_TARGET UINT32_MAX

/* The first of slots [low, high) whose packed target is at least `packed`, or `high`. */
static uint64_t bisect(const rw_synapse *synapses, uint64_t low, uint64_t high, uint32_t packed) {
    uint64_t n = high - low;
    for (uint64_t half; n > 1; n -= half) { /* branchless */
        half = n / 2;
        low += synapses[low + half - 1].packed < packed ? half : 0;
    }
    return low + (n == 1 && synapses[low].packed < packed);
}

/* Interpolation search: looks first where the synapse would lie if targets were spread evenly, and from there in
 * growing steps. In a long row that touches one or two cache lines instead of six. */
uint64_t rw_adjacency_search(const rw_adjacency *adjacency, uint64_t source, uint32_t packed) {
    const rw_synapse *synapses = adjacency->synapses;
    uint64_t low = rw_adjacency_start(adjacency, source), high = rw_adjacency_tail(adjacency, source), step = 8;
    if (adjacency->packed_end == 0 || packed >= adjacency->packed_end || low == high)
        return bisect(synapses, low, high, packed);
    uint64_t guess = low + (high - low) * packed / adjacency->packed_end;
    if (synapses[guess].packed < packed) {
        for (low = guess + 1; low + step < high && synapses[low + step].packed < packed; step *= 2)
            low += step + 1;
        return bisect(synapses, low, low + step < high ? low + step : high, packed);
    }
    for (high = guess; high >= low + step && synapses[high - step].packed >= packed; step *= 2)
        high -= step;
    return bisect(synapses, high >= low + step ? high - step : low, high, packed);
}

/* The slot of synapse *number, by serial, among those of a source with that packed target. If there are too few,
 * returns NO_SLOT and subtracts how many there are from *number. */
static uint64_t find(const rw_adjacency *adjacency, uint64_t source, uint32_t packed, uint32_t *number) {
    uint64_t tail = rw_adjacency_tail(adjacency, source), end = rw_adjacency_end(adjacency, source);
    for (uint64_t slot = rw_adjacency_search(adjacency, source, packed);
         slot < tail && adjacency->synapses[slot].packed == packed; slot++)
        if (rw_adjacency_is_live(adjacency, slot) && (*number)-- == 0)
            return slot;
    for (uint64_t slot = tail; slot < end; slot++)
        if (adjacency->synapses[slot].packed == packed && rw_adjacency_is_live(adjacency, slot) && (*number)-- == 0)
            return slot;
    return NO_SLOT;
}

bool rw_adjacency_connects(const rw_adjacency *adjacency, uint64_t source, uint32_t target) {
    const rw_reverse_adjacency *reverse = &adjacency->reverse;
    uint32_t number = 0;
    if (!rw_reverse_adjacency_may_have(reverse, target, source))
        return false;
    return reverse->shift == 0 || find(adjacency, source, target, &number) != NO_SLOT;
}

/* Whether a row has tombstones. */
static bool has_tombstones(const rw_adjacency *adjacency, uint64_t source) {
    return rw_adjacency_end(adjacency, source) - rw_adjacency_start(adjacency, source) >
           rw_adjacency_count(adjacency, source);
}

/* The slot of synapse number k of the sorted part of a row. */
static uint64_t sorted_slot(const rw_adjacency *adjacency, uint64_t source, uint32_t k) {
    uint64_t slot = rw_adjacency_start(adjacency, source);
    if (!has_tombstones(adjacency, source))
        return slot + k;
    uint64_t group = slot / 64, bits = ~adjacency->tombstones[group] & ~(uint64_t)0 << (slot % 64);
    for (uint32_t n; (n = (uint32_t)__builtin_popcountll(bits)) <= k; k -= n)
        bits = ~adjacency->tombstones[++group];
    for (; k > 0; k--)
        bits &= bits - 1;
    return 64 * group + (uint64_t)__builtin_ctzll(bits);
}

/* Before a search for a synapse to delete: a long tail would be read each time. */
static void merge_long_tail(rw_adjacency *adjacency, uint64_t source) {
    enum { FEW = 6 };
    if (rw_adjacency_end(adjacency, source) - rw_adjacency_tail(adjacency, source) > FEW)
        rw_adjacency_merge(adjacency, source);
}

/* The packed targets of a row's tail, NO_TARGET for tombstones; returns how many slots the tail has. */
static uint32_t read_tail(const rw_adjacency *adjacency, uint64_t source, uint32_t *tail_targets, uint32_t *n_live) {
    uint64_t first = rw_adjacency_tail(adjacency, source);
    uint32_t n = (uint32_t)(rw_adjacency_end(adjacency, source) - first), live = 0;
    for (uint32_t k = 0; k < n; k++) {
        bool is_live = rw_adjacency_is_live(adjacency, first + k);
        tail_targets[k] = is_live ? adjacency->synapses[first + k].packed : NO_TARGET;
        live += is_live;
    }
    *n_live = live;
    return n;
}

static uint32_t count_below(const uint32_t *tail_targets, uint32_t n, uint32_t packed) {
    uint32_t below = 0;
    for (uint32_t k = 0; k < n; k++)
        below += tail_targets[k] < packed;
    return below;
}

/* The index in the tail of its synapse number k, by packed target, then index. */
static uint32_t select_in_tail(const uint32_t *tail_targets, uint32_t n, uint32_t k) {
    for (uint32_t m = 0;; m++) {
        RW_ASSERT(m < n);
        if (tail_targets[m] == NO_TARGET)
            continue;
        uint32_t before = count_below(tail_targets, n, tail_targets[m]);
        for (uint32_t same = 0; same < m; same++)
            before += tail_targets[same] == tail_targets[m];
        if (before == k)
            return m;
    }
}

/* Of the k synapses before number k, `sorted` are in the sorted part. Bisects for the least `sorted` which, together
 * with the synapses of the tail that come before the next sorted one, makes at least k. */
uint64_t rw_adjacency_select(rw_adjacency *adjacency, uint64_t source, uint32_t k) {
    merge_long_tail(adjacency, source);
    uint32_t tail_targets[RW_MAX_TAIL], count = rw_adjacency_count(adjacency, source), n_live = 0;
    uint32_t n = read_tail(adjacency, source, tail_targets, &n_live);
    RW_ASSERT(k < count);
    if (n_live == 0)
        return sorted_slot(adjacency, source, k);
    uint32_t low = k > n_live ? k - n_live : 0, high = k < count - n_live ? k : count - n_live;
    uint32_t sorted = k - (uint32_t)((uint64_t)k * n_live / count);
    while (low < high) {
        sorted = sorted < low ? low : sorted >= high ? high - 1 : sorted;
        uint32_t before =
            sorted + count_below(tail_targets, n, adjacency->synapses[sorted_slot(adjacency, source, sorted)].packed);
        if (before < k) {
            low = sorted + 1;
            sorted += k - before;
        } else {
            high = sorted;
            sorted -= before > k && before - k < sorted ? before - k : sorted > 0;
        }
    }
    if (low < count - n_live) {
        uint64_t slot = sorted_slot(adjacency, source, low);
        if (low + count_below(tail_targets, n, adjacency->synapses[slot].packed) == k)
            return slot;
    }
    return rw_adjacency_tail(adjacency, source) + select_in_tail(tail_targets, n, k - low);
}

static void prefetch_tail(const rw_adjacency *adjacency, uint64_t source) {
    for (uint64_t slot = rw_adjacency_tail(adjacency, source); slot < rw_adjacency_end(adjacency, source);
         slot += LINE / sizeof *adjacency->synapses)
        __builtin_prefetch(adjacency->synapses + slot);
}

void rw_adjacency_prefetch_number(const rw_adjacency *adjacency, uint64_t source, uint32_t k) {
    uint64_t start = rw_adjacency_start(adjacency, source), end = rw_adjacency_end(adjacency, source);
    uint32_t count = rw_adjacency_count(adjacency, source);
    if (adjacency->tombstones == NULL || count == 0)
        return;
    const char *near =
        (const char *)(adjacency->synapses + start + (uint64_t)adjacency->slots[source].sorted * k / count);
    __builtin_prefetch(near - LINE);
    __builtin_prefetch(near);
    __builtin_prefetch(near + LINE);
    for (uint64_t group = start / 64; group <= end / 64 && has_tombstones(adjacency, source); group += 8)
        __builtin_prefetch(adjacency->tombstones + group);
    prefetch_tail(adjacency, source);
}

void rw_adjacency_prefetch(const rw_adjacency *adjacency, uint64_t source, uint32_t packed) {
    if (adjacency->packed_end == 0 || adjacency->synapses == NULL)
        return;
    uint64_t slot =
        adjacency->start[source] + (uint64_t)adjacency->slots[source].sorted * packed / adjacency->packed_end;
    const char *near = (const char *)(adjacency->synapses + slot); /* its cache line, and those beside it */
    bool is_long = adjacency->slots[source].sorted > 256;          /* then the guess may be farther off */
    if (is_long)
        __builtin_prefetch(near - (ptrdiff_t)2 * LINE);
    __builtin_prefetch(near - LINE);
    __builtin_prefetch(near);
    __builtin_prefetch(near + LINE);
    if (is_long)
        __builtin_prefetch(near + (ptrdiff_t)2 * LINE);
    __builtin_prefetch(adjacency->tombstones + slot / 64);
    prefetch_tail(adjacency, source);
}

uint64_t rw_adjacency_select_incoming(rw_adjacency *adjacency, uint32_t target, uint32_t k, uint64_t *source) {
    uint32_t number = 0;
    rw_reverse_adjacency_find(&adjacency->reverse, target, k, source, &number);
    for (;; (*source)++) {
        RW_ASSERT(*source < adjacency->n_sources);
        merge_long_tail(adjacency, *source);
        uint64_t slot = find(adjacency, *source, target, &number);
        if (slot != NO_SLOT)
            return slot;
    }
}
