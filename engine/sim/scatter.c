/* Delivery: every spike of the block walks its rows and adds weights to the bins in which they will arrive.
 *
 * The order is fixed: step, population, projection, cell, slot in the row. So a target sums its inputs in one order on
 * any team of threads. Rows are read once and come from far, but which ones is known ahead: they are listed first, and
 * while one is delivered, those that follow are prefetched. */
#include "sim/scatter.h"

#include "net/adjacency/adjacency.h"
#include "sim/plasticity/plastic_worker.h"
#include "sim/simulation_state.h"

enum {
    BATCH = 256,     /* rows listed at a time */
    ROWS_AHEAD = 5,  /* how much earlier a row is prefetched */
    LINES_AHEAD = 8, /* how much of it, and within a long row how far ahead of its delivery */
    LINE_BYTES = 64
};

/* One row to deliver. */
typedef struct {
    const void *synapses;
    uint32_t n, bytes; /* slots; bytes of a slot */
    float scale;       /* of the weights; of compact rows the weight itself */
    float *bin;        /* where all of it arrives; NULL: delays differ */
    const rw_projection *projection;
    const rw_ring *ring;
    uint64_t earliest; /* stamp of the shortest delay */
} delivery;

typedef struct {
    delivery items[BATCH];
    size_t n;
} delivery_list;

static inline void prefetch(const void *line) {
    __builtin_prefetch(line, 0, 2);
}

static void prefetch_row(const delivery *row) {
    size_t size = (size_t)row->n * row->bytes;
    for (size_t byte = 0; byte < size && byte < LINES_AHEAD * LINE_BYTES; byte += LINE_BYTES)
        prefetch((const char *)row->synapses + byte);
}

/* Compact rows: every synapse has the same weight. */
static void add_compact_row(const delivery *row) {
    enum { PER_LINE = LINE_BYTES / sizeof(uint16_t) };
    const uint16_t *targets = row->synapses;
    float *bin = row->bin, weight = row->scale;
    uint32_t k = 0;
    for (; k + PER_LINE <= row->n; k += PER_LINE) {
        prefetch(targets + k + LINES_AHEAD * PER_LINE);
#pragma GCC unroll 8
        for (uint32_t j = k; j < k + PER_LINE; j++)
            bin[targets[j]] += weight;
    }
    for (; k < row->n; k++)
        bin[targets[k]] += weight;
}

/* Rows with one delay. */
static void add_row(const delivery *row) {
    enum { PER_LINE = LINE_BYTES / sizeof(rw_synapse) };
    const rw_synapse *synapses = row->synapses;
    float *bin = row->bin, scale = row->scale;
    uint32_t k = 0;
    for (; k + PER_LINE <= row->n; k += PER_LINE) {
        prefetch(synapses + k + LINES_AHEAD * PER_LINE);
#pragma GCC unroll 8
        for (uint32_t j = k; j < k + PER_LINE; j++)
            bin[synapses[j].packed] += synapses[j].weight * scale;
    }
    for (; k < row->n; k++)
        bin[synapses[k].packed] += synapses[k].weight * scale;
}

static void add_delayed_row(const delivery *row) {
    enum { PER_LINE = LINE_BYTES / sizeof(rw_synapse) };
    const rw_synapse *synapses = row->synapses;
    rw_packing packing = row->projection->packing;
    for (uint32_t k = 0; k < row->n; k++) {
        if (k % PER_LINE == 0)
            prefetch(synapses + k + LINES_AHEAD * PER_LINE);
        uint64_t stamp = row->earliest + rw_packed_delay_class(packing, synapses[k].packed);
        rw_ring_bin(row->ring, stamp)[rw_packed_target(packing, synapses[k].packed)] += synapses[k].weight * row->scale;
    }
}

static void deliver_list(delivery_list *list) {
    for (size_t k = 0; k < ROWS_AHEAD && k < list->n; k++)
        prefetch_row(&list->items[k]);
    for (size_t k = 0; k < list->n; k++) {
        const delivery *row = &list->items[k];
        if (k + ROWS_AHEAD < list->n)
            prefetch_row(&list->items[k + ROWS_AHEAD]);
        if (row->bin == NULL)
            add_delayed_row(row);
        else if (row->bytes == sizeof(uint16_t))
            add_compact_row(row);
        else
            add_row(row);
    }
    list->n = 0;
}

/* Lists the row of one source cell; its weights count `jump` times. */
static void list_row(delivery_list *list, const rw_projection *projection, const rw_adjacency *adjacency,
                     const rw_ring *ring, uint32_t id, uint64_t stamp, float jump) {
    bool compact = adjacency->targets != NULL;
    uint64_t row = rw_adjacency_row(adjacency, id);
    uint64_t earliest = stamp + projection->min_delay;
    if (list->n == BATCH)
        deliver_list(list);
    list->items[list->n++] =
        (delivery){.synapses = compact ? (const void *)(adjacency->targets + adjacency->start[row])
                                       : (const void *)(adjacency->synapses + adjacency->start[row]),
                   .n = adjacency->slots != NULL ? adjacency->slots[row].used : adjacency->count[row],
                   .bytes = compact ? sizeof(uint16_t) : sizeof(rw_synapse),
                   .scale = compact ? adjacency->weight * jump : jump,
                   .bin = projection->packing.target_bits == 32 ? rw_ring_bin(ring, earliest) : NULL,
                   .projection = projection,
                   .ring = ring,
                   .earliest = earliest};
}

