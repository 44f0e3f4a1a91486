#include "net/building/rule_degree.h"

static rw_err check_degree(const rw_connection *c, const char *rule, uint64_t available) {
    uint64_t n = c->spec->n;
    RW_CHECK(n < UINT32_MAX, RW_ERR_INPUT, "%s: %s with n = %llu is more than a cell can have (%u)",
             RW_CONNECTION_TEXT(c), rule, (unsigned long long)n, UINT32_MAX - 1);
    RW_CHECK(n == 0 || available > 0, RW_ERR_INPUT, "%s: %s with n = %llu, but there is no partner to choose",
             RW_CONNECTION_TEXT(c), rule, (unsigned long long)n);
    RW_CHECK(c->spec->multapses || n <= available, RW_ERR_INPUT,
             "%s: %s with n = %llu, but there are only %llu partners; lower n or allow multapses: true",
             RW_CONNECTION_TEXT(c), rule, (unsigned long long)n, (unsigned long long)available);
    return RW_OK;
}

static rw_err prepare_indegree(rw_connection *c) {
    return c->n_targets == 0 ? RW_OK : check_degree(c, "fixed_indegree", rw_connection_partners(c, c->n_sources));
}

static rw_err list_indegree(rw_pass *pass) {
    for (uint64_t target = pass->slice.begin; target < pass->slice.end; target++)
        RW_TRY(rw_pass_draw_column(pass, target, pass->connection->spec->n));
    return RW_OK;
}

const rw_rule rw_rule_fixed_indegree = {.prepare = prepare_indegree, .list = list_indegree};

/* Synapses that a thread draws in a round, about: enough for an efficient message, few enough to stay in the cache. */
enum { DRAWN_AT_ONCE = 1 << 16 };

/* Sources of a thread in a round. */
static uint64_t sources_at_once(const rw_connection *c) {
    return 1 + DRAWN_AT_ONCE / (1 + c->spec->n);
}

static rw_err prepare_outdegree(rw_connection *c) {
    uint64_t in_a_round = sources_at_once(c) * (uint64_t)c->partition->n_workers;
    c->n_rounds = (c->n_sources + in_a_round - 1) / in_a_round;
    return c->n_sources == 0 ? RW_OK : check_degree(c, "fixed_outdegree", rw_connection_partners(c, c->n_targets));
}

/* Draws the targets of a source and puts them into the mail to their owners; `only`: the one owner to send to, or -1.
 */
static rw_err draw_source(rw_pass *pass, uint64_t source, int only, rw_mail *mail) {
    const rw_connection *c = pass->connection;
    const rw_partition *partition = c->partition;
    uint64_t n = c->spec->n, available = rw_connection_partners(c, c->n_targets);
    bool alone = rw_comm_size(partition->comm) == 1;
    RW_TRY(rw_pass_sample(pass, source, n, available, rw_connection_left_out(c, source), c->spec->multapses));
    for (uint64_t k = 0; k < n; k++) {
        int worker = alone ? 0 : rw_partition_owner(c->n_targets, pass->list[k], partition->n_workers);
        int owner = alone ? 0 : worker / partition->n_threads;
        if (only >= 0 && owner != only)
            continue;
        if (mail->n_out[owner] + 2 > mail->capacity[owner])
            RW_TRY(rw_mail_reserve(mail, owner, 2));
        uint32_t *pair = mail->out[owner] + mail->n_out[owner];
        pair[0] = (uint32_t)source;
        pair[1] = pass->list[k];
        mail->n_out[owner] += 2;
    }
    return RW_OK;
}

/* Draws the sources of part `part` of a round's parts. */
static rw_err draw_part(rw_pass *pass, uint64_t part, int only, rw_mail *mail) {
    uint64_t n_sources = pass->connection->n_sources, n = sources_at_once(pass->connection);
    for (uint64_t source = part * n; source < (part + 1) * n && source < n_sources; source++)
        RW_TRY(draw_source(pass, source, only, mail));
    return RW_OK;
}

/* The parts of a round are assigned so that sources are in ascending order in the mail of the threads, one after the
 * other. Pretended ranks draw nothing, so this one draws for them. */
static rw_err draw_outdegree(rw_pass *pass, uint64_t round, rw_mail *mail) {
    const rw_partition *partition = pass->connection->partition;
    const rw_comm *comm = partition->comm;
    uint64_t n_ranks = (uint64_t)rw_comm_size(comm);
    uint64_t first = (round * (uint64_t)partition->n_threads + (uint64_t)pass->thread) * n_ranks;
    if (!rw_comm_is_pretended(comm))
        return draw_part(pass, first + (uint64_t)rw_comm_rank(comm), -1, mail);
    for (uint64_t part = first; part < first + n_ranks; part++)
        RW_TRY(draw_part(pass, part, rw_comm_rank(comm), mail));
    return RW_OK;
}

/* Lists those of n pairs whose target is the thread's. They come at random, so they are picked out branchlessly. */
static void list_own(rw_pass *pass, const uint32_t *pairs, size_t n) {
    enum { AT_ONCE = 512 };
    const uint32_t *own[AT_ONCE];
    uint64_t begin = pass->slice.begin, length = pass->slice.end - begin;
    for (size_t done = 0; done < n; done += AT_ONCE) {
        size_t some = n - done < AT_ONCE ? n - done : AT_ONCE, n_own = 0;
        for (size_t k = done; k < done + some; k++) {
            own[n_own] = pairs + 2 * k;
            n_own += pairs[2 * k + 1] - begin < length;
        }
        for (size_t k = 0; k < n_own; k++)
            rw_pass_synapse(pass, own[k][0], own[k][1]);
    }
}

static rw_err list_outdegree(rw_pass *pass) {
    const rw_connection *c = pass->connection;
    int n_ranks = rw_comm_size(c->partition->comm);
    pass->unordered = true;
    for (int t = 0; t < c->partition->n_threads; t++)
        list_own(pass, c->mails[t].in, c->mails[t].in_from[n_ranks] / 2);
    return RW_OK;
}

const rw_rule rw_rule_fixed_outdegree = {.prepare = prepare_outdegree, .list = list_outdegree, .draw = draw_outdegree};
