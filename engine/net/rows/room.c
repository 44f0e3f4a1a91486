/* Room for synapses that form: newcomers that are merged with the others, gaps that go, and wider extents for rows that
 * are full. */
#include <string.h>

#include "base/memory.h"
#include "model/synapse.h"
#include "net/rows/synapses.h"

/* The first of places [place, end) that holds a synapse, or does not; `end` if there is none. */
static uint64_t next_that(const rw_rows *rows, uint64_t place, uint64_t end, bool holds) {
    uint64_t flip = holds ? ~(uint64_t)0 : 0;
    while (place < end) {
        uint64_t found = (rows->gaps[place / 64] ^ flip) >> (place % 64);
        if (found != 0) {
            place += (uint64_t)__builtin_ctzll(found);
            break;
        }
        place += 64 - place % 64;
    }
    return place < end ? place : end;
}

/* Clears the bits of places [place, end): where no row lies there are none. */
static void forget_gaps(rw_rows *rows, uint64_t place, uint64_t end) {
    for (place = next_that(rows, place, end, false); place < end; place = next_that(rows, place, end, false))
        rows->gaps[place / 64] &= ~((uint64_t)1 << (place % 64));
}

/* Copies the synapses of places [place, end) of a row, without gaps, to places from `to` on, which lie before them or
 * are nobody's. Returns how many they are. */
static uint32_t squeeze(rw_rows *rows, uint64_t place, uint64_t end, uint64_t to) {
    uint64_t first = to;
    for (uint64_t stop; place < end; place = stop) {
        place = next_that(rows, place, end, true);
        stop = next_that(rows, place, end, false);
        if (to != place)
            rw_rows_move(rows, to, place, stop - place);
        to += stop - place;
    }
    return (uint32_t)(to - first);
}

/* Adds the sources of targets below `end`, of synapses that still lie one after the other at the start of each row:
 * added [n_sources] of each row were before. */
static void add_incoming(rw_rows *rows, uint32_t end, uint32_t *added) {
    enum { AHEAD = 8 }; /* sources */
    for (uint64_t source = 0; source < rows->n_sources; source++) {
        if (source + AHEAD < rows->n_sources)
            __builtin_prefetch(rows->synapses + rows->start[source + AHEAD] + added[source + AHEAD]);
        const rw_synapse *row = rows->synapses + rows->start[source];
        uint32_t k = added[source];
        for (; k < rows->count[source] && row[k].word < end; k++)
            rw_incoming_add(&rows->incoming, row[k].word, source);
        added[source] = k;
    }
}

/* Lists the sources of each target: of so many targets at a time that the ends of their lists stay in cache. */
static rw_err list_incoming(rw_rows *rows) {
    enum { AT_A_TIME = 32768 };
    uint32_t *counts = NULL, *added = NULL;
    RW_TRY(RW_NEW(counts, rows->n_words, "synapses"));
    for (uint64_t source = 0; source < rows->n_sources; source++)
        for (uint64_t place = rows->start[source]; place < rows->start[source] + rows->count[source]; place++)
            counts[rows->synapses[place].word]++;
    rw_err err = rw_incoming_create(&rows->incoming, rows->n_sources, rows->n_words, counts);
    rw_free(counts);
    if (err == RW_OK)
        err = RW_NEW(added, rows->n_sources, "synapses");
    for (uint64_t end = AT_A_TIME; err == RW_OK && end < rows->n_words + (uint64_t)AT_A_TIME; end += AT_A_TIME)
        add_incoming(rows, end < rows->n_words ? (uint32_t)end : rows->n_words, added);
    rw_free(added);
    return err;
}

rw_err rw_rows_allot(rw_rows *rows) {
    RW_TRY(rw_extents_create(&rows->extents));
    RW_TRY(RW_NEW(rows->start, rows->n_sources + 1, "synapses"));
    RW_TRY(RW_NEW(rows->places, rows->n_sources, "synapses"));
    for (uint64_t source = 0; source < rows->n_sources; source++) {
        uint32_t n = rows->count[source];
        rows->count[source] = 0;
        if (n > 0)
            RW_TRY(rw_extents_take(rows->extents, (uint32_t)source, n + 1, &rows->start[source],
                                   &rows->places[source].span));
    }
    rows->pool_size = rw_extents_size(rows->extents);
    return RW_OK;
}

rw_err rw_rows_settle(rw_rows *rows) {
    if (rows->n_words > 0)
        RW_TRY(list_incoming(rows));
    for (uint64_t source = 0; source < rows->n_sources; source++)
        rows->places[source].used = rows->places[source].sorted = rows->count[source];
    return RW_NEW(rows->gaps, rows->pool_size / 64 + 1, "synapses");
}

