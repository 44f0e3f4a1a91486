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

/* Rows are read once and come from far, but their addresses are known: while one is delivered, memory is asked for what
 * comes AHEAD lines later, in this row or else in the next. */
enum { LINE_BYTES = 64, AHEAD = 24 };

/* A row to deliver, and the one after it. */
typedef struct {
    const void *synapses, *next;
    uint32_t n;
} row_view;

/* Asks for the line that is AHEAD of the line at `byte` of a row of `size` bytes. */
static inline void prefetch_ahead(const row_view *row, size_t byte, size_t size) {
    size_t ahead = byte + LINE_BYTES * AHEAD;
    const char *line = ahead < size ? (const char *)row->synapses + ahead : (const char *)row->next + (ahead - size);
    __builtin_prefetch(line, 0, 2);
}

/* Compact rows: every synapse has the same weight. */
static void add_compact_row(const row_view *row, float *slot, float weight) {
    enum { PER_LINE = LINE_BYTES / sizeof(uint16_t) };
    const uint16_t *targets = row->synapses;
    uint32_t k = 0;
    for (; k + PER_LINE <= row->n; k += PER_LINE) {
        prefetch_ahead(row, k * sizeof *targets, row->n * sizeof *targets);
        for (uint32_t j = k; j < k + PER_LINE; j++)
            slot[targets[j]] += weight;
    }
    for (; k < row->n; k++)
        slot[targets[k]] += weight;
}

/* Rows with one delay. */
static void add_row(const row_view *row, float *slot, float scale) {
    enum { PER_LINE = LINE_BYTES / sizeof(rw_synapse) };
    const rw_synapse *synapses = row->synapses;
    uint32_t k = 0;
    for (; k + PER_LINE <= row->n; k += PER_LINE) {
        prefetch_ahead(row, k * sizeof *synapses, row->n * sizeof *synapses);
        for (uint32_t j = k; j < k + PER_LINE; j++)
            slot[synapses[j].word] += synapses[j].weight * scale;
    }
    for (; k < row->n; k++)
        slot[synapses[k].word] += synapses[k].weight * scale;
}

static void add_delayed_row(const row_view *row, const rw_projection *projection, const rw_ring *ring,
                            uint64_t earliest, float scale) {
    enum { PER_LINE = LINE_BYTES / sizeof(rw_synapse) };
    const rw_synapse *synapses = row->synapses;
    rw_word_layout layout = projection->layout;
    for (uint32_t k = 0; k < row->n; k++) {
        if (k % PER_LINE == 0)
            prefetch_ahead(row, k * sizeof *synapses, row->n * sizeof *synapses);
        uint64_t stamp = earliest + rw_word_delay_class(layout, synapses[k].word);
        rw_ring_slot(ring, stamp)[rw_word_target(layout, synapses[k].word)] += synapses[k].weight * scale;
    }
}

static const void *row_start(const rw_rows *rows, uint32_t id) {
    return rows->targets != NULL ? (const void *)(rows->targets + rows->start[id])
                                 : (const void *)(rows->synapses + rows->start[id]);
}

/* Delivers a run through one port; the weights count `jumps` times if there are any. */
static void deliver(const spike_run *run, const rw_projection *projection, const rw_rows *rows, const rw_ring *ring) {
    uint64_t earliest = run->stamp + projection->min_delay;
    for (uint32_t s = 0; s < run->n; s++) {
        uint32_t id = run->ids[s], next = run->ids[s + 1 < run->n ? s + 1 : s];
        row_view row = {.synapses = row_start(rows, id), .next = row_start(rows, next), .n = rows->length[id]};
        float scale = run->jumps != NULL ? run->jumps[s] : 1.0f;
        if (rows->targets != NULL)
            add_compact_row(&row, rw_ring_slot(ring, earliest), rows->weight * scale);
        else if (projection->layout.target_bits == 32)
            add_row(&row, rw_ring_slot(ring, earliest), scale);
        else
            add_delayed_row(&row, projection, ring, earliest, scale);
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
