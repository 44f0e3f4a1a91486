#include "net/rows/synapses.h"

#include <string.h>

#include "base/memory.h"

rw_err rw_rows_thin(rw_rows *rows) {
    uint64_t n_rows = 0, n_words = rows->n_sources / 64 + 1;
    for (uint64_t source = 0; source < rows->n_sources; source++)
        n_rows += rows->count[source] > 0;
    if (n_rows > rows->n_sources / 2)
        return RW_OK;
    uint32_t *count = NULL;
    RW_TRY(RW_NEW(count, n_rows + 1, "synapses"));
    rw_err err = RW_NEW(rows->present, n_words, "synapses");
    if (err == RW_OK)
        err = RW_NEW(rows->before, n_words, "synapses");
    if (err != RW_OK) {
        rw_free(count);
        return err;
    }
    uint32_t row = 0;
    for (uint64_t source = 0; source < rows->n_sources; source++) {
        if (source % 64 == 0)
            rows->before[source / 64] = row;
        if (rows->count[source] == 0)
            continue;
        rows->present[source / 64] |= (uint64_t)1 << (source % 64);
        count[row++] = rows->count[source];
    }
    rw_free(rows->count);
    rows->count = count;
    rows->n_rows = n_rows;
    return RW_OK;
}

void rw_rows_destroy(rw_rows *rows) {
    rw_free(rows->present);
    rw_free(rows->before);
    rw_free(rows->start);
    rw_free(rows->count);
    rw_free(rows->places);
    rw_free(rows->gaps);
    rw_free(rows->synapses);
    rw_free(rows->targets);
    rw_free(rows->serials);
    rw_free(rows->states);
    rw_extents_destroy(&rows->extents);
    rw_incoming_destroy(&rows->incoming);
    *rows = (rw_rows){0};
}

void rw_rows_move(rw_rows *rows, uint64_t to, uint64_t from, uint64_t n) {
    uint32_t width = rows->n_states;
    memmove(rows->synapses + to, rows->synapses + from, n * sizeof *rows->synapses);
    memmove(rows->serials + to, rows->serials + from, n * sizeof *rows->serials);
    if (width > 0)
        memmove(rows->states + to * width, rows->states + from * width, n * width * sizeof *rows->states);
}

rw_err rw_rows_insert(rw_rows *rows, uint64_t source, rw_synapse synapse, uint32_t serial, const float *states) {
    RW_ASSERT(rows->places != NULL && source < rows->n_sources && synapse.word < UINT32_MAX);
    rw_row_places *row = &rows->places[source];
    if (row->used == row->span || row->used - row->sorted == RW_MOST_NEWCOMERS)
        RW_TRY(rw_rows_make_room(rows, source));
    if (rows->incoming.n_targets > 0) {
        RW_TRY(rw_incoming_reserve(&rows->incoming, synapse.word));
        rw_incoming_add(&rows->incoming, synapse.word, source);
    }
    uint64_t place = rows->start[source] + row->used++;
    rows->synapses[place] = synapse;
    rows->serials[place] = serial;
    for (uint32_t k = 0; k < rows->n_states; k++)
        rows->states[place * rows->n_states + k] = states[k];
    rows->count[source]++;
    return RW_OK;
}

void rw_rows_remove(rw_rows *rows, uint64_t source, uint64_t place) {
    RW_ASSERT(rows->places != NULL && place - rows->start[source] < rows->places[source].used &&
              rw_rows_holds(rows, place));
    rows->synapses[place].weight = 0.0f;
    rows->gaps[place / 64] |= (uint64_t)1 << (place % 64);
    rows->count[source]--;
    if (rows->incoming.n_targets > 0)
        rw_incoming_remove(&rows->incoming, rows->synapses[place].word, source);
}

void rw_rows_cut(rw_rows *rows, uint64_t source, const bool *goes) {
    RW_ASSERT(rows->places == NULL && rows->present == NULL && rows->serials != NULL);
    uint64_t start = rows->start[source], kept = 0;
    for (uint32_t k = 0; k < rows->count[source]; k++) {
        if (goes[k])
            continue;
        if (kept < k)
            rw_rows_move(rows, start + kept, start + k, 1);
        kept++;
    }
    rows->count[source] = (uint32_t)kept;
}
