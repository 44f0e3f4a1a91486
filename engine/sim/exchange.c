#include "sim/exchange.h"

#include <string.h>

#include "comm/mail.h"
#include "net/building/skip.h"
#include "sim/simulation_state.h"

/* What was received of one population, step by step, ids ascending. */
typedef struct {
    size_t n_gates;
    uint32_t count[RW_BLOCK_STEPS];
    size_t start[RW_BLOCK_STEPS];
    size_t capacity;
    uint32_t *ids; /* [capacity] */
    float *jumps;  /* [n_gates x capacity] */
} heard;

struct rw_spike_exchange {
    const rw_comm *comm;
    rw_mail mail;
    size_t n_words;    /* of a set of ranks */
    uint64_t **routes; /* [n_populations][own cells x n_words] the ranks that need a cell */
    heard *heard;      /* [n_populations] */
    rw_traffic traffic;
};

enum { STEP_SHIFT = 24, STOP = 1 };
_Static_assert(RW_BLOCK_STEPS <= 256, "a step of the block fits above the population");

static uint64_t *route_of(const rw_spike_exchange *exchange, const rw_network *network, uint32_t population,
                          uint64_t id) {
    uint64_t own = id - rw_partition_own_slice(&network->partition, network->populations[population].count).begin;
    return exchange->routes[population] + own * exchange->n_words;
}

/* Spikes of cell `id`, which belongs to this rank, go to `rank` from now on. */
static void add_route(rw_spike_exchange *exchange, const rw_network *network, uint32_t population, uint64_t id,
                      int rank) {
    route_of(exchange, network, population, id)[rank / 64] |= (uint64_t)1 << (rank % 64);
}

/* If all synapses to a rank vanish, the route stays: its spikes then find an empty row. */
void rw_spike_exchange_learn(rw_spike_exchange *exchange, const rw_network *network, const rw_edge_event *events,
                             size_t n) {
    for (size_t e = 0; e < n; e++) {
        const rw_projection *projection = &network->projections[events[e].projection];
        if (!events[e].created ||
            rw_partition_thread_of(&network->partition, projection->n_sources, events[e].source) < 0)
            continue;
        uint64_t count = network->populations[projection->target].count;
        int rank =
            rw_partition_owner(count, events[e].target, network->partition.n_workers) / network->partition.n_threads;
        add_route(exchange, network, projection->source, events[e].source, rank);
    }
}

/* Whether this rank needs the spikes of a source cell: the cell has a synapse onto this rank, or may get one whose rule
 * needs earlier spikes, or belongs to this rank, which saves its history for plasticity. */
static bool is_needed(const rw_network *network, uint32_t population, uint64_t source) {
    for (size_t p = 0; p < network->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        bool own = rw_partition_thread_of(&network->partition, network->populations[population].count, source) >= 0;
        if (projection->source == population && projection->plasticity.any && (projection->spec->structural || own))
            return true;
        for (int t = 0; projection->source == population && t < network->partition.n_threads; t++)
            if (rw_adjacency_count(&projection->adjacency[t], source) > 0)
                return true;
    }
    return false;
}

/* Requests from rank `of` the spikes of the cells that this rank needs: a bit for each of its cells, population after
 * population. */
static rw_err ask(rw_spike_exchange *exchange, const rw_network *network, int of) {
    for (uint32_t p = 0; p < network->n_populations; p++) {
        rw_slice slice = rw_partition_rank_slice(&network->partition, network->populations[p].count, of);
        size_t n = (size_t)(slice.end - slice.begin), n_words = (n + 31) / 32;
        RW_TRY(rw_mail_reserve(&exchange->mail, of, n_words));
        uint32_t *words = exchange->mail.out[of] + exchange->mail.n_out[of];
        for (size_t w = 0; w < n_words; w++)
            words[w] = 0;
        for (size_t i = 0; i < n; i++)
            if (is_needed(network, p, slice.begin + i))
                words[i / 32] |= (uint32_t)1 << (i % 32);
        exchange->mail.n_out[of] += n_words;
    }
    return RW_OK;
}

