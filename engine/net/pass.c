/* How synapses that a rule lists are counted, or drawn and put in their rows. */
#include "net/connect.h"

#include <string.h>

static void put(rw_pass *pass, uint64_t source, uint64_t target, float weight, uint32_t delay) {
    rw_rows *rows = pass->rows;
    if (!pass->fill) {
        pass->min_delay = delay < pass->min_delay ? delay : pass->min_delay;
        pass->max_delay = delay > pass->max_delay ? delay : pass->max_delay;
        rows->length[source]++;
        return;
    }
    const rw_projection *projection = pass->connection->projection;
    uint32_t word = (uint32_t)(target - pass->slice.begin);
    if (projection->layout.target_bits < 32)
        word |= (delay - projection->min_delay) << projection->layout.target_bits;
    rows->synapses[rows->start[source] + rows->length[source]++] = (rw_synapse){word, weight};
}

void rw_pass_given(rw_pass *pass, uint64_t source, uint64_t target, float weight, uint32_t delay) {
    put(pass, source, target, weight, delay);
}

void rw_pass_synapse(rw_pass *pass, uint64_t source, uint64_t target) {
    const rw_connection *c = pass->connection;
    float weight = c->weight;
    uint32_t delay = c->delay;
    if (pass->incoming != NULL) {
        uint32_t running = pass->incoming[target - pass->slice.begin]++;
        if (c->weight_varies && pass->fill)
            weight = (float)rw_value_draw(&c->spec->weight, c->weight_stream, target, running);
        if (c->delay_varies)
            delay = rw_delay_steps(rw_value_draw(&c->spec->delay_ms, c->delay_stream, target, running),
                                   c->network->scenario->step_ms);
    }
    put(pass, source, target, weight, delay);
}

/* A column where weight and delay are constant: the common case, kept free of all else. */
static void plain_column(rw_pass *pass, uint32_t target, const uint32_t *sources, uint64_t n) {
    uint32_t *length = pass->rows->length;
    if (!pass->fill) {
        for (uint64_t k = 0; k < n; k++)
            length[sources[k]]++;
        pass->min_delay = pass->max_delay = pass->connection->delay;
        return;
    }
    const uint64_t *start = pass->rows->start;
    rw_synapse *synapses = pass->rows->synapses;
    rw_synapse synapse = {target, pass->connection->weight};
    for (uint64_t k = 0; k < n; k++)
        synapses[start[sources[k]] + length[sources[k]]++] = synapse;
}

void rw_pass_column(rw_pass *pass, uint64_t target, const uint32_t *sources, uint64_t n) {
    const rw_connection *c = pass->connection;
    if (n == 0)
        return;
    if (pass->incoming == NULL && c->projection->min_delay == c->projection->max_delay) {
        plain_column(pass, (uint32_t)(target - pass->slice.begin), sources, n);
        return;
    }
    for (uint64_t k = 0; k < n; k++)
        rw_pass_synapse(pass, sources[k], target);
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

/* A uniform number below n from words 2 (k mod 2) and 2 (k mod 2) + 1 of the draw k / 2. */
static uint64_t below(rw_stream stream, uint64_t who, uint64_t k, uint64_t n) {
    rw_bits bits = rw_draw(stream, who, k / 2);
    uint32_t first = 2 * (uint32_t)(k % 2);
    return rw_uniform_below(bits.word[first], bits.word[first + 1], n);
}

static void sample_repeating(rw_pass *pass, uint64_t who, uint64_t n, uint64_t total) {
    rw_stream stream = pass->connection->edge_stream;
    for (uint64_t k = 0; k < n; k++)
        pass->list[k] = (uint32_t)below(stream, who, k, total);
}

static void sample_distinct(rw_pass *pass, uint64_t who, uint64_t n, uint64_t total) {
    rw_stream stream = pass->connection->edge_stream;
    uint64_t *taken = pass->taken;
    for (uint64_t k = 0; k < n; k++) {
        uint64_t last = total - n + k;
        uint64_t pick = below(stream, who, k, last + 1);
        if (taken[pick / 64] >> (pick % 64) & 1)
            pick = last;
        taken[pick / 64] |= (uint64_t)1 << (pick % 64);
        pass->list[k] = (uint32_t)pick;
    }
    for (uint64_t k = 0; k < n; k++)
        taken[pass->list[k] / 64] = 0;
}

rw_err rw_pass_sample(rw_pass *pass, uint64_t who, uint64_t n, uint64_t total, uint64_t except, bool repeat) {
    RW_TRY(rw_pass_reserve(pass, n));
    if (repeat) {
        sample_repeating(pass, who, n, total);
    } else {
        RW_ASSERT(n <= total);
        if (pass->taken == NULL)
            RW_TRY(RW_NEW(pass->taken, total / 64 + 1, "connection rule"));
        sample_distinct(pass, who, n, total);
    }
    for (uint64_t k = 0; except < total + 1 && k < n; k++)
        pass->list[k] += pass->list[k] >= except;
    return RW_OK;
}
