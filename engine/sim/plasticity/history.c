#include "sim/plasticity/history.h"

#include <string.h>

#include "base/memory.h"

rw_err rw_history_create(rw_history *history, size_t n_cells, uint32_t capacity) {
    *history = (rw_history){.n_cells = n_cells, .capacity = capacity};
    RW_TRY(RW_NEW(history->count, n_cells, "spike histories"));
    return RW_NEW(history->spikes, n_cells * capacity, "spike histories");
}

void rw_history_destroy(rw_history *history) {
    rw_free(history->count);
    rw_free(history->spikes);
    *history = (rw_history){0};
}

rw_err rw_history_grow(rw_history *history) {
    uint32_t capacity = 2 * history->capacity;
    rw_past_spike *spikes = NULL;
    RW_TRY(RW_NEW(spikes, history->n_cells * capacity, "spike histories"));
    for (size_t cell = 0; cell < history->n_cells; cell++)
        memcpy(spikes + cell * capacity, rw_history_of(history, cell), history->count[cell] * sizeof *spikes);
    rw_free(history->spikes);
    history->spikes = spikes;
    history->capacity = capacity;
    return RW_OK;
}

void rw_history_add(rw_history *history, size_t cell, uint64_t stamp, double admitted) {
    rw_past_spike *spikes = history->spikes + cell * history->capacity;
    uint32_t n = history->count[cell]++;
    rw_past_spike spike = {.stamp = stamp, .admitted = admitted};
    for (int k = 0; n > 0 && k < RW_TRACES; k++)
        if (history->rate[k] > 0.0)
            spike.before[k] = rw_history_trace(history, &spikes[n - 1], k, stamp - spikes[n - 1].stamp);
    spikes[n] = spike;
}

void rw_history_forget(rw_history *history, size_t cell, uint64_t stamp) {
    rw_past_spike *spikes = history->spikes + cell * history->capacity;
    uint32_t n = history->count[cell], first = 0;
    while (first + 1 < n && spikes[first + 1].stamp <= stamp)
        first++;
    memmove(spikes, spikes + first, (n - first) * sizeof *spikes);
    history->count[cell] = n - first;
}