/* Lists what cells of the projection's source fired in one step. */
static void list_run(delivery_list *list, rw_worker *worker, const rw_projection *projection, uint32_t gate,
                     const rw_spike_run *spikes, uint32_t step_in_block, uint64_t stamp) {
    const rw_adjacency *adjacency = &projection->adjacency[worker->thread];
    const rw_ring *rings = worker->rings[projection->target];
    const uint32_t *ids = spikes->ids;
    uint32_t n = spikes->n;
    const float *jumps = NULL, *released = NULL;
    if (projection->graded_port != RW_NO_PORT)
        jumps = spikes->jumps + gate * spikes->gate_stride;
    if (rw_plasticity_walks(&projection->plasticity)) {
        deliver_list(list); /* what comes before it in the order of sums */
        rw_worker_deliver_plastic(worker, projection, ids, jumps, n, step_in_block, stamp);
        n = 0; /* for the loops below */
    } else if (projection->plasticity.any) {
        released = rw_worker_release(worker, projection, ids, n, stamp);
    }
    for (uint32_t s = 0; projection->port != RW_NO_PORT && s < n; s++)
        list_row(list, projection, adjacency, &rings[projection->port], ids[s], stamp,
                 released != NULL ? released[s] : 1.0f);
    for (uint32_t s = 0; projection->graded_port != RW_NO_PORT && s < n; s++)
        list_row(list, projection, adjacency, &rings[projection->graded_port], ids[s], stamp,
                 released != NULL ? jumps[s] * released[s] : jumps[s]);
    n = spikes->n;
    uint64_t events = 0, bytes = adjacency->targets != NULL ? sizeof(uint16_t) : sizeof(rw_synapse);
    for (uint32_t s = 0; s < n; s++)
        events += rw_adjacency_count(adjacency, ids[s]);
    uint64_t walks = (uint64_t)(projection->port != RW_NO_PORT) + (projection->graded_port != RW_NO_PORT);
    worker->events += events;
    worker->delivered_bytes += walks * bytes * events;
}

/* Part `part` of what a population fired in one step, parts in the order of ids: what a worker of this rank listed, or,
 * with several ranks, all that was received. */
static rw_spike_run run_of(const rw_simulation *sim, uint32_t population, uint32_t step_in_block, int part) {
    if (sim->exchange != NULL)
        return rw_spike_exchange_run(sim->exchange, population, step_in_block);
    const rw_spike_list *list = &sim->workers[part].spikes[population];
    size_t first = step_in_block * list->capacity;
    return (rw_spike_run){.n = list->count[step_in_block],
                          .ids = list->ids + first,
                          .jumps = list->jumps != NULL ? list->jumps + first : NULL,
                          .gate_stride = RW_BLOCK_STEPS * list->capacity};
}

/* Notes what arrives later of the spikes of a population in one step, of projections that are gathered. */
static void note_arrivals(rw_worker *worker, const rw_simulation *sim, uint32_t population, uint32_t step_in_block,
                          uint64_t stamp) {
    int n_parts = sim->exchange != NULL ? 1 : sim->network->partition.n_threads;
    for (size_t f = 0; f < worker->arrivals.n_lists; f++) {
        if (sim->network->fan_outs[f].source != population)
            continue;
        const uint64_t *start = worker->arrivals.lists[f].rows->start;
        for (int part = 0; part < n_parts; part++) {
            rw_spike_run run = run_of(sim, population, step_in_block, part);
            uint64_t events = 0;
            for (uint32_t s = 0; s < run.n; s++) {
                rw_arrivals_add(&worker->arrivals, f, run.ids[s], stamp);
                events += start[run.ids[s] + 1] - start[run.ids[s]] - 1;
            }
            worker->events += events;
            worker->delivered_bytes += events * sizeof(rw_synapse);
        }
    }
}

void rw_worker_scatter(rw_worker *worker, const rw_simulation *sim, uint64_t step, uint32_t n) {
    const rw_network *network = sim->network;
    int n_parts = sim->exchange != NULL ? 1 : network->partition.n_threads;
    delivery_list list;
    list.n = 0;
    for (uint32_t k = 0; k < n; k++) {
        if (sim->plastic)
            rw_worker_tick_plastic(worker, network, k, step + k + 1);
        for (uint32_t p = 0; p < network->n_populations; p++) {
            note_arrivals(worker, sim, p, k, step + k + 1);
            const rw_population_plan *plan = &sim->plans[p];
            for (size_t out = 0; out < plan->n_projections; out++) {
                const rw_projection *projection = &network->projections[plan->projections[out]];
                if (projection->adjacency[worker->thread].gathered != NULL)
                    continue;
                for (int part = 0; part < n_parts; part++) {
                    rw_spike_run run = run_of(sim, p, k, part);
                    if (run.n > 0)
                        list_run(&list, worker, projection, plan->gate_of[out], &run, k, step + k + 1);
                }
            }
        }
    }
    deliver_list(&list);
}
