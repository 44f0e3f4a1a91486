#include "sim/edge_event_log.h"

#include <string.h>

#include "base/workspace.h"

rw_err rw_edge_event_log_reserve(rw_edge_event_log *log, size_t n) {
    return RW_WORKSPACE_RESERVE(&log->capacity, log->n + n, "events", RW_WORKSPACE_ARRAY(log->items));
}

void rw_edge_event_log_destroy(rw_edge_event_log *log) {
    rw_free(log->items);
    *log = (rw_edge_event_log){0};
}

/* The order of events: a radix sort by the bytes of their keys, the least significant first, each pass stable. Few
 * bytes differ between the synapses of one update, and passes over equal bytes are left out. */

/* What events are ordered by; `index` is where they were. */
typedef struct {
    uint64_t uid;
    uint32_t projection;
    uint32_t index;
} event_key;

enum { KEY_BYTES = 12 };

static bool is_sorted(const rw_edge_event *events, size_t n) {
    for (size_t k = 1; k < n; k++)
        if (events[k - 1].projection > events[k].projection ||
            (events[k - 1].projection == events[k].projection && events[k - 1].uid > events[k].uid))
            return false;
    return true;
}

/* Byte b of a key, its least first: those of the uid, then those of the projection. */
static inline uint32_t digit_of(const event_key *key, uint32_t b) {
    return (b < 8 ? (uint32_t)(key->uid >> (8 * b)) : key->projection >> (8 * (b - 8))) & 255u;
}

/* Sorts keys [n] by byte b into `to`; false if they are all equal there, and nothing was done. */
static bool sort_by_byte(const event_key *keys, event_key *to, size_t n, uint32_t b) {
    size_t position[256] = {0}, sum = 0;
    for (size_t k = 0; k < n; k++)
        position[digit_of(&keys[k], b)]++;
    if (position[digit_of(&keys[0], b)] == n)
        return false;
    for (uint32_t digit = 0; digit < 256; digit++) {
        size_t count = position[digit];
        position[digit] = sum;
        sum += count;
    }
    for (size_t k = 0; k < n; k++)
        to[position[digit_of(&keys[k], b)]++] = keys[k];
    return true;
}

/* Sorts keys [n], with scratch [n]; returns which of the two holds them then. */
static const event_key *sort_keys(event_key *keys, event_key *scratch, size_t n) {
    for (uint32_t b = 0; b < KEY_BYTES; b++)
        if (sort_by_byte(keys, scratch, n, b)) {
            event_key *swap = keys;
            keys = scratch;
            scratch = swap;
        }
    return keys;
}

rw_err rw_edge_event_log_sort(rw_edge_event_log *log) {
    rw_edge_event *events = log->items;
    size_t n = log->n;
    event_key *keys = NULL, *scratch = NULL;
    rw_edge_event *sorted = NULL;
    size_t capacity = 0;
    if (is_sorted(events, n)) /* as deletions by axons mostly are */
        return RW_OK;
    RW_CHECK(n <= UINT32_MAX, RW_ERR_SYSTEM, "%zu synapses change at once; more than 2^32 cannot be put in order", n);
    rw_err err = RW_WORKSPACE_RESERVE(&capacity, n, "events", RW_WORKSPACE_ARRAY(keys), RW_WORKSPACE_ARRAY(scratch),
                                      RW_WORKSPACE_ARRAY(sorted));
    for (size_t k = 0; err == RW_OK && k < n; k++)
        keys[k] = (event_key){events[k].uid, events[k].projection, (uint32_t)k};
    const event_key *order = err == RW_OK ? sort_keys(keys, scratch, n) : NULL;
    for (size_t k = 0; err == RW_OK && k < n; k++)
        sorted[k] = events[order[k].index];
    if (err == RW_OK)
        memcpy(events, sorted, n * sizeof *events);
    rw_free(keys);
    rw_free(scratch);
    rw_free(sorted);
    return err;
}
