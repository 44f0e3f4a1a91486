/* The recent spikes of cells, with the traces that each spike found: needed by synapses that are brought up to date
 * later. */
#ifndef RW_SIM_HISTORY_H
#define RW_SIM_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/model.h"

typedef struct {
    uint64_t stamp;
    double before[RW_TRACES]; /* traces just before the spike */
    double admitted;          /* see rw_encounter */
} rw_past_spike;

typedef struct {
    size_t n_cells;
    uint32_t capacity;      /* spikes of each cell */
    uint32_t *count;        /* [n_cells] */
    rw_past_spike *spikes;  /* [n_cells x capacity] oldest first */
    double rate[RW_TRACES]; /* decay of each trace per step; 0: no such trace */
    bool nearest;           /* a trace jumps to its height instead of by it */
    bool admitted_jump;     /* that height is `admitted` instead of 1 */
} rw_history;

/* Creates the history of n_cells without spikes; the caller sets rates and flags. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_history_create(rw_history *history, size_t n_cells, uint32_t capacity);

/* Frees it; a zeroed history is fine. */
void rw_history_destroy(rw_history *history);

static inline const rw_past_spike *rw_history_of(const rw_history *history, size_t cell) {
    return history->spikes + cell * history->capacity;
}

static inline bool rw_history_is_full(const rw_history *history, size_t cell) {
    return history->count[cell] == history->capacity;
}

/* Doubles the capacity of every cell. Errors: RW_ERR_SYSTEM; the history is then as before. */
RW_MUST_CHECK rw_err rw_history_grow(rw_history *history);

/* Adds a spike of a cell that is not full. */
void rw_history_add(rw_history *history, size_t cell, uint64_t stamp, double admitted);

/* Forgets the spikes of a cell stamped `stamp` or earlier, but for the last of them. */
void rw_history_forget(rw_history *history, size_t cell, uint64_t stamp);

/* Trace k, `steps` after a spike and its jump. */
RW_KERNEL_BODY double rw_history_trace(const rw_history *history, const rw_past_spike *spike, int k, uint64_t steps) {
    double after = (history->nearest ? 0.0 : spike->before[k]) + (history->admitted_jump ? spike->admitted : 1.0);
    return after * rw_exp(-(double)steps * history->rate[k]);
}

#endif
