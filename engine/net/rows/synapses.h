/* The store of synapses: for one thread and one projection, a row per source of synapses onto the thread's own cells.
 *
 * Built for delivery first: a row is contiguous and ordered by its words, so a spike walks memory forward, one delay
 * after the other, targets ascending. Where all weights and all delays are equal and nothing changes, a synapse is but
 * its target, 2 bytes, so that four times as many come with each line of memory.
 *
 * Built for change second: a synapse that forms is put behind its row, among the newcomers, one that vanishes leaves a
 * gap. A gap has the word that it had, and weight 0: delivery passes over it without asking, for adding 0 changes no
 * sum. When newcomers are many, or there is no place left, they are merged with the others, and gaps go; a row that is
 * full moves to a wider extent of the pool (room.c). So where synapses are does not matter to any result, and differs
 * between teams. What does is their order by word and serial: newcomers are found as if they had been merged. */
#ifndef RW_NET_SYNAPSES_H
#define RW_NET_SYNAPSES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/random.h"
#include "net/rows/extents.h"
#include "net/rows/incoming.h"

/* 8 bytes. The word: high bits the delay class (delay - min_delay), low bits the target (place in the slice). */
typedef struct {
    uint32_t word;
    float weight;
} rw_synapse;

typedef struct {
    uint32_t target_bits; /* low bits that name the target; 32: all delays are equal */
    uint32_t target_mask;
} rw_word_layout;

enum { RW_MOST_NEWCOMERS = 48 };

/* Places of a row that can change, from its start on. */
typedef struct {
    uint32_t span;   /* of the extent */
    uint32_t used;   /* before those that are free */
    uint32_t sorted; /* before the newcomers, who are in the order of their serials; at most RW_MOST_NEWCOMERS */
} rw_row_places;

typedef struct {
    uint64_t n_sources;
    uint64_t n_rows;       /* n_sources, or less where sources without synapses have none: see rw_rows_find */
    uint64_t *present;     /* [n_sources / 64 + 1] a bit for each source that has a row; NULL: all have */
    uint32_t *before;      /* [n_sources / 64 + 1] rows of the sources before those of a word of `present` */
    uint64_t *start;       /* [n_rows] first place of a row in the pool */
    uint32_t *count;       /* [n_rows] synapses */
    rw_row_places *places; /* [n_sources]; NULL: rows cannot change, all places hold synapses and are sorted */
    uint64_t *gaps;        /* [pool_size / 64 + 1] a bit for each place that is a gap of a row; NULL: there are none */
    rw_synapse *synapses;  /* [pool_size]; NULL: the rows are compact */
    uint16_t *targets;     /* [pool_size] of compact rows: places in the slice; NULL: the rows are not */
    float weight;          /* of every synapse of compact rows */
    float *states;         /* [pool_size x n_states] what plasticity keeps of each synapse besides its weight */
    uint32_t n_states;
    uint32_t *serials; /* [pool_size] serial number of each synapse among all its source ever had in the projection;
                          NULL: rows cannot change, and the serial is implied (see rw_projection_edges) */
    uint32_t n_words;  /* words lie below, about evenly: where a search begins; 0: not known */
    uint64_t pool_size;
    rw_extents *extents;  /* where rows lie that can change; NULL: one after the other */
    rw_incoming incoming; /* the sources of each target; empty where rows cannot change, or words are not targets */
} rw_rows;

/* The row of a source. Where most sources have no synapse, rows that can neither grow nor change are kept for the
 * others only, with an empty one, number n_rows, behind them for those. Otherwise the row of a source has its number.
 */
static inline uint64_t rw_rows_find(const rw_rows *rows, uint64_t source) {
    if (rows->present == NULL)
        return source;
    uint64_t word = rows->present[source / 64], bit = (uint64_t)1 << (source % 64);
    if ((word & bit) == 0)
        return rows->n_rows;
    return rows->before[source / 64] + (uint64_t)__builtin_popcountll(word & (bit - 1));
}

/* How many synapses a source has. */
static inline uint32_t rw_rows_count(const rw_rows *rows, uint64_t source) {
    return rows->count[rw_rows_find(rows, source)];
}

/* The places of a source's synapses are start .. end - 1, but for gaps: those where rw_rows_holds is false. */
static inline uint64_t rw_rows_start(const rw_rows *rows, uint64_t source) {
    return rows->start[rw_rows_find(rows, source)];
}

static inline uint64_t rw_rows_end(const rw_rows *rows, uint64_t source) {
    uint64_t row = rw_rows_find(rows, source);
    return rows->start[row] + (rows->places != NULL ? rows->places[row].used : rows->count[row]);
}

/* The newcomers are those from here to the end. */
static inline uint64_t rw_rows_newcomers(const rw_rows *rows, uint64_t source) {
    return rows->places != NULL ? rows->start[source] + rows->places[source].sorted : rw_rows_end(rows, source);
}

static inline bool rw_rows_holds(const rw_rows *rows, uint64_t place) {
    return rows->gaps == NULL || (rows->gaps[place / 64] >> (place % 64) & 1) == 0;
}

/* Leaves out the rows of sources without synapses, if these are most; for rows that have their lengths, but nothing
 * else yet. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_rows_thin(rw_rows *rows);

/* Frees the rows; zeroed rows are fine. */
void rw_rows_destroy(rw_rows *rows);