static rw_err ask_all(rw_spike_exchange *exchange, const rw_network *network) {
    for (int r = 0; r < rw_comm_size(exchange->comm); r++)
        RW_TRY(ask(exchange, network, r));
    return RW_OK;
}

/* Rank `from` needs the cells of this rank whose bits are set; the words were made for the slices of rank `about`. */
static void hear_request(rw_spike_exchange *exchange, const rw_network *network, int from, const uint32_t *words,
                         int about) {
    for (uint32_t p = 0; p < network->n_populations; p++) {
        rw_slice own = rw_partition_own_slice(&network->partition, network->populations[p].count),
                 slice = rw_partition_rank_slice(&network->partition, network->populations[p].count, about);
        uint64_t n = slice.end - slice.begin, n_own = own.end - own.begin;
        for (uint64_t i = 0; i < n && i < n_own; i++)
            if (words[i / 32] >> (i % 32) & 1)
                add_route(exchange, network, p, own.begin + i, from);
        words += (n + 31) / 32;
    }
}

static void hear_requests(rw_spike_exchange *exchange, const rw_network *network) {
    const rw_mail *mail = &exchange->mail;
    for (int r = 0; r < rw_comm_size(exchange->comm); r++)
        if (mail->in_from[r] < mail->in_from[r + 1])
            hear_request(exchange, network, r, mail->in + mail->in_from[r], rw_comm_rank(exchange->comm));
}

/* Ranks that do not exist request nothing; they are assumed to need from this rank what this rank needs from them. */
static void mirror_requests(rw_spike_exchange *exchange, const rw_network *network) {
    for (int r = 0; r < rw_comm_size(exchange->comm); r++)
        if (r != rw_comm_rank(exchange->comm))
            hear_request(exchange, network, r, exchange->mail.out[r], r);
}

static rw_err allocate(rw_spike_exchange *exchange, const rw_simulation *sim) {
    const rw_network *network = sim->network;
    exchange->n_words = ((size_t)rw_comm_size(exchange->comm) + 63) / 64;
    RW_TRY(rw_mail_create(&exchange->mail, exchange->comm));
    RW_TRY(RW_NEW(exchange->routes, network->n_populations, "spike exchange"));
    RW_TRY(RW_NEW(exchange->heard, network->n_populations, "spike exchange"));
    for (uint32_t p = 0; p < network->n_populations; p++) {
        rw_slice own = rw_partition_own_slice(&network->partition, network->populations[p].count);
        RW_TRY(RW_NEW(exchange->routes[p], (own.end - own.begin) * exchange->n_words, "spike exchange"));
        exchange->heard[p].n_gates = sim->plans[p].n_gates;
    }
    return ask_all(exchange, network);
}

rw_err rw_spike_exchange_create(rw_spike_exchange **exchange_out, const rw_simulation *sim) {
    const rw_comm *comm = sim->network->partition.comm;
    rw_spike_exchange *exchange = NULL;
    *exchange_out = NULL;
    if (rw_comm_size(comm) == 1)
        return RW_OK;
    rw_err err = RW_NEW(exchange, 1, "spike exchange");
    if (err == RW_OK) {
        exchange->comm = comm;
        err = allocate(exchange, sim);
    }
    err = rw_comm_agree(comm, err);
    uint32_t flags = 0;
    if (err == RW_OK && rw_comm_is_pretended(comm))
        mirror_requests(exchange, sim->network);
    if (err == RW_OK)
        err = rw_mail_exchange(comm, &exchange->mail, &flags);
    if (err == RW_OK)
        hear_requests(exchange, sim->network);
    else
        rw_spike_exchange_destroy(&exchange, sim->network);
    *exchange_out = exchange;
    return err;
}

void rw_spike_exchange_destroy(rw_spike_exchange **exchange_in, const rw_network *network) {
    rw_spike_exchange *exchange = *exchange_in;
    if (exchange == NULL)
        return;
    for (size_t p = 0; p < network->n_populations; p++) {
        if (exchange->routes != NULL)
            rw_free(exchange->routes[p]);
        if (exchange->heard != NULL) {
            rw_free(exchange->heard[p].ids);
            rw_free(exchange->heard[p].jumps);
        }
    }
    rw_free(exchange->routes);
    rw_free(exchange->heard);
    rw_mail_destroy(&exchange->mail, exchange->comm);
    rw_free(exchange);
    *exchange_in = NULL;
}

