#include "sim/arrivals.h"

#include <string.h>

#include "base/memory.h"

enum {
    BATCH = 256, /* segments listed at a time */
    AHEAD = 5,   /* how much earlier a segment is prefetched */
    LINE_BYTES = 64
};

static uint64_t power_above(uint64_t n) {
    uint64_t power = 1;
    while (power <= n)
        power *= 2;
    return power;
}

/* How many cache lines a segment of each delay class has, from the rows of some cells. */
static rw_err measure_segments(rw_arrival_list *list, uint64_t n_sources) {
    enum { SAMPLES = 64 };
    const rw_fan_out_rows *rows = list->rows;
    uint32_t n_classes = list->fan_out->max_delay - list->fan_out->min_delay + 1;
    const uint64_t step = n_sources / SAMPLES + 1, n = (n_sources - 1) / step + 1; /* a population has cells */
    RW_TRY(RW_NEW(list->lines, n_classes, "fan-outs"));
    for (uint64_t source = 0; source < n_sources; source += step)
        for (uint64_t k = rows->start[source]; k < rows->start[source + 1] - 1; k++)
            list->lines[rw_packed_delay_class(rows->packing, rows->synapses[k].packed)]++;
    for (uint32_t class = 0; class < n_classes; class ++) /* and one more, as segments begin anywhere in a line */
        list->lines[class] = (uint32_t)(list->lines[class] * sizeof(rw_synapse) / n / LINE_BYTES) + 2;
    return RW_OK;
}

static rw_err create_list(rw_arrival_list *list, const rw_network *network, size_t f, int thread, uint64_t n_stamps,
                          uint64_t capacity) {
    const rw_fan_out *fan_out = &network->fan_outs[f];
    *list = (rw_arrival_list){.fan_out = fan_out, .rows = &fan_out->rows[thread], .capacity = capacity};
    RW_TRY(RW_NEW(list->count, n_stamps, "spikes on their way"));
    RW_TRY(rw_reserve(&list->next, n_stamps * capacity, sizeof *list->next, "spikes on their way"));
    return measure_segments(list, network->populations[fan_out->source].count);
}

rw_err rw_arrivals_create(rw_arrivals *arrivals, const rw_network *network, int thread, uint32_t max_block,
                          const uint64_t *most_spikes) {
    *arrivals = (rw_arrivals){.n_places = rw_first_place(network, thread, (uint32_t)network->n_populations, 0)};
    if (network->n_fan_outs == 0)
        return RW_OK;
    for (size_t f = 0; f < network->n_fan_outs; f++)
        if (network->fan_outs[f].max_delay > arrivals->longest_delay)
            arrivals->longest_delay = network->fan_outs[f].max_delay;
    uint64_t n_stamps = power_above((uint64_t)arrivals->longest_delay + max_block), n_bins = power_above(max_block - 1);
    arrivals->stamp_mask = n_stamps - 1;
    arrivals->bin_mask = n_bins - 1;
    RW_TRY(RW_NEW(arrivals->bins, n_bins * arrivals->n_places, "bins"));
    RW_TRY(RW_NEW(arrivals->lists, network->n_fan_outs, "fan-outs"));
    for (; arrivals->n_lists < network->n_fan_outs; arrivals->n_lists++) {
        size_t f = arrivals->n_lists;
        rw_err err =
            create_list(&arrivals->lists[f], network, f, thread, n_stamps, most_spikes[network->fan_outs[f].source]);
        if (err != RW_OK) {
            arrivals->n_lists++;
            return err;
        }
    }
    return RW_OK;
}

void rw_arrivals_destroy(rw_arrivals *arrivals) {
    for (size_t f = 0; f < arrivals->n_lists; f++) {
        rw_free(arrivals->lists[f].count);
        rw_free(arrivals->lists[f].next);
        rw_free(arrivals->lists[f].lines);
    }
    rw_free(arrivals->lists);
    rw_free(arrivals->bins);
    rw_free(arrivals->later);
    *arrivals = (rw_arrivals){0};
}

static inline void prefetch(const rw_synapse *segment, uint32_t n_lines) {
    for (uint32_t line = 0; line < n_lines; line++)
        __builtin_prefetch((const char *)segment + (size_t)line * LINE_BYTES, 0, 2);
}

/* Adds the synapses of a segment, whose packed targets are below `end`; returns where the next segment begins. */
static inline const rw_synapse *add_segment(float *bins, const rw_synapse *synapse, uint32_t end, uint32_t mask) {
    for (; synapse->packed < end; synapse++)
        bins[synapse->packed & mask] += synapse->weight;
    return synapse;
}

/* Segments that are due at a stamp, in the order of sums. Which ones is known ahead, so they are listed first, and
 * while one is added, those that follow are prefetched. */
