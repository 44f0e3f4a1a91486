#include "net/building/rule_table.h"

static rw_err prepare_table(rw_connection *c) {
    const rw_edge_table *table = &c->spec->table;
    for (uint64_t k = 0; k < table->count; k++) {
        RW_CHECK(table->source[k] < c->n_sources, RW_ERR_INPUT,
                 "%s: synapse %llu comes from cell %llu, but the source population has %llu cells",
                 RW_CONNECTION_TEXT(c), (unsigned long long)k, (unsigned long long)table->source[k],
                 (unsigned long long)c->n_sources);
        RW_CHECK(table->target[k] < c->n_targets, RW_ERR_INPUT,
                 "%s: synapse %llu goes to cell %llu, but the target population has %llu cells", RW_CONNECTION_TEXT(c),
                 (unsigned long long)k, (unsigned long long)table->target[k], (unsigned long long)c->n_targets);
        RW_CHECK(table->delay_steps[k] >= 1, RW_ERR_INPUT, "%s: synapse %llu has a delay below one step",
                 RW_CONNECTION_TEXT(c), (unsigned long long)k);
        RW_CHECK(isfinite(table->weight[k]), RW_ERR_INPUT, "%s: synapse %llu has a weight that is not a number",
                 RW_CONNECTION_TEXT(c), (unsigned long long)k);
    }
    return RW_OK;
}

static rw_err list_table(rw_pass *pass) {
    const rw_edge_table *table = &pass->connection->spec->table;
    pass->unordered = true;
    for (uint64_t k = 0; k < table->count; k++)
        if (table->target[k] >= pass->slice.begin && table->target[k] < pass->slice.end)
            rw_pass_given(pass, table->source[k], table->target[k], table->weight[k], table->delay_steps[k]);
    return RW_OK;
}

const rw_rule rw_rule_table = {.prepare = prepare_table, .list = list_table};