/* Gives rows that can change, of which only the lengths are known (count), extents with some room, and sets start,
 * places and pool_size. Rows are then empty; as many synapses as they were to have can be put one after the other at
 * the start of each. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_rows_allot(rw_rows *rows);

/* Makes rows ready to change whose synapses lie one after the other at the start of each: marks the places that hold
 * one, and lists the sources of targets. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_rows_settle(rw_rows *rows);

/* Moves n places of the pool, with all that belongs to them but the bits of `gaps`, to others, which may overlap. */
void rw_rows_move(rw_rows *rows, uint64_t to, uint64_t from, uint64_t n);

/* Makes room for another newcomer in a row: merges those it has with the others, in a wider extent if it must; other
 * rows may move. Errors: RW_ERR_SYSTEM; no synapse is then lost. */
RW_MUST_CHECK rw_err rw_rows_make_room(rw_rows *rows, uint64_t source);

/* Merges the newcomers of a row with the others. */
void rw_rows_merge(rw_rows *rows, uint64_t source);

/* Adds a synapse with states [n_states] (NULL if there are none); its serial is greater than that of any synapse its
 * source had. Errors: RW_ERR_SYSTEM; the rows then hold what they held. */
RW_MUST_CHECK rw_err rw_rows_insert(rw_rows *rows, uint64_t source, rw_synapse synapse, uint32_t serial,
                                    const float *states);

/* Removes the synapse at a place of the source's row. Others stay where they are. */
void rw_rows_remove(rw_rows *rows, uint64_t source, uint64_t place);

/* Removes the synapses of a row that cannot change otherwise for which goes [its count]; the others move together. */
void rw_rows_cut(rw_rows *rows, uint64_t source, const bool *goes);

/* The first of the places of a source's row that are no newcomers' whose word is at least `word`, gaps included; that
 * behind them if there is none. */
uint64_t rw_rows_search(const rw_rows *rows, uint64_t source, uint32_t word);

/* Whether a source has a synapse onto a target of the slice, in rows that can change. */
bool rw_rows_connect(const rw_rows *rows, uint64_t source, uint32_t target);

/* Goes through the places of a row that hold synapses, by word and serial. */
typedef struct {
    const rw_rows *rows;
    uint64_t place, newcomers; /* the next place that is no newcomer's, and those behind */
    uint32_t n, k;             /* newcomers, and those passed */
    uint32_t words[RW_MOST_NEWCOMERS];
    uint64_t places[RW_MOST_NEWCOMERS];
} rw_row_walk;

/* Begins at the first synapse of a source. */
void rw_row_walk_begin(rw_row_walk *walk, const rw_rows *rows, uint64_t source);

/* The place of the next synapse; false if there is none left. */
static inline bool rw_row_walk_next(rw_row_walk *walk, uint64_t *place) {
    const rw_rows *rows = walk->rows;
    while (walk->place < walk->newcomers && !rw_rows_holds(rows, walk->place))
        walk->place++;
    bool more = walk->place < walk->newcomers;
    if (walk->k < walk->n && (!more || walk->words[walk->k] < rows->synapses[walk->place].word)) {
        *place = walk->places[walk->k++];
        return true;
    }
    *place = walk->place++;
    return more;
}

/* Asks memory for where a source's row is: before rw_rows_prefetch, where time allows. */
static inline void rw_rows_prefetch_row(const rw_rows *rows, uint64_t source) {
    __builtin_prefetch(rows->start + source);
    __builtin_prefetch(rows->count + source);
    __builtin_prefetch(rows->places + source);
}

/* Asks memory for where a synapse with that word is likely to be in a row that can change, and for its newcomers. */
void rw_rows_prefetch(const rw_rows *rows, uint64_t source, uint32_t word);

/* Asks memory for where synapse number k of a source is likely to be. */
void rw_rows_prefetch_number(const rw_rows *rows, uint64_t source, uint32_t k);

/* Asks memory for where the next synapse of a row that can change will be. */
static inline void rw_rows_prefetch_end(const rw_rows *rows, uint64_t source) {
    uint64_t place = rows->start[source] + rows->places[source].used;
    __builtin_prefetch(rows->synapses + place, 1);
    __builtin_prefetch(rows->serials + place, 1);
}

/* The place of synapse number k of a source, by word and serial, k < rw_rows_count. Merges newcomers that are many. */
uint64_t rw_rows_select(rw_rows *rows, uint64_t source, uint32_t k);

/* The place of synapse number k onto a target, by source, and *source. k < rows->incoming.lists[target].count. Merges
 * newcomers that are many. */
uint64_t rw_rows_select_incoming(rw_rows *rows, uint32_t target, uint32_t k, uint64_t *source);

/* The synapse at a place of the pool, compact or not. */
static inline rw_synapse rw_rows_synapse(const rw_rows *rows, uint64_t place) {
    return rows->targets != NULL ? (rw_synapse){rows->targets[place], rows->weight} : rows->synapses[place];
}

static inline uint32_t rw_word_target(rw_word_layout layout, uint32_t word) {
    return word & layout.target_mask;
}

static inline uint32_t rw_word_delay_class(rw_word_layout layout, uint32_t word) {
    return layout.target_bits == 32 ? 0 : word >> layout.target_bits;
}

#endif
