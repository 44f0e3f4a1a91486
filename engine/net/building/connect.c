#include "net/building/connect.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "comm/team.h"
#include "net/adjacency/adjacency_setup.h"
#include "net/building/row_order.h"
#include "net/building/rule_degree.h"
#include "net/building/rule_distance.h"
#include "net/building/rule_pairs.h"
#include "net/building/rule_run.h"
#include "net/building/rule_table.h"
#include "net/building/rule_total.h"
#include "net/edges/serials.h"
#include "net/value.h"

static const rw_rule *const rules[] = {
    [RW_CONNECT_ONE_TO_ONE] = &rw_rule_one_to_one,
    [RW_CONNECT_ALL_TO_ALL] = &rw_rule_all_to_all,
    [RW_CONNECT_PAIRWISE_BERNOULLI] = &rw_rule_pairwise_bernoulli,
    [RW_CONNECT_FIXED_INDEGREE] = &rw_rule_fixed_indegree,
    [RW_CONNECT_FIXED_OUTDEGREE] = &rw_rule_fixed_outdegree,
    [RW_CONNECT_FIXED_TOTAL_NUMBER] = &rw_rule_fixed_total_number,
    [RW_CONNECT_DISTANCE] = &rw_rule_distance,
    [RW_CONNECT_TABLE] = &rw_rule_table,
};

/* What the threads work on. */
typedef struct {
    rw_connection connection;
    const rw_rule *rule; /* NULL: no synapses at first */
    rw_pass *passes;     /* [n_threads] */
    uint32_t *earlier;   /* [n_sources] synapses of each source on the ranks before */
    rw_packing packing;  /* of late delays, while rows are filled */
} building;

static void set_pass(building *work, int thread, bool fill) {
    const rw_connection *c = &work->connection;
    work->passes[thread] = (rw_pass){.connection = c,
                                     .thread = thread,
                                     .slice = rw_partition_thread_slice(c->partition, c->projection->n_targets, thread),
                                     .adjacency = &c->projection->adjacency[thread],
                                     .fill = fill,
                                     .min_delay = UINT32_MAX};
}

static rw_err begin_counting(void *context, int thread) {
    building *work = context;
    rw_adjacency *adjacency = &work->connection.projection->adjacency[thread];
    adjacency->n_sources = adjacency->n_rows = work->connection.n_sources;
    set_pass(work, thread, false);
    return RW_NEW(adjacency->count, adjacency->n_sources, "synapses");
}

/* Places rows that cannot grow one after the other. */
static rw_err place_rows(rw_adjacency *adjacency) {
    RW_TRY(RW_NEW(adjacency->start, adjacency->n_rows + 1, "synapses"));
    for (uint64_t row = 0; row < adjacency->n_rows; row++) {
        adjacency->start[row] = adjacency->pool_size;
        adjacency->pool_size += adjacency->count[row];
        adjacency->count[row] = 0;
    }
    return RW_OK;
}

static rw_err allocate_rows(rw_adjacency *adjacency, const rw_connection *c, uint32_t n_targets) {
    if (!c->projection->numbered && !c->projection->plasticity.any)
        RW_TRY(rw_adjacency_drop_empty_rows(adjacency));
    RW_TRY(c->spec->structural ? rw_adjacency_allocate(adjacency) : place_rows(adjacency));
    adjacency->packed_end = c->projection->packing.target_bits == 32 ? n_targets : 0;
    adjacency->weight = c->weight;
    if (c->compact)
        return RW_NEW(adjacency->targets, adjacency->pool_size, "synapses");
    adjacency->n_states = (uint32_t)rw_plasticity_states(&c->projection->plasticity);
    RW_TRY(RW_NEW(adjacency->states, adjacency->pool_size * adjacency->n_states, "synapses"));
    RW_TRY(RW_NEW(adjacency->synapses, adjacency->pool_size, "synapses"));
    return c->projection->numbered ? RW_NEW(adjacency->serials, adjacency->pool_size, "synapses") : RW_OK;
}

