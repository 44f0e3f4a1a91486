/* Rules that fix numbers of synapses: fixed_indegree, fixed_outdegree, fixed_total_number. */
#include "net/connect.h"
#include "net/population.h"

/* How many partners a cell can choose from, of n in the other population. */
static uint64_t partners(const rw_connection *c, uint64_t n) {
    return c->within && !c->spec->autapses && n > 0 ? n - 1 : n;
}

/* The partner a cell leaves out: itself, or nobody (a number that no partner has). */
static uint64_t left_out(const rw_connection *c, uint64_t id) {
    return c->within && !c->spec->autapses ? id : UINT64_MAX;
}

static rw_err check_degree(const rw_connection *c, const char *rule, uint64_t available) {
    uint64_t n = c->spec->n;
    RW_CHECK(n < UINT32_MAX, RW_ERR_INPUT, "%s: %s with n = %llu is more than a cell can have (%u)",
             RW_CONNECTION_PLACE(c), rule, (unsigned long long)n, UINT32_MAX - 1);
    RW_CHECK(n == 0 || available > 0, RW_ERR_INPUT, "%s: %s with n = %llu, but there is no partner to choose",
             RW_CONNECTION_PLACE(c), rule, (unsigned long long)n);
    RW_CHECK(c->spec->multapses || n <= available, RW_ERR_INPUT,
             "%s: %s with n = %llu, but there are only %llu partners; lower n or allow multapses: true",
             RW_CONNECTION_PLACE(c), rule, (unsigned long long)n, (unsigned long long)available);
    return RW_OK;
}

static rw_err list_column(rw_pass *pass, uint64_t target, uint64_t n) {
    const rw_connection *c = pass->connection;
    RW_TRY(rw_pass_sample(pass, target, n, partners(c, c->n_sources), left_out(c, target), c->spec->multapses));
    rw_pass_column(pass, target, pass->list, n);
    return RW_OK;
}

static rw_err prepare_indegree(rw_connection *c) {
    return c->n_targets == 0 ? RW_OK : check_degree(c, "fixed_indegree", partners(c, c->n_sources));
}

static rw_err list_indegree(rw_pass *pass) {
    for (uint64_t target = pass->slice.begin; target < pass->slice.end; target++)
        RW_TRY(list_column(pass, target, pass->connection->spec->n));
    return RW_OK;
}

const rw_rule rw_rule_fixed_indegree = {prepare_indegree, list_indegree};

static rw_err prepare_outdegree(rw_connection *c) {
    return c->n_sources == 0 ? RW_OK : check_degree(c, "fixed_outdegree", partners(c, c->n_targets));
}

/* Every thread draws the targets of every source and keeps its own. */
static rw_err list_outdegree(rw_pass *pass) {
    const rw_connection *c = pass->connection;
    uint64_t available = partners(c, c->n_targets);
    pass->unordered = true;
    for (uint64_t source = 0; source < c->n_sources; source++) {
        RW_TRY(rw_pass_sample(pass, source, c->spec->n, available, left_out(c, source), c->spec->multapses));
        for (uint64_t k = 0; k < c->spec->n; k++)
            if (pass->list[k] >= pass->slice.begin && pass->list[k] < pass->slice.end)
                rw_pass_synapse(pass, source, pass->list[k]);
    }
    return RW_OK;
}

const rw_rule rw_rule_fixed_outdegree = {prepare_outdegree, list_outdegree};

/* Deals n synapses to the targets, one after the other: an urn with `available` places per target, put back after each
 * draw if multapses are allowed. Keyed below the rule's other draws by a `who` that no target has. */
static void deal(const rw_connection *c, uint64_t n, uint64_t available, uint32_t *indegree) {
    uint64_t dealt = 0;
    for (uint64_t k = 0; dealt < n; k++) {
        rw_bits bits = rw_draw(c->edge_stream, UINT32_MAX, k);
        uint64_t target = rw_uniform_below(bits.word[0], bits.word[1], c->n_targets);
        uint64_t place = rw_uniform_below(bits.word[2], bits.word[3], available);
        if (!c->spec->multapses && place < indegree[target])
            continue; /* that place is gone */
        indegree[target]++;
        dealt++;
    }
}

static rw_err prepare_total_number(rw_connection *c) {
    uint64_t available = partners(c, c->n_sources);
    uint64_t n = c->spec->n, pairs = available * c->n_targets;
    RW_CHECK(n == 0 || pairs > 0, RW_ERR_INPUT, "%s: fixed_total_number with n = %llu, but there is no pair to connect",
             RW_CONNECTION_PLACE(c), (unsigned long long)n);
    RW_CHECK(c->spec->multapses || n <= pairs, RW_ERR_INPUT,
             "%s: fixed_total_number with n = %llu, but there are only %llu pairs; lower n or allow multapses: true",
             RW_CONNECTION_PLACE(c), (unsigned long long)n, (unsigned long long)pairs);
    RW_TRY(RW_NEW(c->indegree, c->n_targets, "connection rule"));
    if (c->spec->multapses || n <= pairs / 2) {
        deal(c, n, available, c->indegree);
        return RW_OK;
    }
    deal(c, pairs - n, available, c->indegree); /* more than half of the pairs: deal those that stay apart */
    for (uint64_t target = 0; target < c->n_targets; target++)
        c->indegree[target] = (uint32_t)available - c->indegree[target];
    return RW_OK;
}

static rw_err list_total_number(rw_pass *pass) {
    for (uint64_t target = pass->slice.begin; target < pass->slice.end; target++)
        RW_TRY(list_column(pass, target, pass->connection->indegree[target]));
    return RW_OK;
}

const rw_rule rw_rule_fixed_total_number = {prepare_total_number, list_total_number};
