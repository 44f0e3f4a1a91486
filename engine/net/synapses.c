#include "net/synapses.h"

#include <string.h>

#include "base/memory.h"

rw_err rw_rows_thin(rw_rows *rows) {
    uint64_t n_rows = 0, n_words = rows->n_sources / 64 + 1;
    for (uint64_t source = 0; source < rows->n_sources; source++)
        n_rows += rows->length[source] > 0;
    if (n_rows > rows->n_sources / 2)
        return RW_OK;
    uint32_t *length = NULL;
    RW_TRY(RW_NEW(length, n_rows + 1, "synapses"));
    rw_err err = RW_NEW(rows->present, n_words, "synapses");
    if (err == RW_OK)
        err = RW_NEW(rows->before, n_words, "synapses");
    if (err != RW_OK) {
        rw_free(length);
        return err;
    }
    uint32_t row = 0;
    for (uint64_t source = 0; source < rows->n_sources; source++) {
        if (source % 64 == 0)
            rows->before[source / 64] = row;
        if (rows->length[source] == 0)
            continue;
        rows->present[source / 64] |= (uint64_t)1 << (source % 64);
        length[row++] = rows->length[source];
    }
    rw_free(rows->length);
    rows->length = length;
    rows->n_rows = n_rows;
    return RW_OK;
}

void rw_rows_destroy(rw_rows *rows) {
    rw_free(rows->present);
    rw_free(rows->before);
    rw_free(rows->start);
    rw_free(rows->length);
    rw_free(rows->capacity);
    rw_free(rows->synapses);
    rw_free(rows->targets);
    rw_free(rows->serials);
    rw_free(rows->states);
    *rows = (rw_rows){0};
}

/* Moves n synapses, with all that belongs to them, from one place to another, which may overlap and may be in another
 * pool. */
static void move(rw_rows *to_rows, uint64_t to, const rw_rows *from_rows, uint64_t from, uint64_t n) {
    uint32_t width = from_rows->n_states;
    if (n == 0)
        return;
    memmove(to_rows->synapses + to, from_rows->synapses + from, n * sizeof *from_rows->synapses);
    memmove(to_rows->serials + to, from_rows->serials + from, n * sizeof *from_rows->serials);
    if (width > 0)
        memmove(to_rows->states + to * width, from_rows->states + from * width, n * width * sizeof *from_rows->states);
}

/* Copies all rows, in order and without holes, to a pool of `size` places. */
static rw_err pack(rw_rows *rows, uint64_t size) {
    rw_rows packed = {.n_states = rows->n_states};
    rw_err err = RW_NEW(packed.synapses, size, "synapses");
    if (err == RW_OK)
        err = RW_NEW(packed.serials, size, "synapses");
    if (err == RW_OK)
        err = RW_NEW(packed.states, size * rows->n_states, "synapses");
    if (err != RW_OK) {
        rw_rows_destroy(&packed);
        return err;
    }
    uint64_t used = 0;
    for (uint64_t source = 0; source < rows->n_sources; source++) {
        move(&packed, used, rows, rows->start[source], rows->length[source]);
        rows->start[source] = used;
        used += rows->capacity[source];
    }
    rw_free(rows->synapses);
    rw_free(rows->serials);
    rw_free(rows->states);
    rows->synapses = packed.synapses;
    rows->serials = packed.serials;
    rows->states = packed.states;
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
    RW_TRY(RW_GROW(rows->serials, rows->pool_used, size, "synapses"));
    RW_TRY(RW_GROW(rows->states, rows->pool_used * rows->n_states, size * rows->n_states, "synapses"));
    rows->pool_size = size; /* if only some of them could grow, that does no harm */
    return RW_OK;
}

/* Moves a full row to the end of the pool, with half as much room again. */
static rw_err move_row(rw_rows *rows, uint64_t source) {
    uint32_t n = rows->length[source];
    uint32_t room = n + n / 2 + 2;
    RW_TRY(make_room(rows, room));
    uint64_t to = rows->pool_used;
    move(rows, to, rows, rows->start[source], n);
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

rw_err rw_rows_insert(rw_rows *rows, uint64_t source, rw_synapse synapse, uint32_t serial, const float *states) {
    RW_ASSERT(rows->capacity != NULL && source < rows->n_sources);
    if (rows->length[source] == rows->capacity[source])
        RW_TRY(move_row(rows, source));
    uint64_t start = rows->start[source];
    uint32_t n = rows->length[source];
    uint32_t at = place_of(rows->synapses + start, rows->serials + start, n, synapse.word, serial);
    move(rows, start + at + 1, rows, start + at, n - at);
    rows->synapses[start + at] = synapse;
    rows->serials[start + at] = serial;
    for (uint32_t k = 0; k < rows->n_states; k++)
        rows->states[(start + at) * rows->n_states + k] = states[k];
    rows->length[source] = n + 1;
    return RW_OK;
}

bool rw_rows_remove(rw_rows *rows, uint64_t source, uint32_t serial) {
    RW_ASSERT(rows->capacity != NULL && source < rows->n_sources);
    uint64_t start = rows->start[source];
    uint32_t n = rows->length[source];
    for (uint32_t at = 0; at < n; at++) {
        if (rows->serials[start + at] != serial)
            continue;
        move(rows, start + at, rows, start + at + 1, n - at - 1);
        rows->length[source] = n - 1;
        return true;
    }
    return false;
}
