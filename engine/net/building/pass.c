#include "net/building/pass.h"

#include <string.h>

#include "base/memory.h"
#include "net/draw_batch.h"
#include "net/value.h"

enum { COLUMN_RUN = 4 * RW_DRAW_BATCH };

static void span_delay(rw_pass *pass, uint32_t delay) {
    pass->min_delay = delay < pass->min_delay ? delay : pass->min_delay;
    pass->max_delay = delay > pass->max_delay ? delay : pass->max_delay;
}

static void put(rw_pass *pass, uint64_t source, uint64_t target, float weight, uint32_t delay) {
    rw_adjacency *adjacency = pass->adjacency;
    if (pass->fill == pass->connection->late)
        span_delay(pass, delay);
    if (!pass->fill) {
        adjacency->count[source]++;
        return;
    }
    const rw_projection *projection = pass->connection->projection;
    uint32_t packed = (uint32_t)(target - pass->slice.begin);
    if (projection->packing.target_bits < 32)
        packed |= (delay - projection->min_delay) << projection->packing.target_bits;
    uint64_t row = rw_adjacency_row(adjacency, source), slot = adjacency->start[row] + adjacency->count[row]++;
    if (adjacency->targets != NULL)
        adjacency->targets[slot] = (uint16_t)packed;
    else
        adjacency->synapses[slot] = (rw_synapse){packed, weight};
}

void rw_pass_given(rw_pass *pass, uint64_t source, uint64_t target, float weight, uint32_t delay) {
    put(pass, source, target, weight, delay);
}

void rw_pass_synapse(rw_pass *pass, uint64_t source, uint64_t target) {
    const rw_connection *c = pass->connection;
    float weight = c->weight;
    uint32_t delay = c->delay;
    if (pass->listed != NULL) {
        uint32_t running = pass->listed[target - pass->slice.begin]++;
        if (c->weight_varies && pass->fill)
            weight = (float)rw_value_draw(&c->spec->weight, c->weight_stream, target, running);
        if (c->delay_varies && pass->fill >= c->late)
            delay = rw_delay_steps(rw_value_draw(&c->spec->delay_ms, c->delay_stream, target, running),
                                   c->scenario->step_ms);
    }
    put(pass, source, target, weight, delay);
}

static void count_column(rw_pass *pass, const uint32_t *sources, uint64_t n) {
    uint32_t *count = pass->adjacency->count;
    for (uint64_t k = 0; k < n; k++)
        count[sources[k]]++;
}

/* A column where weight and delay are constant: the common case, in loops of its own. */
static void plain_column(rw_pass *pass, uint32_t target, const uint32_t *sources, uint64_t n) {
    uint32_t *count = pass->adjacency->count;
    if (!pass->fill) {
        count_column(pass, sources, n);
        pass->min_delay = pass->max_delay = pass->connection->delay;
        return;
    }
    if (pass->adjacency->present != NULL) {
        for (uint64_t k = 0; k < n; k++)
            put(pass, sources[k], pass->slice.begin + target, pass->connection->weight, pass->connection->delay);
        return;
    }
    const uint64_t *start = pass->adjacency->start;
    uint16_t *targets = pass->adjacency->targets;
    for (uint64_t k = 0; targets != NULL && k < n; k++)
        targets[start[sources[k]] + count[sources[k]]++] = (uint16_t)target;
    rw_synapse *synapses = pass->adjacency->synapses;
    rw_synapse synapse = {target, pass->connection->weight};
    for (uint64_t k = 0; synapses != NULL && k < n; k++)
        synapses[start[sources[k]] + count[sources[k]]++] = synapse;
}

/* Stores synapses onto one target, whose rows are in the order of sources. */
static void fill_column(rw_pass *pass, uint32_t target, const uint32_t *sources, const double *weights,
                        const uint32_t *delays, uint64_t n) {
    const rw_projection *projection = pass->connection->projection;
    uint32_t shift = projection->packing.target_bits, first_delay = projection->min_delay;
    const uint64_t *start = pass->adjacency->start;
    uint32_t *count = pass->adjacency->count;
    rw_synapse *synapses = pass->adjacency->synapses;
    for (uint64_t k = 0; k < n; k++) {
        uint32_t class = shift < 32 ? (delays[k] - first_delay) << shift : 0;
        synapses[start[sources[k]] + count[sources[k]]++] = (rw_synapse){class | target, (float)weights[k]};
    }
}

