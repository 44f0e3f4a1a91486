#include "net/rows/synapses.h"

#include <string.h>

#include "base/memory.h"

enum { LINE = 64 }; /* bytes of memory that come together */

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
    rw_free(rows->span);
    rw_free(rows->live);
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

/* The first of places [low, high) whose word is at least `word`, or `high`. */
static uint64_t bisect(const rw_synapse *synapses, uint64_t low, uint64_t high, uint32_t word) {
    uint64_t n = high - low;
    for (uint64_t half; n > 1; n -= half) { /* without a branch that nobody could foretell */
        half = n / 2;
        low += synapses[low + half - 1].word < word ? half : 0;
    }
    return low + (n == 1 && synapses[low].word < word);
}

/* Looks first where the synapse would lie if targets were spread evenly, and from there in growing steps: in a long row
 * that touches one or two lines of memory instead of six. */
uint64_t rw_rows_search(const rw_rows *rows, uint64_t source, uint32_t word) {
    const rw_synapse *synapses = rows->synapses;
    uint64_t low = rw_rows_start(rows, source), high = rw_rows_end(rows, source), step = 8;
    if (rows->n_words == 0 || word >= rows->n_words || low == high)
        return bisect(synapses, low, high, word);
    uint64_t guess = low + (high - low) * word / rows->n_words;
    if (synapses[guess].word < word) {
        for (low = guess + 1; low + step < high && synapses[low + step].word < word; step *= 2)
            low += step + 1;
        return bisect(synapses, low, low + step < high ? low + step : high, word);
    }
    for (high = guess; high >= low + step && synapses[high - step].word >= word; step *= 2)
        high -= step;
    return bisect(synapses, high >= low + step ? high - step : low, high, word);
}

bool rw_rows_connect(const rw_rows *rows, uint64_t source, uint32_t target) {
    const rw_incoming *incoming = &rows->incoming;
    if (!rw_incoming_may_have(incoming, target, source))
        return false;
    if (incoming->shift == 0)
        return true;
    uint64_t end = rw_rows_end(rows, source);
    for (uint64_t k = rw_rows_search(rows, source, target); k < end && rows->synapses[k].word == target; k++)
        if (rw_rows_holds(rows, k))
            return true;
    return false;
}

uint64_t rw_rows_select(const rw_rows *rows, uint64_t source, uint32_t k) {
    uint64_t place = rw_rows_start(rows, source);
    RW_ASSERT(k < rw_rows_count(rows, source));
    if (rows->live == NULL)
        return place + k;
    uint64_t word = place / 64, bits = rows->live[word] & ~(uint64_t)0 << (place % 64);
    for (uint32_t n; (n = (uint32_t)__builtin_popcountll(bits)) <= k; k -= n)
        bits = rows->live[++word];
    for (; k > 0; k--)
        bits &= bits - 1;
    return 64 * word + (uint64_t)__builtin_ctzll(bits);
}

void rw_rows_prefetch(const rw_rows *rows, uint64_t source, uint32_t word) {
    if (rows->n_words == 0 || rows->synapses == NULL)
        return;
    uint64_t place = rows->start[source] + (uint64_t)rows->span[source] * word / rows->n_words;
    const char *near = (const char *)(rows->synapses + place); /* its line of memory, and those beside it */
    __builtin_prefetch(near - 2 * LINE);
    __builtin_prefetch(near - LINE);
    __builtin_prefetch(near);
    __builtin_prefetch(near + LINE);
    __builtin_prefetch(near + 2 * LINE);
    __builtin_prefetch(rows->serials + place);
    __builtin_prefetch(rows->live + place / 64);
}

uint64_t rw_rows_select_incoming(const rw_rows *rows, uint32_t target, uint32_t k, uint64_t *source) {
    uint32_t number = 0;
    rw_incoming_find(&rows->incoming, target, k, source, &number);
    for (;; (*source)++) {
        RW_ASSERT(*source < rows->n_sources);
        uint64_t end = rw_rows_end(rows, *source);
        for (uint64_t place = rw_rows_search(rows, *source, target);
             place < end && rows->synapses[place].word == target; place++)
            if (rw_rows_holds(rows, place) && number-- == 0)
                return place;
    }
}

