#include "net/synapses.h"

#include <string.h>

#include "base/memory.h"

void rw_rows_destroy(rw_rows *rows) {
    rw_free(rows->start);
    rw_free(rows->length);
    rw_free(rows->capacity);
    rw_free(rows->synapses);
    rw_free(rows->targets);
    rw_free(rows->serials);
    *rows = (rw_rows){0};
}

/* Copies all rows, in order and without holes, to a pool of `size` places. */
static rw_err pack(rw_rows *rows, uint64_t size) {
    rw_synapse *synapses = NULL;
    uint32_t *serials = NULL;
    RW_TRY(RW_NEW(synapses, size, "synapses"));
    rw_err err = RW_NEW(serials, size, "synapses");
    if (err != RW_OK) {
        rw_free(synapses);
        return err;
    }
    uint64_t used = 0;
    for (uint64_t source = 0; source < rows->n_sources; source++) {
        uint64_t old = rows->start[source];
        uint32_t n = rows->length[source];
        if (n > 0) {
            memcpy(synapses + used, rows->synapses + old, n * sizeof *synapses);
            memcpy(serials + used, rows->serials + old, n * sizeof *serials);
        }
        rows->start[source] = used;
        used += rows->capacity[source];
    }
    rw_free(rows->synapses);
    rw_free(rows->serials);
    rows->synapses = synapses;
    rows->serials = serials;
    rows->pool_used = used;
    rows->pool_size = size;
    rows->pool_holes = 0;
    return RW_OK;
}

/* Makes the pool end with at least `room` free places: packs it if it is mostly holes, else grows it by half. */
static rw_err make_room(rw_rows *rows, uint32_t room) {
    if (rows->pool_size - rows->pool_used >= room)
        return RW_OK;
    uint64_t rows_used = rows->pool_used - rows->pool_holes;
    if (rows->pool_holes > rows->pool_used / 2)
        return pack(rows, rows_used + rows_used / 2 + room);
    uint64_t size = rows->pool_used + rows->pool_used / 2 + room;
    RW_TRY(RW_GROW(rows->synapses, rows->pool_used, size, "synapses"));
    rw_err err = RW_GROW(rows->serials, rows->pool_used, size, "synapses");
    if (err == RW_OK)
        rows->pool_size = size; /* else only the synapses have grown, which does no harm */
    return err;
}

/* Moves a full row to the end of the pool, with half as much room again. */
static rw_err move_row(rw_rows *rows, uint64_t source) {
    uint32_t n = rows->length[source];
    uint32_t room = n + n / 2 + 2;
    RW_TRY(make_room(rows, room));
    uint64_t from = rows->start[source], to = rows->pool_used;
    if (n > 0) {
        memcpy(rows->synapses + to, rows->synapses + from, n * sizeof *rows->synapses);
        memcpy(rows->serials + to, rows->serials + from, n * sizeof *rows->serials);
    }
    rows->pool_holes += rows->capacity[source];
    rows->pool_used += room;
    rows->start[source] = to;
    rows->capacity[source] = room;
    return RW_OK;
}

/* Where a synapse belongs: behind smaller words, and behind equal words with smaller serials. */
static uint32_t place_of(const rw_synapse *row, const uint32_t *serials, uint32_t n, uint32_t word, uint32_t serial) {
    uint32_t low = 0, high = n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (row[middle].word < word || (row[middle].word == word && serials[middle] < serial))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

rw_err rw_rows_insert(rw_rows *rows, uint64_t source, rw_synapse synapse, uint32_t serial) {
    RW_ASSERT(rows->capacity != NULL && source < rows->n_sources);
    if (rows->length[source] == rows->capacity[source])
        RW_TRY(move_row(rows, source));
    rw_synapse *row = rows->synapses + rows->start[source];
    uint32_t *serials = rows->serials + rows->start[source];
    uint32_t n = rows->length[source];
    uint32_t at = place_of(row, serials, n, synapse.word, serial);
    memmove(row + at + 1, row + at, (n - at) * sizeof *row);
    memmove(serials + at + 1, serials + at, (n - at) * sizeof *serials);
    row[at] = synapse;
    serials[at] = serial;
    rows->length[source] = n + 1;
    return RW_OK;
}

bool rw_rows_remove(rw_rows *rows, uint64_t source, uint32_t serial) {
    RW_ASSERT(rows->capacity != NULL && source < rows->n_sources);
    rw_synapse *row = rows->synapses + rows->start[source];
    uint32_t *serials = rows->serials + rows->start[source];
    uint32_t n = rows->length[source];
    for (uint32_t at = 0; at < n; at++) {
        if (serials[at] != serial)
            continue;
        memmove(row + at, row + at + 1, (n - at - 1) * sizeof *row);
        memmove(serials + at, serials + at + 1, (n - at - 1) * sizeof *serials);
        rows->length[source] = n - 1;
        return true;
    }
    return false;
}
