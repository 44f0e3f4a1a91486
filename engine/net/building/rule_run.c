#include "net/building/rule_run.h"

#include "base/memory.h"
#include "comm/team.h"

typedef struct {
    rw_connection *connection;
    const rw_rule *rule;
    rw_pass *passes; /* [n_threads] */
    uint64_t round;
} rule_run;

static rw_err begin_thread(void *context, int thread) {
    const rule_run *run = context;
    rw_pass *pass = &run->passes[thread];
    bool draws = run->connection->weight_varies || run->connection->delay_varies;
    return draws ? RW_NEW(pass->listed, pass->slice.end - pass->slice.begin, "synapses") : RW_OK;
}

static rw_err draw_thread(void *context, int thread) {
    const rule_run *run = context;
    return run->rule->draw(&run->passes[thread], run->round, &run->connection->mails[thread]);
}

static rw_err list_thread(void *context, int thread) {
    const rule_run *run = context;
    return run->rule->list(&run->passes[thread]);
}

static rw_err run_team(const rule_run *run, rw_err (*work)(void *context, int thread)) {
    const rw_partition *partition = run->connection->partition;
    rule_run copy = *run;
    return rw_comm_agree(partition->comm, rw_team_run(partition->n_threads, work, &copy));
}

static rw_err create_mails(const rw_connection *c) {
    for (int t = 0; t < c->partition->n_threads; t++)
        RW_TRY(rw_mail_create(&c->mails[t], c->partition->comm));
    return RW_OK;
}

static rw_err list_rounds(rule_run *run) {
    rw_connection *c = run->connection;
    const rw_comm *comm = c->partition->comm;
    RW_TRY(rw_comm_agree(comm, RW_NEW(c->mails, (size_t)c->partition->n_threads, "mail")));
    RW_TRY(rw_comm_agree(comm, create_mails(c)));
    for (run->round = 0; run->round < c->n_rounds; run->round++) {
        uint32_t no_flags = 0;
        RW_TRY(run_team(run, draw_thread));
        for (int t = 0; t < c->partition->n_threads; t++)
            RW_TRY(rw_mail_exchange(comm, &c->mails[t], &no_flags));
        RW_TRY(run_team(run, list_thread));
    }
    return RW_OK;
}

static void destroy_mails(rw_connection *c) {
    for (int t = 0; c->mails != NULL && t < c->partition->n_threads; t++)
        rw_mail_destroy(&c->mails[t], c->partition->comm);
    rw_free(c->mails);
    c->mails = NULL;
}

rw_err rw_rule_run(rw_connection *connection, const rw_rule *rule, rw_pass *passes) {
    rule_run run = {connection, rule, passes, 0};
    rw_err err = run_team(&run, begin_thread);
    if (err == RW_OK)
        err = rule->draw != NULL ? list_rounds(&run) : run_team(&run, list_thread);
    for (int t = 0; t < connection->partition->n_threads; t++) {
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
