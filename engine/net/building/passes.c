#include "net/building/passes.h"

#include "base/memory.h"
#include "comm/team.h"

typedef struct {
    rw_connection *connection;
    const rw_rule *rule;
    rw_pass *passes; /* [n_threads] */
    uint64_t round;
} listing;

static rw_err begin_thread(void *context, int thread) {
    const listing *it = context;
    rw_pass *pass = &it->passes[thread];
    bool draws = it->connection->weight_varies || it->connection->delay_varies;
    return draws ? RW_NEW(pass->listed, pass->slice.end - pass->slice.begin, "synapses") : RW_OK;
}

static rw_err draw_thread(void *context, int thread) {
    const listing *it = context;
    return it->rule->draw(&it->passes[thread], it->round, &it->connection->mails[thread]);
}

static rw_err list_thread(void *context, int thread) {
    const listing *it = context;
    return it->rule->list(&it->passes[thread]);
}

static rw_err run_team(const listing *it, rw_err (*work)(void *context, int thread)) {
    const rw_network *network = it->connection->network;
    listing copy = *it;
    return rw_comm_agree(network->partition.comm, rw_team_run(network->partition.n_threads, work, &copy));
}

static rw_err create_mails(const rw_connection *c) {
    for (int t = 0; t < c->network->partition.n_threads; t++)
        RW_TRY(rw_mail_create(&c->mails[t], c->network->partition.comm));
    return RW_OK;
}

static rw_err list_rounds(listing *it) {
    rw_connection *c = it->connection;
    const rw_comm *comm = c->network->partition.comm;
    RW_TRY(rw_comm_agree(comm, RW_NEW(c->mails, (size_t)c->network->partition.n_threads, "mail")));
    RW_TRY(rw_comm_agree(comm, create_mails(c)));
    for (it->round = 0; it->round < c->n_rounds; it->round++) {
        uint32_t no_flags = 0;
        RW_TRY(run_team(it, draw_thread));
        for (int t = 0; t < c->network->partition.n_threads; t++)
            RW_TRY(rw_mail_exchange(comm, &c->mails[t], &no_flags));
        RW_TRY(run_team(it, list_thread));
    }
    return RW_OK;
}

static void destroy_mails(rw_connection *c) {
    for (int t = 0; c->mails != NULL && t < c->network->partition.n_threads; t++)
        rw_mail_destroy(&c->mails[t], c->network->partition.comm);
    rw_free(c->mails);
    c->mails = NULL;
}

rw_err rw_passes_list(rw_connection *connection, const rw_rule *rule, rw_pass *passes) {
    listing it = {connection, rule, passes, 0};
    rw_err err = run_team(&it, begin_thread);
    if (err == RW_OK)
        err = rule->draw != NULL ? list_rounds(&it) : run_team(&it, list_thread);
    for (int t = 0; t < connection->network->partition.n_threads; t++) {
        rw_free(passes[t].listed);
        rw_free(passes[t].list);
        rw_free(passes[t].taken);
        passes[t].listed = NULL;
        passes[t].list = NULL;
        passes[t].taken = NULL;
    }
    destroy_mails(connection);
    return err;
}