/* Draws weights and delays of a run of synapses onto one target, and stores or counts them. */
static void draw_run(rw_pass *pass, uint64_t target, const uint32_t *sources, uint64_t done, uint64_t run) {
    const rw_connection *c = pass->connection;
    double weights[COLUMN_RUN] = {0}, delays_ms[COLUMN_RUN];
    uint32_t delays[COLUMN_RUN];
    if (pass->fill)
        rw_value_draw_run(&c->spec->weight, c->weight_stream, target, done, run, weights);
    rw_value_draw_run(&c->spec->delay_ms, c->delay_stream, target, done, run, delays_ms);
    rw_delays_steps(delays_ms, c->scenario->step_ms, run, delays);
    for (uint64_t k = 0; k < run; k++)
        span_delay(pass, delays[k]);
    if (!pass->fill)
        count_column(pass, sources, run);
    else if (pass->adjacency->present == NULL && pass->adjacency->synapses != NULL)
        fill_column(pass, (uint32_t)(target - pass->slice.begin), sources, weights, delays, run);
    else
        for (uint64_t k = 0; k < run; k++)
            put(pass, sources[k], target, (float)weights[k], delays[k]);
}

void rw_pass_column(rw_pass *pass, uint64_t target, const uint32_t *sources, uint64_t n) {
    const rw_connection *c = pass->connection;
    if (n == 0)
        return;
    if (!c->weight_varies && !c->delay_varies) {
        plain_column(pass, (uint32_t)(target - pass->slice.begin), sources, n);
        return;
    }
    if (c->late && !pass->fill) {
        count_column(pass, sources, n);
        return;
    }
    for (uint64_t done = 0; done < n; done += COLUMN_RUN)
        draw_run(pass, target, sources + done, done, n - done < COLUMN_RUN ? n - done : COLUMN_RUN);
}

rw_err rw_pass_reserve(rw_pass *pass, uint64_t n) {
    if (n <= pass->list_size)
        return RW_OK;
    rw_free(pass->list);
    pass->list_size = 0;
    RW_TRY(RW_NEW(pass->list, n, "connection rule"));
    pass->list_size = n;
    return RW_OK;
}

/* Lists numbers below first_bound, first_bound + step, ... */
static void draw_below(rw_pass *pass, uint64_t who, uint64_t n, uint32_t first_bound, uint32_t step) {
    rw_draw_batch batch;
    uint32_t picks[2 * RW_DRAW_BATCH];
    for (uint64_t done = 0; done < n; done += 2 * RW_DRAW_BATCH) {
        rw_draw_batch_fill(&batch, pass->connection->edge_stream, who, done / 2);
        rw_draw_batch_below(&batch, first_bound + (uint32_t)done * step, step, picks);
        memcpy(pass->list + done, picks, (n - done < 2 * RW_DRAW_BATCH ? n - done : 2 * RW_DRAW_BATCH) * sizeof *picks);
    }
}

/* Makes draws below total - n + 1, total - n + 2, ... distinct: a number that occurred before is replaced by the
 * greatest that could be drawn there, which cannot have occurred. */
static void make_distinct(rw_pass *pass, uint64_t n, uint64_t total) {
    uint64_t *taken = pass->taken;
    for (uint64_t k = 0; k < n; k++) {
        uint64_t pick = pass->list[k];
        if (taken[pick / 64] >> (pick % 64) & 1)
            pick = total - n + k;
        taken[pick / 64] |= (uint64_t)1 << (pick % 64);
        pass->list[k] = (uint32_t)pick;
    }
    for (uint64_t k = 0; k < n; k++)
        taken[pass->list[k] / 64] = 0;
}

rw_err rw_pass_sample(rw_pass *pass, uint64_t who, uint64_t n, uint64_t total, uint64_t except, bool repeat) {
    RW_TRY(rw_pass_reserve(pass, n));
    if (repeat) {
        draw_below(pass, who, n, (uint32_t)total, 0);
    } else {
        RW_ASSERT(n <= total);
        if (pass->taken == NULL)
            RW_TRY(RW_NEW(pass->taken, total / 64 + 1, "connection rule"));
        draw_below(pass, who, n, (uint32_t)(total - n + 1), 1);
        make_distinct(pass, n, total);
    }
    for (uint64_t k = 0; except < total + 1 && k < n; k++)
        pass->list[k] += pass->list[k] >= except;
    return RW_OK;
}

uint64_t rw_connection_partners(const rw_connection *connection, uint64_t n) {
    return connection->within && !connection->spec->autapses && n > 0 ? n - 1 : n;
}

uint64_t rw_connection_left_out(const rw_connection *connection, uint64_t id) {
    return connection->within && !connection->spec->autapses ? id : UINT64_MAX;
}

rw_err rw_pass_draw_column(rw_pass *pass, uint64_t target, uint64_t n) {
    const rw_connection *c = pass->connection;
    RW_TRY(rw_pass_sample(pass, target, n, rw_connection_partners(c, c->n_sources), rw_connection_left_out(c, target),
                          c->spec->multapses));
    rw_pass_column(pass, target, pass->list, n);
    return RW_OK;
}
