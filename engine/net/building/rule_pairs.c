#include "net/building/rule_pairs.h"

#include "net/building/skip.h"

static rw_err prepare_one_to_one(rw_connection *c) {
    RW_CHECK(c->n_sources == c->n_targets, RW_ERR_INPUT,
             "%s: one_to_one needs populations of equal size, but they have %llu and %llu cells", RW_CONNECTION_TEXT(c),
             (unsigned long long)c->n_sources, (unsigned long long)c->n_targets);
    RW_CHECK(!c->within || c->spec->autapses, RW_ERR_INPUT,
             "%s: one_to_one inside a population connects every cell to itself; allow it with autapses: true",
             RW_CONNECTION_TEXT(c));
    return RW_OK;
}

static rw_err list_one_to_one(rw_pass *pass) {
    for (uint64_t target = pass->slice.begin; target < pass->slice.end; target++)
        rw_pass_synapse(pass, target, target);
    return RW_OK;
}

const rw_rule rw_rule_one_to_one = {.prepare = prepare_one_to_one, .list = list_one_to_one};

static rw_err list_all_to_all(rw_pass *pass) {
    const rw_connection *c = pass->connection;
    bool skip_self = c->within && !c->spec->autapses;
    RW_TRY(rw_pass_reserve(pass, c->n_sources));
    for (uint64_t target = pass->slice.begin; target < pass->slice.end; target++) {
        uint64_t n = 0;
        for (uint64_t source = 0; source < c->n_sources; source++)
            if (source != target || !skip_self)
                pass->list[n++] = (uint32_t)source;
        rw_pass_column(pass, target, pass->list, n);
    }
    return RW_OK;
}

const rw_rule rw_rule_all_to_all = {.list = list_all_to_all};

/* Each pair with probability p: gaps between the sources of a target are geometric. */
static rw_err list_pairwise_bernoulli(rw_pass *pass) {
    const rw_connection *c = pass->connection;
    uint64_t self_of = c->within && !c->spec->autapses;
    RW_TRY(rw_pass_reserve(pass, c->n_sources));
    if (!(c->spec->p > 0.0))
        return RW_OK;
    for (uint64_t target = pass->slice.begin; target < pass->slice.end; target++) {
        rw_skipper skipper = rw_skip_begin(c->edge_stream, target, 0, c->spec->p);
        uint64_t n = 0;
        for (uint64_t source = rw_skip(&skipper); source < c->n_sources; source += 1 + rw_skip(&skipper)) {
            pass->list[n] = (uint32_t)source;
            n += source != target || !self_of;
        }
        rw_pass_column(pass, target, pass->list, n);
    }
    return RW_OK;
}

const rw_rule rw_rule_pairwise_bernoulli = {.list = list_pairwise_bernoulli};
