/* Delivery by arrival: spikes of cells whose projections are gathered in fan-outs (net/fan_outs.h) wait in a list of
 * their step. In each step the segments that are due, of all spikes that still have some on their way, are added to the
 * bins of that step, the earliest spikes first. So a cell sums its inputs in the order of delivery.h. */
#ifndef RW_SIM_ARRIVALS_H
#define RW_SIM_ARRIVALS_H

#include "net/fan_outs.h"

/* The spikes of one fan-out. */
typedef struct {
    const rw_fan_out *fan_out;
    const rw_fan_out_rows *rows; /* of the thread */
    uint64_t capacity;           /* spikes of a step at most */
    uint32_t *count;             /* [n_stamps] */
    const rw_synapse **next;     /* [n_stamps x capacity] the next segment of each spike */
    uint32_t *lines;             /* [delay classes] cache lines of a segment, about */
} rw_arrival_list;

/* The arrivals at the cells of one thread. */
typedef struct {
    rw_arrival_list *lists; /* [n_fan_outs] in the order of fan-outs */
    size_t n_lists;
    uint32_t longest_delay; /* steps */
    uint64_t stamp_mask;    /* n_stamps - 1, n_stamps a power of two > the longest delay + the longest block */
    float *bins;            /* [n_bins x n_places] what arrives in the steps of a block */
    size_t n_places;
    uint64_t bin_mask; /* n_bins - 1 */
    float *later;      /* [longest_delay x n_places] sums of the steps from later_from on, of a state; NULL: none */
    uint64_t later_from;
} rw_arrivals;

/* Creates the lists and bins of a thread, for blocks of at most max_block steps. most_spikes [n_populations]: of a
 * step. Errors: RW_ERR_SYSTEM; the arrivals are then to be destroyed. */
RW_MUST_CHECK rw_err rw_arrivals_create(rw_arrivals *arrivals, const rw_network *network, int thread,
                                        uint32_t max_block, const uint64_t *most_spikes);

/* Frees the arrivals; zeroed ones are fine. */
void rw_arrivals_destroy(rw_arrivals *arrivals);

/* Notes that cell `id` of a fan-out's population fired, its spike being stamped `stamp`. Spikes come in ascending order
 * of stamps, fan-outs and cells. */
static inline void rw_arrivals_add(rw_arrivals *arrivals, size_t fan_out, uint32_t id, uint64_t stamp) {
    rw_arrival_list *list = &arrivals->lists[fan_out];
    uint64_t at = stamp & arrivals->stamp_mask;
    list->next[at * list->capacity + list->count[at]++] = list->rows->synapses + list->rows->start[id];
}

/* Adds all that arrives at stamps step + 1 .. step + n to the bins, which are zero. Spikes up to stamp `step` are
 * known, and n is at most the shortest delay. */
void rw_arrivals_deliver(rw_arrivals *arrivals, uint64_t step, uint32_t n);

/* Sums up all that is on its way after `step` in `later`, where a state is saved from and restored to; the sums of
 * cells go on from there. Errors: RW_ERR_SYSTEM; nothing has then changed. */
RW_MUST_CHECK rw_err rw_arrivals_sum_up(rw_arrivals *arrivals, uint64_t step);

/* The sums of `later` for a stamp [n_places]; NULL: there are none. */
float *rw_arrivals_later(const rw_arrivals *arrivals, uint64_t stamp);

#endif
