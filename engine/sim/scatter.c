/* Delivery: every spike of the block walks its rows and adds weights to the slots in which they will arrive.
 *
 * The order is fixed: step, population, projection, cell, place in the row. So a target sums its inputs in one order on
 * any team of threads. */
#include "sim/state.h"

/* A run of spikes that one population's slice fired in one step. */
typedef struct {
    const uint32_t *ids;
    uint32_t n;
    const float *jumps; /* of the gate in question, or NULL */
    uint64_t stamp;
} spike_run;

static void add_row(const rw_synapse *row, uint32_t n, float *slot) {
    for (uint32_t k = 0; k < n; k++)
        slot[row[k].word] += row[k].weight;
}

static void add_scaled_row(const rw_synapse *row, uint32_t n, float *slot, float scale) {
    for (uint32_t k = 0; k < n; k++)
        slot[row[k].word] += row[k].weight * scale;
}

static void add_delayed_row(const rw_synapse *row, uint32_t n, const rw_projection *projection, const rw_ring *ring,
                            uint64_t earliest, float scale) {
    rw_word_layout layout = projection->layout;
    for (uint32_t k = 0; k < n; k++) {
        uint64_t stamp = earliest + rw_word_delay_class(layout, row[k].word);
        rw_ring_slot(ring, stamp)[rw_word_target(layout, row[k].word)] += row[k].weight * scale;
    }
}

/* Brings the start of a row near while the one before it is delivered. */
static void prefetch_row(const rw_rows *rows, uint32_t id) {
    const char *start = (const char *)(rows->synapses + rows->start[id]);
    for (int line = 0; line < 4; line++)
        __builtin_prefetch(start + line * 64, 0, 2);
}

/* Delivers a run through one port; the weights count `jumps` times if there are any. */
static void deliver(const spike_run *run, const rw_projection *projection, const rw_rows *rows, const rw_ring *ring) {
    uint64_t earliest = run->stamp + projection->min_delay;
    for (uint32_t s = 0; s < run->n; s++) {
        uint32_t id = run->ids[s];
        if (s + 1 < run->n)
            prefetch_row(rows, run->ids[s + 1]);
        const rw_synapse *row = rows->synapses + rows->start[id];
        if (projection->layout.target_bits != 32)
            add_delayed_row(row, rows->length[id], projection, ring, earliest,
                            run->jumps != NULL ? run->jumps[s] : 1.0f);
        else if (run->jumps != NULL)
            add_scaled_row(row, rows->length[id], rw_ring_slot(ring, earliest), run->jumps[s]);
        else
            add_row(row, rows->length[id], rw_ring_slot(ring, earliest));
    }
}

/* Delivers what slice `list` of the projection's source fired in one step. */
static void deliver_run(rw_worker *worker, const rw_projection *projection, uint32_t gate, const rw_spike_list *list,
                        uint32_t step_in_block, uint64_t stamp) {
    const rw_rows *rows = &projection->rows[worker->thread];
    const rw_ring *rings = worker->rings[projection->target];
    spike_run run = {
        .ids = list->ids + step_in_block * list->capacity, .n = list->count[step_in_block], .stamp = stamp};
    for (uint32_t s = 0; s < run.n; s++)
        worker->events += rows->length[run.ids[s]];
    if (projection->port != RW_NO_PORT)
        deliver(&run, projection, rows, &rings[projection->port]);
    if (projection->graded_port != RW_NO_PORT) {
        run.jumps = list->jumps + ((size_t)gate * RW_BLOCK_STEPS + step_in_block) * list->capacity;
        deliver(&run, projection, rows, &rings[projection->graded_port]);
    }
}

void rw_worker_scatter(rw_worker *worker, const rw_simulation *sim, uint64_t step, uint32_t n) {
    const rw_network *network = sim->network;
    for (uint32_t k = 0; k < n; k++) {
        for (uint32_t p = 0; p < network->n_populations; p++) {
            const rw_plan *plan = &sim->plans[p];
            for (size_t out = 0; out < plan->n_projections; out++) {
                const rw_projection *projection = &network->projections[plan->projections[out]];
                for (int t = 0; t < network->n_threads; t++) {
                    const rw_spike_list *list = &sim->workers[t].spikes[p];
                    if (list->count[k] > 0)
                        deliver_run(worker, projection, plan->gate_of[out], list, k, step + k + 1);
                }
            }
        }
    }
}