static rw_err begin_filling(void *context, int thread) {
    building *work = context;
    set_pass(work, thread, true);
    rw_slice slice = work->passes[thread].slice;
    return allocate_rows(work->passes[thread].adjacency, &work->connection, (uint32_t)(slice.end - slice.begin));
}

/* Again, where a delay did not fit beside the targets before the shortest was known. */
static rw_err begin_refilling(void *context, int thread) {
    building *work = context;
    set_pass(work, thread, true);
    rw_adjacency *adjacency = work->passes[thread].adjacency;
    memset(adjacency->count, 0, adjacency->n_rows * sizeof *adjacency->count);
    return RW_OK;
}

static rw_err order_late_synapses(void *context, int thread) {
    building *work = context;
    const rw_projection *projection = work->connection.projection;
    const rw_pass *pass = &work->passes[thread];
    return rw_adjacency_order_late(pass->adjacency, work->packing, projection->packing, projection->min_delay,
                                   projection->max_delay - projection->min_delay + 1, !pass->unordered);
}

static rw_err order_synapses(void *context, int thread) {
    building *work = context;
    bool has_delays = work->connection.projection->packing.target_bits < 32;
    return work->passes[thread].unordered || has_delays ? rw_adjacency_order(work->passes[thread].adjacency) : RW_OK;
}

static rw_err number_synapses(void *context, int thread) {
    building *work = context;
    return rw_projection_number(work->connection.projection, thread, work->earlier);
}

static rw_err finish_synapses(void *context, int thread) {
    building *work = context;
    return rw_adjacency_finish(&work->connection.projection->adjacency[thread]);
}

/* Gives synapses whose weight a rule changes their first states. */
static rw_err start_synapses(void *context, int thread) {
    building *work = context;
    const rw_projection *projection = work->connection.projection;
    rw_adjacency *adjacency = &projection->adjacency[thread];
    for (uint64_t source = 0; source < adjacency->n_sources; source++)
        for (uint64_t slot = adjacency->start[source]; slot < adjacency->start[source] + adjacency->count[source];
             slot++)
            rw_plasticity_start(&projection->plasticity, &adjacency->synapses[slot].weight,
                                adjacency->states + slot * adjacency->n_states);
    return RW_OK;
}

/* Shortest and longest delay that a value can give; false if it has no bounds. */
static bool delay_bounds(const rw_value *value, double step_ms, uint32_t *shortest, uint32_t *longest) {
    double low = value->min, high = value->max;
    if (value->kind == RW_CONSTANT)
        low = high = value->a;
    if (value->kind == RW_UNIFORM) {
        low = fmax(low, fmin(value->a, value->b));
        high = fmin(high, fmax(value->a, value->b));
    }
    if (value->kind == RW_LOGNORMAL || low < 0.0)
        low = fmax(low, 0.0); /* nothing is faster than one step */
    *shortest = rw_delay_steps(low, step_ms);
    *longest = rw_delay_steps(high, step_ms);
    return isfinite(low) && isfinite(high);
}

/* Delays of the synapses counted and, where synapses form later, of all that may be drawn. */
static rw_err span_delays(const rw_connection *c, const rw_pass *passes) {
    rw_projection *projection = c->projection;
    uint32_t shortest = UINT32_MAX, longest = 1;
    for (int t = 0; t < c->partition->n_threads; t++) {
        shortest = passes[t].min_delay < shortest ? passes[t].min_delay : shortest;
        longest = passes[t].max_delay > longest ? passes[t].max_delay : longest;
    }
    RW_TRY(rw_comm_reduce(c->partition->comm, &shortest, 1, RW_U32, RW_MIN));
    RW_TRY(rw_comm_reduce(c->partition->comm, &longest, 1, RW_U32, RW_MAX));
    bool empty = shortest == UINT32_MAX;
    if (c->spec->structural || empty) {
        uint32_t low, high;
        bool bounded = delay_bounds(&c->spec->delay_ms, c->scenario->step_ms, &low, &high);
        RW_CHECK(bounded || !c->spec->structural, RW_ERR_INPUT,
                 "%s: synapses that form later draw delays without bounds; give delay a min and a max",
                 RW_CONNECTION_TEXT(c));
        if (!bounded)
            low = high = 1;
        shortest = low < shortest ? low : shortest;
        longest = high > longest ? high : longest;
    }
    projection->min_delay = shortest;
    projection->max_delay = longest;
    return RW_OK;
}