typedef struct {
    struct {
        const rw_synapse **next; /* of the spike */
        uint32_t end, mask;      /* of its packed targets */
        uint32_t n_lines;
    } items[BATCH];
    size_t n;
} segment_list;

static void add_listed(segment_list *list, float *bins) {
    for (size_t k = 0; k < AHEAD && k < list->n; k++)
        prefetch(*list->items[k].next, list->items[k].n_lines);
    for (size_t k = 0; k < list->n; k++) {
        if (k + AHEAD < list->n)
            prefetch(*list->items[k + AHEAD].next, list->items[k + AHEAD].n_lines);
        *list->items[k].next = add_segment(bins, *list->items[k].next, list->items[k].end, list->items[k].mask);
    }
    list->n = 0;
}

/* Lists the segments of one delay class of all spikes of a list and stamp. */
static void list_class(segment_list *segments, const rw_arrivals *arrivals, const rw_arrival_list *list, uint64_t stamp,
                       uint32_t delay_class, float *bins) {
    uint64_t at = stamp & arrivals->stamp_mask;
    rw_packing packing = list->rows->packing;
    for (uint32_t k = 0; k < list->count[at]; k++) {
        if (segments->n == BATCH)
            add_listed(segments, bins);
        segments->items[segments->n].next = list->next + at * list->capacity + k;
        segments->items[segments->n].end = (delay_class + 1) << packing.target_bits;
        segments->items[segments->n].mask = packing.target_mask;
        segments->items[segments->n++].n_lines = list->lines[delay_class];
    }
}

/* Adds all that arrives at a stamp. */
static void deliver_stamp(rw_arrivals *arrivals, uint64_t stamp, float *bins) {
    segment_list segments;
    segments.n = 0;
    for (uint32_t delay = arrivals->longest_delay; delay > 0; delay--) {
        if (delay >= stamp) /* the first spike has stamp 1 */
            continue;
        for (size_t f = 0; f < arrivals->n_lists; f++) {
            const rw_arrival_list *list = &arrivals->lists[f];
            const rw_fan_out *fan_out = list->fan_out;
            if (delay >= fan_out->min_delay && delay <= fan_out->max_delay)
                list_class(&segments, arrivals, list, stamp - delay, delay - fan_out->min_delay, bins);
        }
    }
    add_listed(&segments, bins);
}

/* The lists of spikes of which nothing is on its way after `stamp` are for others. */
static void forget(rw_arrivals *arrivals, uint64_t stamp) {
    for (size_t f = 0; f < arrivals->n_lists; f++)
        arrivals->lists[f].count[(stamp - arrivals->longest_delay) & arrivals->stamp_mask] = 0;
}

void rw_arrivals_deliver(rw_arrivals *arrivals, uint64_t step, uint32_t n) {
    if (arrivals->n_lists == 0)
        return;
    for (uint64_t stamp = step + 1; stamp <= step + n; stamp++) {
        float *bins = arrivals->bins + (stamp & arrivals->bin_mask) * arrivals->n_places;
        const float *later = rw_arrivals_later(arrivals, stamp);
        if (later != NULL)
            memcpy(bins, later, arrivals->n_places * sizeof *bins);
        deliver_stamp(arrivals, stamp, bins);
        forget(arrivals, stamp);
    }
    if (arrivals->later != NULL && rw_arrivals_later(arrivals, step + n + 1) == NULL) {
        rw_free(arrivals->later);
        arrivals->later = NULL;
    }
}

float *rw_arrivals_later(const rw_arrivals *arrivals, uint64_t stamp) {
    bool is_there = arrivals->later != NULL && stamp >= arrivals->later_from &&
                    stamp < arrivals->later_from + arrivals->longest_delay;
    return is_there ? arrivals->later + (stamp - arrivals->later_from) * arrivals->n_places : NULL;
}

rw_err rw_arrivals_sum_up(rw_arrivals *arrivals, uint64_t step) {
    if (arrivals->n_lists == 0)
        return RW_OK;
    float *later = NULL;
    RW_TRY(RW_NEW(later, arrivals->longest_delay * arrivals->n_places, "spikes on their way"));
    for (uint64_t k = 0; k < arrivals->longest_delay; k++) {
        float *sums = later + k * arrivals->n_places;
        const float *before = rw_arrivals_later(arrivals, step + 1 + k);
        if (before != NULL)
            memcpy(sums, before, arrivals->n_places * sizeof *sums);
        deliver_stamp(arrivals, step + 1 + k, sums);
    }
    for (size_t f = 0; f < arrivals->n_lists; f++)
        memset(arrivals->lists[f].count, 0, (arrivals->stamp_mask + 1) * sizeof arrivals->lists[f].count[0]);
    rw_free(arrivals->later);
    arrivals->later = later;
    arrivals->later_from = step + 1;
    return RW_OK;
}