/* Adds spike number `s` of a list to the mail of every rank that needs it. */
static rw_err post_spike(rw_spike_exchange *exchange, const rw_simulation *sim, uint32_t population,
                         const rw_spike_list *list, uint32_t step_in_block, uint32_t s) {
    size_t n_gates = exchange->heard[population].n_gates;
    size_t index = step_in_block * list->capacity + s;
    const uint64_t *route = route_of(exchange, sim->network, population, list->ids[index]);
    for (size_t w = 0; w < exchange->n_words; w++)
        for (uint64_t ranks = route[w]; ranks != 0; ranks &= ranks - 1) {
            int rank = (int)(w * 64) + __builtin_ctzll(ranks);
            RW_TRY(rw_mail_reserve(&exchange->mail, rank, 2 + n_gates));
            uint32_t *words = exchange->mail.out[rank] + exchange->mail.n_out[rank];
            words[0] = step_in_block << STEP_SHIFT | population;
            words[1] = list->ids[index];
            for (size_t g = 0; g < n_gates; g++)
                memcpy(&words[2 + g], &list->jumps[g * RW_BLOCK_STEPS * list->capacity + index], sizeof words[0]);
            exchange->mail.n_out[rank] += 2 + n_gates;
        }
    return RW_OK;
}

static rw_err post_spikes(rw_spike_exchange *exchange, const rw_simulation *sim, uint32_t n) {
    for (uint32_t k = 0; k < n; k++)
        for (uint32_t p = 0; p < sim->network->n_populations; p++)
            for (int t = 0; t < sim->network->partition.n_threads; t++) {
                const rw_spike_list *list = &sim->workers[t].spikes[p];
                for (uint32_t s = 0; s < list->count[k]; s++)
                    RW_TRY(post_spike(exchange, sim, p, list, k, s));
            }
    return RW_OK;
}

static rw_err reserve_spikes(heard *of, uint32_t n_steps) {
    size_t total = 0;
    for (uint32_t k = 0; k < n_steps; k++) {
        of->start[k] = total;
        total += of->count[k];
        of->count[k] = 0;
    }
    if (total <= of->capacity)
        return RW_OK;
    rw_free(of->ids);
    rw_free(of->jumps);
    of->ids = NULL;
    of->jumps = NULL;
    of->capacity = 0;
    RW_TRY(RW_NEW(of->ids, 2 * total, "spike exchange"));
    RW_TRY(RW_NEW(of->jumps, 2 * total * of->n_gates, "spike exchange"));
    of->capacity = 2 * total;
    return RW_OK;
}

/* Sorts what was received by population and step: first counts, then positions. */
static rw_err sort_mail(rw_spike_exchange *exchange, const rw_network *network, uint32_t n) {
    const uint32_t *in = exchange->mail.in;
    size_t n_in = exchange->mail.in_from[rw_comm_size(exchange->comm)];
    const uint32_t mask = ((uint32_t)1 << STEP_SHIFT) - 1;
    for (size_t p = 0; p < network->n_populations; p++)
        memset(exchange->heard[p].count, 0, sizeof exchange->heard[p].count);
    for (size_t at = 0; at < n_in; at += 2 + exchange->heard[in[at] & mask].n_gates)
        exchange->heard[in[at] & mask].count[in[at] >> STEP_SHIFT]++;
    for (size_t p = 0; p < network->n_populations; p++)
        RW_TRY(reserve_spikes(&exchange->heard[p], n));
    for (size_t at = 0; at < n_in; at += 2 + exchange->heard[in[at] & mask].n_gates) {
        heard *of = &exchange->heard[in[at] & mask];
        uint32_t k = in[at] >> STEP_SHIFT;
        size_t index = of->start[k] + of->count[k]++;
        of->ids[index] = in[at + 1];
        for (size_t g = 0; g < of->n_gates; g++)
            memcpy(&of->jumps[g * of->capacity + index], &in[at + 2 + g], sizeof of->jumps[0]);
    }
    return RW_OK;
}