/* Cells of the projection's target that one worker owns at most. */
static uint64_t largest_slice(const rw_connection *c) {
    uint64_t largest = 0;
    for (int w = 0; w < c->partition->n_workers; w++) {
        rw_slice slice = rw_partition_slice(c->n_targets, w, c->partition->n_workers);
        largest = slice.end - slice.begin > largest ? slice.end - slice.begin : largest;
    }
    return largest;
}

static uint32_t bits_below(uint64_t end) {
    uint32_t bits = 0;
    while ((uint64_t)1 << bits < end)
        bits++;
    return bits;
}

static void set_packing(rw_projection *projection, uint32_t target_bits) {
    projection->packing.target_bits = target_bits;
    projection->packing.target_mask = (uint32_t)(((uint64_t)1 << target_bits) - 1);
}

static rw_err choose_packing(rw_connection *c) {
    rw_projection *projection = c->projection;
    uint32_t delay_bits = bits_below((uint64_t)projection->max_delay - projection->min_delay + 1);
    uint64_t largest = largest_slice(c);
    uint32_t target_bits = 32 - delay_bits;
    RW_CHECK(delay_bits < 32 && largest <= (uint64_t)1 << target_bits, RW_ERR_INPUT,
             "%s: %llu cells per thread and delays of %u to %u steps do not fit in the 32 bits of a synapse; use more "
             "threads or a narrower range of delays",
             RW_CONNECTION_TEXT(c), (unsigned long long)largest, projection->min_delay, projection->max_delay);
    set_packing(projection, target_bits);
    c->compact = !c->late && delay_bits == 0 && largest <= UINT16_MAX + 1u && !c->weight_varies &&
                 !c->projection->numbered && c->spec->rule != RW_CONNECT_TABLE &&
                 !rw_plasticity_walks(&projection->plasticity);
    return RW_OK;
}

static rw_err check_projection(const rw_connection *c) {
    const rw_projection_spec *spec = c->spec;
    RW_CHECK(c->n_sources <= INT32_MAX && c->n_targets <= INT32_MAX, RW_ERR_INPUT,
             "%s connects populations of more than %d cells; split them", RW_CONNECTION_TEXT(c), INT32_MAX);
    RW_CHECK(spec->weight.kind != RW_TABLE && spec->delay_ms.kind != RW_TABLE, RW_ERR_INPUT,
             "%s: weights and delays in a table belong to a table of synapses", RW_CONNECTION_TEXT(c));
    return RW_OK;
}

static rw_err prepare(building *work) {
    rw_connection *c = &work->connection;
    RW_TRY(check_projection(c));
    return work->rule != NULL && work->rule->prepare != NULL ? work->rule->prepare(c) : RW_OK;
}

/* Counts the synapses, or fills them in. Collective. */
static rw_err list(building *work, rw_err (*begin_pass)(void *context, int thread)) {
    rw_connection *c = &work->connection;
    RW_TRY(rw_comm_agree(c->partition->comm, rw_team_run(c->partition->n_threads, begin_pass, work)));
    return work->rule != NULL ? rw_rule_run(c, work->rule, work->passes) : RW_OK;
}

/* Numbers the synapses of all ranks, for projections whose synapses come and go. */
static rw_err number(building *work) {
    const rw_connection *c = &work->connection;
    rw_projection *projection = c->projection;
    RW_TRY(rw_comm_agree(c->partition->comm, RW_NEW(projection->next_serial, c->n_sources, "synapses")));
    RW_TRY(rw_projection_serials(c->partition, projection, &work->earlier, projection->next_serial));
    if (projection->spec->loss.persistent > 0.0) {
        RW_TRY(rw_comm_agree(c->partition->comm, RW_NEW(projection->first_formed, c->n_sources, "synapses")));
        memcpy(projection->first_formed, projection->next_serial, c->n_sources * sizeof *projection->first_formed);
    }
    return rw_team_run(c->partition->n_threads, number_synapses, work);
}