/* Makes the pool as long as the extents need it, and somewhat longer, so that it seldom grows. */
static rw_err grow_pool(rw_rows *rows) {
    uint64_t used = rows->pool_size, needed = rw_extents_size(rows->extents), size = needed + needed / 32;
    if (needed <= used)
        return RW_OK;
    RW_TRY(RW_GROW(rows->synapses, used, size, "synapses"));
    RW_TRY(RW_GROW(rows->serials, used, size, "synapses"));
    RW_TRY(RW_GROW(rows->states, used * rows->n_states, size * rows->n_states, "synapses"));
    RW_TRY(RW_GROW(rows->gaps, used / 64 + 1, size / 64 + 1, "synapses"));
    rows->pool_size = size; /* if only some of them could grow, that does no harm */
    return RW_OK;
}

/* A synapse on its way. */
typedef struct {
    rw_synapse synapse;
    uint32_t serial;
    float states[RW_SYNAPSE_STATES + 1];
} newcomer;

/* Takes the n synapses from a place on out, by word and serial. */
static void take_out(const rw_rows *rows, uint64_t place, uint32_t n, newcomer *out) {
    for (uint32_t k = 0; k < n; k++, place++) {
        newcomer it = {.synapse = rows->synapses[place], .serial = rows->serials[place]};
        for (uint32_t s = 0; s < rows->n_states; s++)
            it.states[s] = rows->states[place * rows->n_states + s];
        uint32_t at = k;
        for (; at > 0 && out[at - 1].synapse.word > it.synapse.word; at--)
            out[at] = out[at - 1];
        out[at] = it;
    }
}

static void put_in(rw_rows *rows, uint64_t place, const newcomer *it) {
    rows->synapses[place] = it->synapse;
    rows->serials[place] = it->serial;
    for (uint32_t s = 0; s < rows->n_states; s++)
        rows->states[place * rows->n_states + s] = it->states[s];
}

/* Merges n newcomers, which lie behind the sorted synapses from `start` on, with these, from the last to the first. */
static void merge(rw_rows *rows, uint64_t start, uint32_t sorted, uint32_t n) {
    newcomer newcomers[RW_MOST_NEWCOMERS];
    uint64_t end = start + sorted;
    take_out(rows, end, n, newcomers);
    while (n-- > 0) {
        uint64_t at = end;
        while (at > start && rows->synapses[at - 1].word > newcomers[n].synapse.word)
            at--;
        rw_rows_move(rows, at + n + 1, at, end - at);
        put_in(rows, at + n, &newcomers[n]);
        end = at;
    }
}

/* Puts the synapses of a row in order, without gaps, from `to` on. */
static void tidy(rw_rows *rows, uint64_t source, uint64_t to) {
    rw_row_places *row = &rows->places[source];
    uint64_t newcomers = rw_rows_newcomers(rows, source), end = rw_rows_end(rows, source);
    uint32_t sorted = squeeze(rows, rows->start[source], newcomers, to);
    uint32_t n = squeeze(rows, newcomers, end, to + sorted);
    merge(rows, to, sorted, n);
    forget_gaps(rows, rows->start[source], end);
    rows->start[source] = to;
    row->used = row->sorted = sorted + n;
}

void rw_rows_merge(rw_rows *rows, uint64_t source) {
    tidy(rows, source, rows->start[source]);
}

/* Moves a row as it is to another extent of its size. */
static void shift(rw_rows *rows, const rw_extent_move *move) {
    uint64_t end = move->from + rows->places[move->owner].used;
    rw_rows_move(rows, move->to, move->from, end - move->from);
    for (uint64_t gap = next_that(rows, move->from, end, false); gap < end; gap = next_that(rows, gap, end, false)) {
        uint64_t place = gap - move->from + move->to;
        rows->gaps[gap / 64] &= ~((uint64_t)1 << (gap % 64));
        rows->gaps[place / 64] |= (uint64_t)1 << (place % 64);
    }
    rows->start[move->owner] = move->to;
}

/* Moves a row to a wider extent. */
static rw_err widen(rw_rows *rows, uint64_t source, uint32_t n) {
    rw_row_places *row = &rows->places[source];
    uint32_t old_span = row->span, span;
    uint64_t from = rows->start[source], to;
    rw_extent_move move;
    RW_TRY(rw_extents_take(rows->extents, (uint32_t)source, n, &to, &span));
    rw_err err = grow_pool(rows);
    if (err != RW_OK) {
        (void)rw_extents_give(rows->extents, to, span, &move); /* the last one taken: no other moves */
        return err;
    }
    tidy(rows, source, to);
    row->span = span;
    if (old_span > 0 && rw_extents_give(rows->extents, from, old_span, &move))
        shift(rows, &move);
    return RW_OK;
}

rw_err rw_rows_make_room(rw_rows *rows, uint64_t source) {
    const rw_row_places *row = &rows->places[source];
    uint32_t enough = rows->count[source] + rows->count[source] / 32 + 1; /* or it would be merged all the time */
    if (row->used == row->span && enough > row->span)
        return widen(rows, source, enough);
    tidy(rows, source, rows->start[source]);
    return RW_OK;
}
