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
    double share;       /* mean of the independent in-degrees */
    uint64_t attempt;
    uint64_t *drawn; /* [n_threads] sum of a thread's in-degrees */
} indegree_draw;

/* Key of the draw of a target's in-degree; draws of its sources are keyed by the target alone. */
static uint64_t own_key(const indegree_draw *draw, uint64_t target) {
    return (draw->attempt + 1) << 32 | target;
}

/* A binomial number with mean `share`, of `available` trials. */
static uint32_t draw_binomial(const indegree_draw *draw, uint64_t target) {
    rw_skipper skipper =
        rw_skip_begin(draw->connection->edge_stream, own_key(draw, target), 0, draw->share / (double)draw->available);
    uint32_t n = 0;
    for (uint64_t trial = rw_skip(&skipper); trial < draw->available; trial += 1 + rw_skip(&skipper))
        n++;
    return n;
}

/* A Poisson number with mean `share`: how many exponential waits fit into it. */
static uint32_t draw_poisson(const indegree_draw *draw, uint64_t target) {
    rw_draw_batch batch;
    double waits[2 * RW_DRAW_BATCH], time = 0.0;
    uint32_t n = 0;
    for (uint64_t when = 0;; when += RW_DRAW_BATCH) {
        rw_draw_batch_fill(&batch, draw->connection->edge_stream, own_key(draw, target), when);
        rw_draw_batch_exponentials(&batch, waits);
        for (uint32_t k = 0; k < 2 * RW_DRAW_BATCH; k++, n++) {
            time += waits[k];
            if (time >= draw->share)
                return n;
        }
    }
}

static rw_err draw_thread(void *context, int thread) {
    const indegree_draw *draw = context;
    const rw_connection *c = draw->connection;
    rw_slice slice = rw_partition_thread_slice(c->partition, c->projection->n_targets, thread);
    uint64_t sum = 0;
    for (uint64_t target = slice.begin; target < slice.end; target++) {
        uint32_t n = c->spec->multapses ? draw_poisson(draw, target) : draw_binomial(draw, target);
        c->indegree[target - draw->own.begin] = n;
        sum += n;
    }
    draw->drawn[thread] = sum;
    return RW_OK;
}

/* Draws the in-degrees of all targets; *n is their sum on all ranks. Collective. */
static rw_err draw_independently(indegree_draw *draw, uint64_t *n) {
    const rw_partition *partition = draw->connection->partition;
    RW_TRY(rw_comm_agree(partition->comm, rw_team_run(partition->n_threads, draw_thread, draw)));
    *n = 0;
    for (int t = 0; t < partition->n_threads; t++)
        *n += draw->drawn[t];
    RW_TRY(rw_comm_reduce(partition->comm, n, 1, RW_U64, RW_SUM));
    if (rw_comm_is_pretended(partition->comm)) /* the others draw their mean */
        *n += (uint64_t)(draw->share * (double)(draw->connection->n_targets - (draw->own.end - draw->own.begin)));
    return RW_OK;
}

/* Draws n more synapses one by one, from an urn with `available` balls per target, with replacement if multapses are
 * allowed. Each rank counts those onto its own targets; a draw of a ball that is gone is repeated. Keyed by a `who`
 * that no target has. Collective. */
static rw_err draw_rest(const indegree_draw *draw, uint64_t n) {
    const rw_connection *c = draw->connection;
    for (uint64_t k = 0; n > 0;) {
        uint64_t gone = 0;
        for (uint64_t end = k + n; k < end; k++) {
            rw_bits bits = rw_draw(c->edge_stream, UINT32_MAX, k);
            uint64_t target = rw_uniform_below(bits.word[0], bits.word[1], c->n_targets);
            uint64_t ball = rw_uniform_below(bits.word[2], bits.word[3], draw->available);
            if (target < draw->own.begin || target >= draw->own.end)
                continue;
            uint32_t *indegree = &c->indegree[target - draw->own.begin];
            bool is_gone = !c->spec->multapses && ball < *indegree;
            *indegree += !is_gone;
            gone += is_gone;
        }
        n = gone;
        RW_TRY(rw_comm_reduce(c->partition->comm, &n, 1, RW_U64, RW_SUM));
    }
    return RW_OK;
}

/* Draws in-degrees whose sum is n. Collective. */
static rw_err draw_number(indegree_draw *draw, uint64_t n) {
    double mean = (double)n - MARGIN * sqrt((double)n);
    uint64_t drawn = 0;
    draw->share = mean / (double)draw->connection->n_targets;
    for (draw->attempt = 0; mean > 0.0 && (draw->attempt == 0 || drawn > n); draw->attempt++)
        RW_TRY(draw_independently(draw, &drawn));
    return draw_rest(draw, n - drawn);
}

/* Draws the in-degrees of n synapses among `pairs`; of the pairs that stay unconnected, where these are fewer. */
static rw_err draw_pairs(indegree_draw *draw, uint64_t n, uint64_t pairs) {
    const rw_connection *c = draw->connection;
    if (c->spec->multapses || n <= pairs / 2)
        return draw_number(draw, n);
    RW_TRY(draw_number(draw, pairs - n));
    for (uint64_t k = 0; k < draw->own.end - draw->own.begin; k++)
        c->indegree[k] = (uint32_t)draw->available - c->indegree[k];
    return RW_OK;
}

static rw_err prepare_total_number(rw_connection *c) {
    const rw_comm *comm = c->partition->comm;
    indegree_draw draw = {.connection = c,
                          .own = rw_partition_own_slice(c->partition, c->projection->n_targets),
                          .available = rw_connection_partners(c, c->n_sources)};
    uint64_t n = c->spec->n, pairs = draw.available * c->n_targets;
    RW_CHECK(n == 0 || pairs > 0, RW_ERR_INPUT, "%s: fixed_total_number with n = %llu, but there is no pair to connect",
             RW_CONNECTION_TEXT(c), (unsigned long long)n);
    RW_CHECK(c->spec->multapses || n <= pairs, RW_ERR_INPUT,
             "%s: fixed_total_number with n = %llu, but there are only %llu pairs; lower n or allow multapses: true",
             RW_CONNECTION_TEXT(c), (unsigned long long)n, (unsigned long long)pairs);
    rw_err err = RW_NEW(c->indegree, draw.own.end - draw.own.begin, "connection rule");
    if (err == RW_OK)
        err = RW_NEW(draw.drawn, (size_t)c->partition->n_threads, "connection rule");
    err = rw_comm_agree(comm, err);
    if (err == RW_OK)
        err = draw_pairs(&draw, n, pairs);
    rw_free(draw.drawn);
    return err;
}

static rw_err list_total_number(rw_pass *pass) {
    const rw_connection *c = pass->connection;
    uint64_t first = rw_partition_own_slice(c->partition, c->projection->n_targets).begin;
    for (uint64_t target = pass->slice.begin; target < pass->slice.end; target++)
        RW_TRY(rw_pass_draw_column(pass, target, c->indegree[target - first]));
    return RW_OK;
}

const rw_rule rw_rule_fixed_total_number = {.prepare = prepare_total_number, .list = list_total_number};
