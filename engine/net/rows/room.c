/* Room for synapses that form: gaps between those of a row, rows that move to the end of the pool, and the pool laid
 * out anew. Between the rows of a pool that was just laid out there is nothing; some room behind them is for rows
 * that move. */
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

rw_err rw_rows_spread(rw_rows *rows) {
    rows->pool_laid = rows->pool_used;
    if (rows->n_words > 0)
        RW_TRY(list_incoming(rows));
    RW_TRY(RW_NEW(rows->live, rows->pool_size / 64 + 1, "synapses"));
    for (uint64_t source = 0; source < rows->n_sources; source++)
        spread(rows, rows->start[source], rows->count[source], rows->start[source], rows->span[source]);
    return RW_OK;
}

static rw_err grow_pool(rw_rows *rows, uint64_t size) {
    uint64_t used = rows->pool_size;
    RW_TRY(RW_GROW(rows->synapses, used, size, "synapses"));
    RW_TRY(RW_GROW(rows->serials, used, size, "synapses"));
    RW_TRY(RW_GROW(rows->states, used * rows->n_states, size * rows->n_states, "synapses"));
    RW_TRY(RW_GROW(rows->live, used / 64 + 1, size / 64 + 1, "synapses"));
    rows->pool_size = size; /* if only some of them could grow, that does no harm */
    return RW_OK;
}

typedef struct {
    uint64_t start;
    uint64_t source;
} row_place;

/* Sorts rows [n] by their starts, all below `end`, with scratch [n]: by eleven bits at a time, the last ones first.
 * Returns which of the two holds them then. Pools are laid out so often while a network grows that comparing rows would
 * be a quarter of what a synapse costs. */
static row_place *sort_rows(row_place *rows, row_place *scratch, uint64_t n, uint64_t end) {
    enum { BITS = 11, DIGITS = 1 << BITS };
    for (uint32_t shift = 0; end >> shift > 0; shift += BITS) {
        uint64_t place[DIGITS] = {0}, sum = 0;
        for (uint64_t k = 0; k < n; k++)
            place[rows[k].start >> shift & (DIGITS - 1)]++;
        for (size_t digit = 0; digit < DIGITS; digit++) {
            uint64_t count = place[digit];
            place[digit] = sum;
            sum += count;
        }
        for (uint64_t k = 0; k < n; k++)
            scratch[place[rows[k].start >> shift & (DIGITS - 1)]++] = rows[k];
        row_place *swap = rows;
        rows = scratch;
        scratch = swap;
    }
    return rows;
}

/* The rows that have places, in the order in which they lie in the pool: *order, of *n, lies in *memory. */
static rw_err order_rows(const rw_rows *rows, row_place **memory, row_place **order, uint64_t *n) {
    uint64_t k = 0;
    for (uint64_t source = 0; source < rows->n_sources; source++)
        k += rows->span[source] > 0;
    *n = k;
    RW_TRY(RW_NEW(*memory, 2 * k, "synapses"));
    k = 0;
    for (uint64_t source = 0; source < rows->n_sources; source++)
        if (rows->span[source] > 0)
            (*memory)[k++] = (row_place){rows->start[source], source};
    *order = sort_rows(*memory, *memory + k, k, rows->pool_used);
    return RW_OK;
}

/* Lays all rows out anew, each with the gaps it should have, and at least `room` places behind them. First they move
 * together, from the first to the last, then apart, from the last to the first. */
static rw_err lay_out(rw_rows *rows, uint32_t room) {
    uint64_t used = 0, n = 0;
    for (uint64_t source = 0; source < rows->n_sources; source++)
        used += rw_rows_room(rows->count[source]);
    uint64_t size = used + rw_pool_slack(rows->pool_laid, used) + room;
    row_place *memory = NULL, *order = NULL;
    RW_TRY(order_rows(rows, &memory, &order, &n));
    rw_err err = size > rows->pool_size ? grow_pool(rows, size) : RW_OK;
    if (err != RW_OK) {
        rw_free(memory);
        return err;
    }
    uint64_t to = 0;
    for (uint64_t k = 0; k < n; k++) {
        squeeze(rows, order[k].source, to);
        order[k].start = to;
        to += rows->count[order[k].source];
    }
    uint64_t end = used;
    for (uint64_t k = n; k-- > 0;) {
        uint64_t source = order[k].source;
        uint32_t span = rw_rows_room(rows->count[source]);
        end -= span;
        spread(rows, order[k].start, rows->count[source], end, span);
        rows->start[source] = end;
        rows->span[source] = span;
    }
    RW_ASSERT(end == 0);
    rows->pool_used = rows->pool_laid = used;
    rw_free(memory);
    return RW_OK;
}

rw_err rw_rows_widen(rw_rows *rows, uint64_t source) {
    /* A row that has grown will grow again: with half as many gaps as synapses it moves seldom, and leaves few places
     * behind it that only the next layout can use. */
    uint32_t count = rows->count[source], span = rw_rows_room(count + 1) + count / 2;
    if (rows->pool_size - rows->pool_used < span) {
        RW_TRY(lay_out(rows, span));
        if (rows->count[source] < rows->span[source])
            return RW_OK;
    }
    uint64_t from = rows->start[source], to = rows->pool_used;
    if (from + rows->span[source] == to)
        to = from; /* the last row has the room behind it */
    else
        squeeze(rows, source, to);
    spread(rows, to, count, to, span);
    rows->start[source] = to;
    rows->span[source] = span;
    rows->pool_used = to + span;
    return RW_OK;
}
