#include "net/selection.h"

#include <stdlib.h>

#include "base/memory.h"

typedef struct {
    uint64_t lot, id;
} ticket;

static int by_lot(const void *a, const void *b) {
    const ticket *x = a, *y = b;
    if (x->lot != y->lot)
        return x->lot < y->lot ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

static int by_id(const void *a, const void *b) {
    const ticket *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

/* The cells with the smallest lots. */
static rw_err select_randomly(const rw_scenario *scenario, uint32_t population, uint64_t count, rw_stream stream,
                              uint64_t *ids) {
    uint64_t total = scenario->populations[population].count;
    ticket *tickets = NULL;
    RW_TRY(RW_NEW(tickets, total, "selection"));
    for (uint64_t id = 0; id < total; id++) {
        rw_bits bits = rw_draw(stream, id, population);
        tickets[id] = (ticket){(uint64_t)bits.word[0] << 32 | bits.word[1], id};
    }
    qsort(tickets, total, sizeof *tickets, by_lot);
    qsort(tickets, count, sizeof *tickets, by_id);
    for (uint64_t k = 0; k < count; k++)
        ids[k] = tickets[k].id;
    rw_free(tickets);
    return RW_OK;
}

rw_err rw_selection_ids(const rw_scenario *scenario, uint32_t population, const rw_selection *selection,
                        rw_stream stream, uint64_t **ids) {
    RW_ASSERT(selection->count <= scenario->populations[population].count);
    RW_TRY(RW_NEW(*ids, selection->count, "selection"));
    rw_err err = RW_OK;
    if (selection->kind == RW_SELECT_RANDOM && selection->count > 0)
        err = select_randomly(scenario, population, selection->count, stream, *ids);
    for (uint64_t k = 0; k < selection->count && selection->kind != RW_SELECT_RANDOM; k++)
        (*ids)[k] = selection->kind == RW_SELECT_IDS ? selection->ids[k] : k;
    if (err != RW_OK) {
        rw_free(*ids);
        *ids = NULL;
    }
    return err;
}