/* Fills rows whose delays are known. Collective. */
static rw_err fill(building *work) {
    rw_connection *c = &work->connection;
    RW_TRY(span_delays(c, work->passes));
    RW_TRY(choose_packing(c));
    RW_TRY(list(work, begin_filling));
    return rw_comm_agree(c->partition->comm, rw_team_run(c->partition->n_threads, order_synapses, work));
}

/* Fills rows while delays are drawn, which saves drawing them twice. Collective. */
static rw_err fill_late(building *work) {
    rw_connection *c = &work->connection;
    rw_projection *projection = c->projection;
    set_packing(projection, bits_below(largest_slice(c) + 1)); /* at least one */
    work->packing = projection->packing;
    RW_TRY(list(work, begin_filling));
    RW_TRY(span_delays(c, work->passes));
    RW_TRY(choose_packing(c));
    if (projection->max_delay >> (32 - work->packing.target_bits) > 0) {
        work->packing = projection->packing;
        RW_TRY(list(work, begin_refilling));
        return rw_comm_agree(c->partition->comm, rw_team_run(c->partition->n_threads, order_synapses, work));
    }
    return rw_comm_agree(c->partition->comm, rw_team_run(c->partition->n_threads, order_late_synapses, work));
}

static rw_err build(building *work) {
    rw_connection *c = &work->connection;
    const rw_comm *comm = c->partition->comm;
    RW_TRY(rw_comm_agree(comm, prepare(work)));
    RW_TRY(list(work, begin_counting));
    RW_TRY(c->late ? fill_late(work) : fill(work));
    if (c->projection->plasticity.at[RW_AT_SYNAPSE].model != NULL)
        RW_TRY(rw_team_run(c->partition->n_threads, start_synapses, work));
    if (c->projection->numbered)
        RW_TRY(rw_comm_agree(comm, number(work)));
    return c->spec->structural ? rw_comm_agree(comm, rw_team_run(c->partition->n_threads, finish_synapses, work))
                               : RW_OK;
}

static rw_connection begin(rw_network *network, rw_projection *projection) {
    const rw_projection_spec *spec = projection->spec;
    uint64_t seed = network->scenario->seed;
    return (rw_connection){
        .scenario = network->scenario,
        .partition = &network->partition,
        .source = &network->populations[projection->source],
        .target = &network->populations[projection->target],
        .projection = projection,
        .spec = spec,
        .n_sources = network->populations[projection->source].count,
        .n_targets = network->populations[projection->target].count,
        .within = projection->source == projection->target,
        .edge_stream = rw_stream_of(seed, RW_PURPOSE_CONNECT, projection->index),
        .weight_stream = rw_stream_of(seed, RW_PURPOSE_WEIGHT, projection->index),
        .delay_stream = rw_stream_of(seed, RW_PURPOSE_DELAY, projection->index),
        .weight_varies = spec->weight.kind != RW_CONSTANT,
        .delay_varies = spec->delay_ms.kind != RW_CONSTANT,
        .late = spec->delay_ms.kind != RW_CONSTANT && spec->delay_ms.kind != RW_TABLE && !spec->structural &&
                spec->rule != RW_CONNECT_TABLE,
        .weight = (float)spec->weight.a,
        .delay = rw_delay_steps(spec->delay_ms.a, network->scenario->step_ms),
    };
}

rw_err rw_projection_connect(rw_network *network, rw_projection *projection) {
    building work = {.connection = begin(network, projection)};
    if (projection->spec->rule != RW_CONNECT_NONE)
        work.rule = rules[projection->spec->rule];
    RW_TRY(
        rw_comm_agree(network->partition.comm, RW_NEW(work.passes, (size_t)network->partition.n_threads, "synapses")));
    rw_err err = build(&work);
    rw_free(work.passes);
    rw_free(work.earlier);
    rw_free(work.connection.indegree);
    rw_free(work.connection.box_first);
    rw_free(work.connection.box_sources);
    return err;
}
