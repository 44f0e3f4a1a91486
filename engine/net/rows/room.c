/* Room for synapses that form: gaps between those of a row, and wider extents for rows that have none left. */
#include <string.h>

#include "base/memory.h"
#include "net/rows/synapses.h"

/* Sets or clears the bits of places [begin, end). */
static void mark(rw_rows *rows, uint64_t begin, uint64_t end, bool holds) {
    for (uint64_t place = begin; place < end;) {
        uint64_t bits = 64 - place % 64 < end - place ? 64 - place % 64 : end - place;
        uint64_t mask = ~(uint64_t)0 >> (64 - bits) << (place % 64);
        rows->live[place / 64] = (rows->live[place / 64] & ~mask) | (holds ? mask : 0);
        place += bits;
    }
}

/* The first of places [place, end) that holds a synapse, or does not; `end` if there is none. */
static uint64_t next_that(const rw_rows *rows, uint64_t place, uint64_t end, bool holds) {
    uint64_t flip = holds ? 0 : ~(uint64_t)0;
    while (place < end) {
        uint64_t found = (rows->live[place / 64] ^ flip) >> (place % 64);
        if (found != 0) {
            place += (uint64_t)__builtin_ctzll(found);
            break;
        }
        place += 64 - place % 64;
    }
    return place < end ? place : end;
}

/* Spreads n synapses that lie at [from, from + n) over [to, to + span), from <= to, with even gaps: runs of synapses
 * with a gap behind each. From the last to the first, so that none is written over before it was moved. */
static void spread(rw_rows *rows, uint64_t from, uint32_t n, uint64_t to, uint32_t span) {
    uint32_t gaps = span - n, end = n;
    mark(rows, to, to + span, n > 0);
    if (n == 0) {
        if (span > 0) /* without any the pool may be none */
            memset(rows->synapses + to, 0, span * sizeof *rows->synapses);
        return;
    }
    RW_ASSERT(gaps > 0 || from == to);
    for (uint32_t r = gaps; r-- > 0;) {
        uint32_t begin = (uint32_t)(((uint64_t)r * n + gaps - 1) / gaps);
        uint64_t gap = to + r + end;
        uint32_t word = rows->synapses[from + end - 1].word;
        rw_rows_move(rows, to + r + begin, from + begin, end - begin);
        rows->synapses[gap] = (rw_synapse){word, 0.0f};
        rows->live[gap / 64] &= ~((uint64_t)1 << (gap % 64));
        end = begin;
    }
}

/* Copies a row's synapses, without its gaps, to places from `to` on, which lie before it or are nobody's. */
static void squeeze(rw_rows *rows, uint64_t source, uint64_t to) {
    for (uint64_t place = rows->start[source], end = rw_rows_end(rows, source), stop; place < end; place = stop) {
        place = next_that(rows, place, end, true);
        stop = next_that(rows, place, end, false);
        rw_rows_move(rows, to, place, stop - place);
        to += stop - place;
    }
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
    RW_TRY(RW_NEW(rows->span, rows->n_sources, "synapses"));
    for (uint64_t source = 0; source < rows->n_sources; source++) {
        uint32_t n = rows->count[source];
        rows->count[source] = 0;
        if (n > 0)
            RW_TRY(rw_extents_take(rows->extents, (uint32_t)source, n + 1, &rows->start[source], &rows->span[source]));
    }
    rows->pool_size = rw_extents_size(rows->extents);
    return RW_OK;
}

rw_err rw_rows_spread(rw_rows *rows) {
    if (rows->n_words > 0)
        RW_TRY(list_incoming(rows));
    RW_TRY(RW_NEW(rows->live, rows->pool_size / 64 + 1, "synapses"));
    for (uint64_t source = 0; source < rows->n_sources; source++)
        spread(rows, rows->start[source], rows->count[source], rows->start[source], rows->span[source]);
    return RW_OK;
}

/* Makes the pool as long as the extents need it, and somewhat longer, so that it seldom grows. */
static rw_err grow_pool(rw_rows *rows) {
    uint64_t used = rows->pool_size, needed = rw_extents_size(rows->extents), size = needed + needed / 32;
    if (needed <= used)
        return RW_OK;
    RW_TRY(RW_GROW(rows->synapses, used, size, "synapses"));
    RW_TRY(RW_GROW(rows->serials, used, size, "synapses"));
    RW_TRY(RW_GROW(rows->states, used * rows->n_states, size * rows->n_states, "synapses"));
    RW_TRY(RW_GROW(rows->live, used / 64 + 1, size / 64 + 1, "synapses"));
    rows->pool_size = size; /* if only some of them could grow, that does no harm */
    return RW_OK;
}

/* Copies the bits of n places from one extent to another. */
static void copy_live(rw_rows *rows, uint64_t to, uint64_t from, uint32_t n) {
    for (uint64_t end = from + n, stop; from < end; to += stop - from, from = stop) {
        bool holds = rw_rows_holds(rows, from);
        stop = next_that(rows, from, end, !holds);
        mark(rows, to, to + (stop - from), holds);
    }
}

rw_err rw_rows_widen(rw_rows *rows, uint64_t source) {
    uint32_t count = rows->count[source], old_span = rows->span[source], span;
    uint64_t from = rows->start[source], to;
    rw_extent_move move;
    RW_TRY(rw_extents_take(rows->extents, (uint32_t)source, count + 1, &to, &span));
    rw_err err = grow_pool(rows);
    if (err != RW_OK) {
        (void)rw_extents_give(rows->extents, to, span, &move); /* the last one taken: no other moves */
        return err;
    }
    squeeze(rows, source, to);
    spread(rows, to, count, to, span);
    rows->start[source] = to;
    rows->span[source] = span;
    if (old_span > 0 && rw_extents_give(rows->extents, from, old_span, &move)) {
        rw_rows_move(rows, move.to, move.from, old_span);
        copy_live(rows, move.to, move.from, old_span);
        rows->start[move.owner] = move.to;
    }
    return RW_OK;
}
