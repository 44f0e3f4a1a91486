#include "net/adjacency/fan_out.h"

#include "base/memory.h"

/* After so many synapses read, the memory behind them is given back. */
enum { RELEASED_TOGETHER = 1 << 20 };

static uint32_t class_in_fan_out(const rw_fan_out_part *part, uint32_t packed) {
    return part->first_class + rw_packed_delay_class(part->packing, packed);
}

/* Where the rows begin; returns how many synapses there are, with their ends. */
static uint64_t place_rows(rw_fan_out_rows *rows, rw_adjacency *const *adjacencies, size_t n) {
    uint64_t n_sources = adjacencies[0]->n_sources, total = 0;
    for (uint64_t source = 0; source < n_sources; source++) {
        rows->start[source] = total;
        for (size_t k = 0; k < n; k++)
            total += rw_adjacency_count(adjacencies[k], source);
        total++;
    }
    rows->start[n_sources] = total;
    return total;
}

/* The part of one projection's row that has not been gathered yet. */
typedef struct {
    const rw_synapse *next, *end;
} unread;

/* Merges the rows of one source by delay class. */
static void gather_row(rw_synapse *to, rw_packing packing, unread *left, const rw_fan_out_part *parts, size_t n) {
    for (uint32_t class = 0, next_class; class != UINT32_MAX; class = next_class) {
        next_class = UINT32_MAX;
        for (size_t k = 0; k < n; k++) {
            const rw_fan_out_part *part = &parts[k];
            for (; left[k].next < left[k].end; left[k].next++) {
                uint32_t packed = left[k].next->packed, own = class_in_fan_out(part, packed);
                if (own > class) {
                    next_class = own < next_class ? own : next_class;
                    break;
                }
                packed = own << packing.target_bits | (part->first_place + rw_packed_target(part->packing, packed));
                *to++ = (rw_synapse){packed, left[k].next->weight};
            }
        }
    }
    *to = (rw_synapse){RW_FAN_OUT_END, 0.0f};
}

/* Gives the memory of synapses back that lie before the row of a source. */
static void release(rw_adjacency *const *adjacencies, size_t n, uint64_t source) {
    for (size_t k = 0; k < n; k++) {
        rw_adjacency *adjacency = adjacencies[k];
        uint64_t row = rw_adjacency_row(adjacency, source);
        if (row < adjacency->n_rows)
            rw_release(adjacency->synapses, adjacency->start[row] * sizeof(rw_synapse));
    }
}

static void gather_rows(rw_fan_out_rows *rows, rw_adjacency *const *adjacencies, const rw_fan_out_part *parts, size_t n,
                        unread *left) {
    uint64_t released = 0;
    for (uint64_t source = 0; source < adjacencies[0]->n_sources; source++) {
        for (size_t k = 0; k < n; k++) {
            const rw_adjacency *adjacency = adjacencies[k];
            left[k].next = adjacency->synapses + rw_adjacency_start(adjacency, source);
            left[k].end = adjacency->synapses + rw_adjacency_end(adjacency, source);
        }
        gather_row(rows->synapses + rows->start[source], rows->packing, left, parts, n);
        if (rows->start[source] - released < RELEASED_TOGETHER)
            continue;
        release(adjacencies, n, source);
        released = rows->start[source];
    }
}

rw_err rw_fan_out_gather(rw_fan_out_rows *rows, rw_adjacency *const *adjacencies, const rw_fan_out_part *parts,
                         size_t n) {
    unread *left = NULL;
    RW_TRY(RW_NEW(rows->start, adjacencies[0]->n_sources + 1, "fan-out"));
    uint64_t total = place_rows(rows, adjacencies, n);
    rw_err err = RW_NEW(rows->synapses, total, "fan-out");
    if (err == RW_OK)
        err = RW_NEW(left, n, "fan-out");
    if (err != RW_OK) {
        rw_fan_out_destroy(rows);
        return err;
    }
    gather_rows(rows, adjacencies, parts, n, left);
    for (size_t k = 0; k < n; k++) {
        rw_free(adjacencies[k]->synapses);
        adjacencies[k]->synapses = NULL;
        adjacencies[k]->gathered = &parts[k];
    }
    rw_free(left);
    return RW_OK;
}

void rw_fan_out_destroy(rw_fan_out_rows *rows) {
    rw_free(rows->start);
    rw_free(rows->synapses);
    *rows = (rw_fan_out_rows){0};
}

/* The first synapse from `low` on whose packed target is at least `packed`. */
static const rw_synapse *find(const rw_synapse *low, const rw_synapse *high, uint32_t packed) {
    while (low < high) {
        const rw_synapse *middle = low + (high - low) / 2;
        if (middle->packed < packed)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool rw_fan_out_reader_find(rw_fan_out_reader *reader) {
    const rw_fan_out_part *part = reader->part;
    rw_packing packing = part->rows->packing;
    while (reader->next < reader->end) {
        uint32_t packed = reader->next->packed, place = rw_packed_target(packing, packed);
        uint32_t delay_class = rw_packed_delay_class(packing, packed), first = delay_class << packing.target_bits;
        if (place >= part->first_place && place < part->end_place) {
            uint32_t own = delay_class - part->first_class; /* of a projection with one delay: 0, without bits for it */
            reader->run_end = first + part->end_place;
            reader->offset = first + part->first_place - (own > 0 ? own << part->packing.target_bits : 0);
            return true;
        }
        if (place >= part->end_place)
            first = (delay_class + 1) << packing.target_bits;
        reader->next = find(reader->next, reader->end, first + part->first_place);
    }
    return false;
}