/* Adds a spike of a cell of another rank to what was received. */
static rw_err invent_spike(rw_spike_exchange *exchange, uint32_t population, uint32_t step_in_block, uint64_t id) {
    rw_mail *mail = &exchange->mail;
    size_t n_gates = exchange->heard[population].n_gates, *end = &mail->in_from[rw_comm_size(exchange->comm)];
    const float jump = 0.5f;
    if (*end + 2 + n_gates > mail->in_capacity) {
        size_t capacity = 2 * (*end + 2 + n_gates);
        RW_TRY(RW_GROW(mail->in, mail->in_capacity, capacity, "spike exchange"));
        mail->in_capacity = capacity;
    }
    mail->in[(*end)++] = step_in_block << STEP_SHIFT | population;
    mail->in[(*end)++] = (uint32_t)id;
    for (size_t g = 0; g < n_gates; g++)
        memcpy(&mail->in[(*end)++], &jump, sizeof jump);
    return RW_OK;
}

/* Draws spikes of the cells of ranks that do not exist, each cell independently, for the cells that this rank needs. */
static rw_err invent_spikes(rw_spike_exchange *exchange, const rw_simulation *sim, uint32_t n) {
    const rw_network *network = sim->network;
    double p_step = RW_PRETENDED_RATE_HZ * 1e-3 * sim->scenario->step_ms;
    for (uint32_t p = 0; p < network->n_populations; p++) {
        rw_stream stream = rw_substream_of(sim->scenario->seed, RW_SUBSTREAM_OTHER_RANKS, p & 0xFF);
        rw_slice own = rw_partition_own_slice(&network->partition, network->populations[p].count);
        for (uint32_t k = 0; k < n; k++) {
            rw_skipper skipper = rw_skip_begin(stream, p, (sim->step + k) << 20, p_step);
            for (uint64_t id = rw_skip(&skipper); id < network->populations[p].count; id += 1 + rw_skip(&skipper))
                if ((id < own.begin || id >= own.end) && is_needed(network, p, id))
                    RW_TRY(invent_spike(exchange, p, k, id));
        }
    }
    return RW_OK;
}

rw_err rw_spike_exchange_block(rw_spike_exchange *exchange, const rw_simulation *sim, uint32_t n, bool *stop) {
    const rw_comm *comm = exchange->comm;
    int size = rw_comm_size(comm), rank = rw_comm_rank(comm);
    rw_mail *mail = &exchange->mail;
    uint32_t flags = *stop ? STOP : 0;
    RW_TRY(post_spikes(exchange, sim, n));
    for (int r = 0; r < size; r++)
        exchange->traffic.sent_bytes += r != rank ? mail->n_out[r] * sizeof(uint32_t) : 0;
    RW_TRY(rw_mail_exchange(comm, mail, &flags));
    if (rw_comm_is_pretended(comm))
        RW_TRY(invent_spikes(exchange, sim, n));
    exchange->traffic.received_bytes +=
        (mail->in_from[size] - (mail->in_from[rank + 1] - mail->in_from[rank])) * sizeof(uint32_t);
    exchange->traffic.exchanges++;
    *stop = (flags & STOP) != 0;
    return sort_mail(exchange, sim->network, n);
}

rw_traffic rw_spike_exchange_traffic(const rw_spike_exchange *exchange) {
    return exchange->traffic;
}

rw_spike_run rw_spike_exchange_run(const rw_spike_exchange *exchange, uint32_t population, uint32_t step_in_block) {
    const heard *of = &exchange->heard[population];
    return (rw_spike_run){.n = of->count[step_in_block],
                          .ids = of->ids + of->start[step_in_block],
                          .jumps = of->n_gates > 0 ? of->jumps + of->start[step_in_block] : NULL,
                          .gate_stride = of->capacity};
}