/* The first gap at or behind a place of a row that ends at `end`; `end` if there is none. */
static uint64_t next_gap(const rw_rows *rows, uint64_t place, uint64_t end) {
    if (place >= end)
        return end;
    uint64_t word = place / 64, gaps = ~rows->live[word] & ~(uint64_t)0 << (place % 64);
    while (gaps == 0) {
        if (64 * ++word >= end)
            return end;
        gaps = ~rows->live[word];
    }
    place = 64 * word + (uint64_t)__builtin_ctzll(gaps);
    return place < end ? place : end;
}

/* The last gap before a place of a row that begins at `start`; UINT64_MAX if there is none. */
static uint64_t last_gap(const rw_rows *rows, uint64_t start, uint64_t place) {
    if (place <= start)
        return UINT64_MAX;
    uint64_t word = (place - 1) / 64, gaps = ~rows->live[word] & ~(uint64_t)0 >> (63 - (place - 1) % 64);
    while (gaps == 0) {
        if (64 * word <= start)
            return UINT64_MAX;
        gaps = ~rows->live[--word];
    }
    place = 64 * word + 63 - (uint64_t)__builtin_clzll(gaps);
    return place >= start ? place : UINT64_MAX;
}

/* Moves the nearest gap of a row to where a synapse belongs that comes just before `place`; says where that is. */
static uint64_t move_gap(rw_rows *rows, uint64_t source, uint64_t place) {
    uint64_t start = rows->start[source], end = start + rows->span[source];
    uint64_t right = next_gap(rows, place, end), left = last_gap(rows, start, place), gap;
    if (left == UINT64_MAX || (right < end && right - place < place - left)) {
        RW_ASSERT(right < end);
        gap = right;
        rw_rows_move(rows, place + 1, place, gap - place);
    } else {
        gap = left;
        place--;
        rw_rows_move(rows, gap, gap + 1, place - gap);
    }
    rows->live[gap / 64] |= (uint64_t)1 << (gap % 64);
    return place;
}

rw_err rw_rows_insert(rw_rows *rows, uint64_t source, rw_synapse synapse, uint32_t serial, const float *states) {
    RW_ASSERT(rows->span != NULL && source < rows->n_sources && synapse.word < UINT32_MAX);
    if (rows->count[source] == rows->span[source])
        RW_TRY(rw_rows_widen(rows, source));
    if (rows->incoming.n_targets > 0) {
        RW_TRY(rw_incoming_reserve(&rows->incoming, synapse.word));
        rw_incoming_add(&rows->incoming, synapse.word, source);
    }
    uint64_t place = move_gap(rows, source, rw_rows_search(rows, source, synapse.word + 1));
    rows->synapses[place] = synapse;
    rows->serials[place] = serial;
    for (uint32_t k = 0; k < rows->n_states; k++)
        rows->states[place * rows->n_states + k] = states[k];
    rows->count[source]++;
    return RW_OK;
}

void rw_rows_remove(rw_rows *rows, uint64_t source, uint64_t place) {
    RW_ASSERT(rows->span != NULL && place - rows->start[source] < rows->span[source] && rw_rows_holds(rows, place));
    rows->synapses[place].weight = 0.0f;
    rows->live[place / 64] &= ~((uint64_t)1 << (place % 64));
    rows->count[source]--;
    if (rows->incoming.n_targets > 0)
        rw_incoming_remove(&rows->incoming, rows->synapses[place].word, source);
}

void rw_rows_cut(rw_rows *rows, uint64_t source, const bool *goes) {
    RW_ASSERT(rows->span == NULL && rows->present == NULL && rows->serials != NULL);
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
