/* The store of synapses: for one thread and one projection, a row per source of synapses onto the thread's own cells.
 *
 * Built for delivery first: a row is contiguous and ordered by its words, so a spike walks memory forward, one delay
 * after the other, targets ascending. Where all weights and all delays are equal and nothing changes, a synapse is but
 * its target, 2 bytes, so that four times as many come with each line of memory. Built for change second: a row of a
 * structural projection has slack, and one that outgrows it moves to the end of the pool; a pool that is mostly holes
 * is packed. */
#ifndef RW_NET_SYNAPSES_H
#define RW_NET_SYNAPSES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/random.h"

/* 8 bytes. The word: high bits the delay class (delay - min_delay), low bits the target (place in the slice). */
typedef struct {
    uint32_t word;
    float weight;
} rw_synapse;

typedef struct {
    uint32_t target_bits; /* low bits that name the target; 32: all delays are equal */
    uint32_t target_mask;
} rw_word_layout;

typedef struct {
    uint64_t n_sources;
    uint64_t n_rows;      /* n_sources, or less where sources without synapses have none: see rw_rows_find */
    uint64_t *present;    /* [n_sources / 64 + 1] a bit for each source that has a row; NULL: all have */
    uint32_t *before;     /* [n_sources / 64 + 1] rows of the sources before those of a word of `present` */
    uint64_t *start;      /* [n_rows] first synapse of a row in the pool */
    uint32_t *length;     /* [n_rows] */
    uint32_t *capacity;   /* [n_sources]; NULL: rows cannot grow */
    rw_synapse *synapses; /* [pool_size]; NULL: the rows are compact */
    uint16_t *targets;    /* [pool_size] of compact rows: places in the slice; NULL: the rows are not */
    float weight;         /* of every synapse of compact rows */
    float *states;        /* [pool_size x n_states] what plasticity keeps of each synapse besides its weight */
    uint32_t n_states;
    uint32_t *serials; /* [pool_size] serial number of each synapse among all its source ever had in the projection;
                          NULL: rows cannot grow, and the serial is implied (see rw_projection_edges) */
    uint64_t pool_used, pool_size;
    uint64_t pool_holes; /* places below pool_used that belong to no row */
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
static inline uint32_t rw_rows_length(const rw_rows *rows, uint64_t source) {
    return rows->length[rw_rows_find(rows, source)];
}

/* The place of its first one. */
static inline uint64_t rw_rows_start(const rw_rows *rows, uint64_t source) {
    return rows->start[rw_rows_find(rows, source)];
}

/* Leaves out the rows of sources without synapses, if these are most; for rows that have their lengths, but nothing
 * else yet. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_rows_thin(rw_rows *rows);

/* Frees the rows; zeroed rows are fine. */
void rw_rows_destroy(rw_rows *rows);

/* Room that a row of n synapses gets at first, where rows can grow. */
static inline uint32_t rw_rows_room(uint32_t n) {
    return n + n / 6 + 2;
}

/* Inserts a synapse with states [n_states] (NULL if there are none) in its place. Errors: RW_ERR_SYSTEM; the rows are
 * then as before. */
RW_MUST_CHECK rw_err rw_rows_insert(rw_rows *rows, uint64_t source, rw_synapse synapse, uint32_t serial,
                                    const float *states);

/* Removes the synapse with that serial; false if there is none. */
bool rw_rows_remove(rw_rows *rows, uint64_t source, uint32_t serial);

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
