/* Where synapses are in their rows: by target, and by number. */
#include <stddef.h>

#include "net/rows/synapses.h"

enum { LINE = 64 }; /* bytes of memory that come together */

#define NO_PLACE UINT64_MAX
#define NO_WORD UINT32_MAX

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
    uint64_t low = rw_rows_start(rows, source), high = rw_rows_newcomers(rows, source), step = 8;
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

/* The place of synapse *number of those of a source with that word, by serial; NO_PLACE if there are less: *number is
 * then less by these. */
static uint64_t find(const rw_rows *rows, uint64_t source, uint32_t word, uint32_t *number) {
    uint64_t newcomers = rw_rows_newcomers(rows, source), end = rw_rows_end(rows, source);
    for (uint64_t place = rw_rows_search(rows, source, word); place < newcomers && rows->synapses[place].word == word;
         place++)
        if (rw_rows_holds(rows, place) && (*number)-- == 0)
            return place;
    for (uint64_t place = newcomers; place < end; place++)
        if (rows->synapses[place].word == word && rw_rows_holds(rows, place) && (*number)-- == 0)
            return place;
    return NO_PLACE;
}

bool rw_rows_connect(const rw_rows *rows, uint64_t source, uint32_t target) {
    const rw_incoming *incoming = &rows->incoming;
    uint32_t number = 0;
    if (!rw_incoming_may_have(incoming, target, source))
        return false;
    return incoming->shift == 0 || find(rows, source, target, &number) != NO_PLACE;
}

/* Whether a row has gaps. */
static bool has_gaps(const rw_rows *rows, uint64_t source) {
    return rw_rows_end(rows, source) - rw_rows_start(rows, source) > rw_rows_count(rows, source);
}

/* The place of synapse number k of those of a row that are no newcomers. */
static uint64_t skip(const rw_rows *rows, uint64_t source, uint32_t k) {
    uint64_t place = rw_rows_start(rows, source);
    if (!has_gaps(rows, source))
        return place + k;
    uint64_t word = place / 64, bits = ~rows->gaps[word] & ~(uint64_t)0 << (place % 64);
    for (uint32_t n; (n = (uint32_t)__builtin_popcountll(bits)) <= k; k -= n)
        bits = ~rows->gaps[++word];
    for (; k > 0; k--)
        bits &= bits - 1;
    return 64 * word + (uint64_t)__builtin_ctzll(bits);
}

void rw_row_walk_begin(rw_row_walk *walk, const rw_rows *rows, uint64_t source) {
    uint64_t newcomers = rw_rows_newcomers(rows, source), end = rw_rows_end(rows, source);
    walk->rows = rows;
    walk->place = rw_rows_start(rows, source);
    walk->newcomers = newcomers;
    walk->n = walk->k = 0;
    for (uint64_t place = newcomers; place < end; place++) {
        if (!rw_rows_holds(rows, place))
            continue;
        uint32_t at = walk->n++, word = rows->synapses[place].word;
        for (; at > 0 && walk->words[at - 1] > word; at--) {
            walk->words[at] = walk->words[at - 1];
            walk->places[at] = walk->places[at - 1];
        }
        walk->words[at] = word;
        walk->places[at] = place;
    }
}

/* Before a synapse is looked for that is to break: newcomers that are many would be looked through each time. */
static void merge_many(rw_rows *rows, uint64_t source) {
    enum { FEW = 6 };
    if (rw_rows_end(rows, source) - rw_rows_newcomers(rows, source) > FEW)
        rw_rows_merge(rows, source);
}

/* The words of a row's newcomers, NO_WORD of gaps; returns how many there are, gaps included. */
static uint32_t read_newcomers(const rw_rows *rows, uint64_t source, uint32_t *words, uint32_t *n_live) {
    uint64_t first = rw_rows_newcomers(rows, source);
    uint32_t n = (uint32_t)(rw_rows_end(rows, source) - first), live = 0;
    for (uint32_t k = 0; k < n; k++) {
        bool holds = rw_rows_holds(rows, first + k);
        words[k] = holds ? rows->synapses[first + k].word : NO_WORD;
        live += holds;
    }
    *n_live = live;
    return n;
}

static uint32_t count_below(const uint32_t *words, uint32_t n, uint32_t word) {
    uint32_t below = 0;
    for (uint32_t k = 0; k < n; k++)
        below += words[k] < word;
    return below;
}

