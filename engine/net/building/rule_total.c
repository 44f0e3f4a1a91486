#include "net/building/rule_total.h"

#include "comm/team.h"
#include "net/building/skip.h"
#include "net/draw_batch.h"

/* Standard deviations by which the mean of the sum stays below n. */
static const double MARGIN = 5.0;

typedef struct {
    const rw_connection *connection;
    rw_slice own;       /* this rank's targets */
    uint64_t available; /* sources of a target */
    double share;       /* synapses that a target shall have in the mean when each has dealt for itself */
    uint64_t attempt;
    uint64_t *dealt; /* [n_threads] */
} dealing;

/* Draws of a target for itself, told apart from those of its sources, which are keyed by the bare target. */
static uint64_t who_deals(const dealing *it, uint64_t target) {
    return (it->attempt + 1) << 32 | target;
}

/* How many of `available` happen that are equally likely. */
static uint32_t deal_binomial(const dealing *it, uint64_t target) {
    rw_skipper skipper =
        rw_skip_begin(it->connection->edge_stream, who_deals(it, target), 0, it->share / (double)it->available);
    uint32_t n = 0;
    for (uint64_t place = rw_skip(&skipper); place < it->available; place += 1 + rw_skip(&skipper))
        n++;
    return n;
}

/* How many happen until time `share` when one happens per unit of time. */
static uint32_t deal_poisson(const dealing *it, uint64_t target) {
    rw_draw_batch batch;
    double waits[2 * RW_DRAW_BATCH], time = 0.0;
    uint32_t n = 0;
    for (uint64_t when = 0;; when += RW_DRAW_BATCH) {
        rw_draw_batch_fill(&batch, it->connection->edge_stream, who_deals(it, target), when);
        rw_draw_batch_exponentials(&batch, waits);
        for (uint32_t k = 0; k < 2 * RW_DRAW_BATCH; k++, n++) {
            time += waits[k];
            if (time >= it->share)
                return n;
        }
    }
}

static rw_err deal_thread(void *context, int thread) {
    const dealing *it = context;
    const rw_connection *c = it->connection;
    rw_slice slice = rw_partition_thread_slice(&c->network->partition, c->projection->n_targets, thread);
    uint64_t sum = 0;
    for (uint64_t target = slice.begin; target < slice.end; target++) {
        uint32_t n = c->spec->multapses ? deal_poisson(it, target) : deal_binomial(it, target);
        c->indegree[target - it->own.begin] = n;
        sum += n;
    }
    it->dealt[thread] = sum;
    return RW_OK;
}

/* Lets every target deal for itself; *n is how many synapses that makes on all ranks. Collective. */
static rw_err deal_most(dealing *it, uint64_t *n) {
    const rw_network *network = it->connection->network;
    RW_TRY(rw_comm_agree(network->partition.comm, rw_team_run(network->partition.n_threads, deal_thread, it)));
    *n = 0;
    for (int t = 0; t < network->partition.n_threads; t++)
        *n += it->dealt[t];
    RW_TRY(rw_comm_reduce(network->partition.comm, n, 1, RW_U64, RW_SUM));
    if (rw_comm_is_pretended(network->partition.comm)) /* the others deal what is to be expected */
        *n += (uint64_t)(it->share * (double)(it->connection->n_targets - (it->own.end - it->own.begin)));
    return RW_OK;
}

/* Deals n synapses one after the other: an urn with `available` places per target, put back after each draw if
 * multapses are allowed. Each rank looks at its own targets; as many draws as met a place that is gone follow. Keyed by
 * a `who` that no target has. Collective. */
static rw_err deal_rest(const dealing *it, uint64_t n) {
    const rw_connection *c = it->connection;
    for (uint64_t k = 0; n > 0;) {
        uint64_t gone = 0;
        for (uint64_t end = k + n; k < end; k++) {
            rw_bits bits = rw_draw(c->edge_stream, UINT32_MAX, k);
            uint64_t target = rw_uniform_below(bits.word[0], bits.word[1], c->n_targets);
            uint64_t place = rw_uniform_below(bits.word[2], bits.word[3], it->available);
            if (target < it->own.begin || target >= it->own.end)
                continue;
            uint32_t *indegree = &c->indegree[target - it->own.begin];
            bool is_gone = !c->spec->multapses && place < *indegree;
            *indegree += !is_gone;
            gone += is_gone;
        }
        n = gone;
        RW_TRY(rw_comm_reduce(c->network->partition.comm, &n, 1, RW_U64, RW_SUM));
    }
    return RW_OK;
}

/* Deals n synapses to the targets. Collective. */
static rw_err deal(dealing *it, uint64_t n) {
    double mean = (double)n - MARGIN * sqrt((double)n);
    uint64_t dealt = 0;
    it->share = mean / (double)it->connection->n_targets;
    for (it->attempt = 0; mean > 0.0 && (it->attempt == 0 || dealt > n); it->attempt++)
        RW_TRY(deal_most(it, &dealt));
    return deal_rest(it, n - dealt);
}

/* Deals n of `pairs` places, or where they are more than half, those that stay empty. */
static rw_err deal_fewer(dealing *it, uint64_t n, uint64_t pairs) {
    const rw_connection *c = it->connection;
    if (c->spec->multapses || n <= pairs / 2)
        return deal(it, n);
    RW_TRY(deal(it, pairs - n));
    for (uint64_t k = 0; k < it->own.end - it->own.begin; k++)
        c->indegree[k] = (uint32_t)it->available - c->indegree[k];
    return RW_OK;
}

static rw_err prepare_total_number(rw_connection *c) {
    const rw_comm *comm = c->network->partition.comm;
    dealing it = {.connection = c,
                  .own = rw_partition_own_slice(&c->network->partition, c->projection->n_targets),
                  .available = rw_connection_partners(c, c->n_sources)};
    uint64_t n = c->spec->n, pairs = it.available * c->n_targets;
    RW_CHECK(n == 0 || pairs > 0, RW_ERR_INPUT, "%s: fixed_total_number with n = %llu, but there is no pair to connect",
             RW_CONNECTION_TEXT(c), (unsigned long long)n);
    RW_CHECK(c->spec->multapses || n <= pairs, RW_ERR_INPUT,
             "%s: fixed_total_number with n = %llu, but there are only %llu pairs; lower n or allow multapses: true",
             RW_CONNECTION_TEXT(c), (unsigned long long)n, (unsigned long long)pairs);
    rw_err err = RW_NEW(c->indegree, it.own.end - it.own.begin, "connection rule");
    if (err == RW_OK)
        err = RW_NEW(it.dealt, (size_t)c->network->partition.n_threads, "connection rule");
    err = rw_comm_agree(comm, err);
    if (err == RW_OK)
        err = deal_fewer(&it, n, pairs);
    rw_free(it.dealt);
    return err;
}

static rw_err list_total_number(rw_pass *pass) {
    const rw_connection *c = pass->connection;
    uint64_t first = rw_partition_own_slice(&c->network->partition, c->projection->n_targets).begin;
    for (uint64_t target = pass->slice.begin; target < pass->slice.end; target++)
        RW_TRY(rw_pass_draw_column(pass, target, c->indegree[target - first]));
    return RW_OK;
}

const rw_rule rw_rule_fixed_total_number = {.prepare = prepare_total_number, .list = list_total_number};