/* The place among them of number k by word, then place. */
static uint32_t select_newcomer(const uint32_t *words, uint32_t n, uint32_t k) {
    for (uint32_t m = 0;; m++) {
        RW_ASSERT(m < n);
        if (words[m] == NO_WORD)
            continue;
        uint32_t before = count_below(words, n, words[m]);
        for (uint32_t same = 0; same < m; same++)
            before += words[same] == words[m];
        if (before == k)
            return m;
    }
}

/* Of the k before synapse number k, `sorted` are no newcomers: the least number of these that with the newcomers before
 * the next one are at least k. */
uint64_t rw_rows_select(rw_rows *rows, uint64_t source, uint32_t k) {
    merge_many(rows, source);
    uint32_t words[RW_MOST_NEWCOMERS], count = rw_rows_count(rows, source), n_live = 0;
    uint32_t n = read_newcomers(rows, source, words, &n_live);
    RW_ASSERT(k < count);
    if (n_live == 0)
        return skip(rows, source, k);
    uint32_t low = k > n_live ? k - n_live : 0, high = k < count - n_live ? k : count - n_live;
    uint32_t sorted = k - (uint32_t)((uint64_t)k * n_live / count);
    while (low < high) {
        sorted = sorted < low ? low : sorted >= high ? high - 1 : sorted;
        uint32_t before = sorted + count_below(words, n, rows->synapses[skip(rows, source, sorted)].word);
        if (before < k) {
            low = sorted + 1;
            sorted += k - before;
        } else {
            high = sorted;
            sorted -= before > k && before - k < sorted ? before - k : sorted > 0;
        }
    }
    if (low < count - n_live) {
        uint64_t place = skip(rows, source, low);
        if (low + count_below(words, n, rows->synapses[place].word) == k)
            return place;
    }
    return rw_rows_newcomers(rows, source) + select_newcomer(words, n, k - low);
}

static void prefetch_newcomers(const rw_rows *rows, uint64_t source) {
    for (uint64_t place = rw_rows_newcomers(rows, source); place < rw_rows_end(rows, source);
         place += LINE / sizeof *rows->synapses)
        __builtin_prefetch(rows->synapses + place);
}

void rw_rows_prefetch_number(const rw_rows *rows, uint64_t source, uint32_t k) {
    uint64_t start = rw_rows_start(rows, source), end = rw_rows_end(rows, source);
    uint32_t count = rw_rows_count(rows, source);
    if (rows->gaps == NULL || count == 0)
        return;
    const char *near = (const char *)(rows->synapses + start + (uint64_t)rows->places[source].sorted * k / count);
    __builtin_prefetch(near - LINE);
    __builtin_prefetch(near);
    __builtin_prefetch(near + LINE);
    for (uint64_t word = start / 64; word <= end / 64 && has_gaps(rows, source); word += 8)
        __builtin_prefetch(rows->gaps + word);
    prefetch_newcomers(rows, source);
}

void rw_rows_prefetch(const rw_rows *rows, uint64_t source, uint32_t word) {
    if (rows->n_words == 0 || rows->synapses == NULL)
        return;
    uint64_t place = rows->start[source] + (uint64_t)rows->places[source].sorted * word / rows->n_words;
    const char *near = (const char *)(rows->synapses + place); /* its line of memory, and those beside it */
    bool is_long = rows->places[source].sorted > 256;          /* then it may lie farther from there */
    if (is_long)
        __builtin_prefetch(near - (ptrdiff_t)2 * LINE);
    __builtin_prefetch(near - LINE);
    __builtin_prefetch(near);
    __builtin_prefetch(near + LINE);
    if (is_long)
        __builtin_prefetch(near + (ptrdiff_t)2 * LINE);
    __builtin_prefetch(rows->gaps + place / 64);
    prefetch_newcomers(rows, source);
}

uint64_t rw_rows_select_incoming(rw_rows *rows, uint32_t target, uint32_t k, uint64_t *source) {
    uint32_t number = 0;
    rw_incoming_find(&rows->incoming, target, k, source, &number);
    for (;; (*source)++) {
        RW_ASSERT(*source < rows->n_sources);
        merge_many(rows, *source);
        uint64_t place = find(rows, *source, target, &number);
        if (place != NO_PLACE)
            return place;
    }
}
