/* The team and the ranks at partner search: each thread lets its share of the seekers choose; whether a choice of a
 * target elsewhere is connected already, the rank of the target says. */
#include <string.h>

#include "comm/mail.h"
#include "net/adjacency/adjacency.h"
#include "net/adjacency/adjacency_search.h"
#include "sim/formation/sampler.h"

/* What the team works on. */
typedef struct {
    const rw_partner_search *search;
    const rw_axonal_elements *seekers;
    uint32_t *next; /* [n] attempt to go on with, or RW_SETTLED */
    rw_candidate *proposals;
    rw_chooser *choosers; /* [n_threads] */
} team;

/* Below it, waking the other threads takes longer than the choices. */
enum { SEEKERS_WORTH_A_TEAM = 2048 };

static void propose_all(const team *work) {
    int n_threads = work->search->network->partition.n_threads;
    size_t n = work->seekers->n, threads = (size_t)n_threads;
#pragma omp parallel for num_threads(n_threads) schedule(static, 1) if (n >= SEEKERS_WORTH_A_TEAM)
    for (int t = 0; t < n_threads; t++) {
        size_t begin = n * (size_t)t / threads, end = n * ((size_t)t + 1) / threads;
        rw_chooser_choose(&work->choosers[t], work->seekers->items + begin, end - begin, work->next + begin,
                          work->proposals + begin);
    }
}

static bool must_be_asked(const rw_network *network, const rw_candidate *proposal) {
    if (proposal->projection == RW_NO_PARTNER)
        return false;
    const rw_projection *projection = &network->projections[proposal->projection];
    return !projection->spec->multapses &&
           rw_partition_thread_of(&network->partition, projection->n_targets, proposal->target) < 0;
}

/* Whether there are questions at all: where multapses are allowed, there are none. */
static bool any_is_asked(const rw_partner_search *search) {
    const rw_network *network = search->network;
    for (size_t p = 0; p < network->n_projections; p++)
        if (rw_partner_concerns(&network->projections[p], search->inhibitory) &&
            !network->projections[p].spec->multapses)
            return true;
    return false;
}

static int rank_of(const rw_network *network, const rw_candidate *proposal) {
    uint64_t count = network->populations[network->projections[proposal->projection].target].count;
    return rw_partition_owner(count, proposal->target, network->partition.n_workers) / network->partition.n_threads;
}

/* Asks the ranks of the targets chosen at the seekers `asked` whether they are connected: projection, source, target.
 */
static rw_err ask(const team *work, rw_mail *mail, const uint32_t *asked, size_t n_asked) {
    const rw_network *network = work->search->network;
    for (size_t k = 0; k < n_asked; k++) {
        const rw_candidate *proposal = &work->proposals[asked[k]];
        int rank = rank_of(network, proposal);
        RW_TRY(rw_mail_reserve(mail, rank, 3));
        uint32_t *words = mail->out[rank] + mail->n_out[rank];
        words[0] = proposal->projection;
        words[1] = work->seekers->items[asked[k]].id;
        words[2] = proposal->target;
        mail->n_out[rank] += 3;
    }
    return RW_OK;
}

/* Answers each question with a word, in the order they came. */
static rw_err answer(const rw_network *network, rw_mail *mail) {
    for (int rank = 0; rank < rw_comm_size(network->partition.comm); rank++) {
        size_t from = mail->in_from[rank], n = (mail->in_from[rank + 1] - from) / 3;
        RW_TRY(rw_mail_reserve(mail, rank, n));
        for (size_t k = 0; k < n; k++) {
            const uint32_t *words = mail->in + from + 3 * k;
            uint32_t word = 0;
            const rw_adjacency *adjacency = rw_partner_rows(network, &network->projections[words[0]], words[2], &word);
            RW_ASSERT(adjacency != NULL);
            mail->out[rank][mail->n_out[rank]++] = rw_adjacency_connects(adjacency, words[1], word);
        }
    }
    return RW_OK;
}

/* Looks for choices that are connected already: their seekers go on. *n_open says how many these are on all ranks.
 * open [n_open]: the seekers that chose just now, then those that go on. */
static rw_err check_choices(const team *work, rw_mail *mail, uint32_t *open, size_t *n_here, uint64_t *n_open) {
    const rw_network *network = work->search->network;
    uint32_t flags = 0;
    size_t n_asked = 0, n_left = 0;
    for (size_t k = 0; k < *n_here; k++)
        if (must_be_asked(network, &work->proposals[open[k]]))
            open[n_asked++] = open[k];
    RW_TRY(ask(work, mail, open, n_asked));
    RW_TRY(rw_mail_exchange(network->partition.comm, mail, &flags));
    RW_TRY(answer(network, mail));
    RW_TRY(rw_mail_exchange(network->partition.comm, mail, &flags));
    for (size_t k = 0; k < n_asked; k++) {
        const rw_candidate *proposal = &work->proposals[open[k]];
        bool connected = mail->in[mail->in_from[rank_of(network, proposal)]++] != 0; /* answers are read once */
        work->next[open[k]] = connected ? proposal->attempt + 1 : RW_SETTLED;
        if (connected)
            open[n_left++] = open[k];
    }
    *n_here = *n_open = n_left;
    return rw_comm_reduce(network->partition.comm, n_open, 1, RW_U64, RW_SUM);
}

/* Lets seekers choose until no choice of any rank is connected already. */
static rw_err settle(const team *work) {
    const rw_comm *comm = work->search->network->partition.comm;
    propose_all(work);
    if (rw_comm_size(comm) == 1 || !any_is_asked(work->search))
        return RW_OK;
    rw_mail mail = {0};
    uint32_t *open = NULL;
    size_t n_here = work->seekers->n;
    uint64_t n_open = 1;
    rw_err err = rw_mail_create(&mail, comm);
    if (err == RW_OK)
        err = RW_NEW(open, work->seekers->n, "partner search");
    for (size_t s = 0; s < work->seekers->n && err == RW_OK; s++)
        open[s] = (uint32_t)s;
    err = rw_comm_agree(comm, err);
    while (err == RW_OK && n_open > 0) {
        err = check_choices(work, &mail, open, &n_here, &n_open);
        if (err == RW_OK && n_here > 0)
            propose_all(work);
    }
    rw_free(open);
    rw_mail_destroy(&mail, comm);
    return err;
}

static rw_err make_room(rw_sampling *proposing, size_t n, size_t n_bounds) {
    if (n > proposing->room) {
        rw_free(proposing->proposals);
        rw_free(proposing->next);
        proposing->next = NULL;
        proposing->room = 0;
        RW_TRY(RW_NEW(proposing->proposals, n + n / 2, "partner search"));
        RW_TRY(RW_NEW(proposing->next, n + n / 2, "partner search"));
        proposing->room = n + n / 2;
    }
    if (n_bounds > proposing->bounds_room) {
        rw_free(proposing->bounds);
        proposing->bounds_room = 0;
        RW_TRY(RW_NEW(proposing->bounds, n_bounds, "partner search"));
        proposing->bounds_room = n_bounds;
    }
    return RW_OK;
}

static rw_err begin(rw_sampling *proposing, const rw_partner_search *search, const rw_axonal_elements *seekers) {
    const rw_network *network = search->network;
    RW_TRY(make_room(proposing, seekers->n, network->n_projections * search->grid.n_boxes));
    if (seekers->n > 0)
        memset(proposing->next, 0, seekers->n * sizeof *proposing->next);
    rw_kernel_bounds(search, proposing->bounds);
    if (proposing->choosers == NULL)
        RW_TRY(RW_NEW(proposing->choosers, (size_t)network->partition.n_threads, "partner search"));
    proposing->n_choosers = network->partition.n_threads;
    for (int t = 0; t < network->partition.n_threads; t++)
        RW_TRY(rw_chooser_begin(&proposing->choosers[t], search, proposing->bounds));
    return RW_OK;
}

rw_err rw_sample_partners(const rw_partner_search *search, const rw_axonal_elements *seekers, rw_sampling *proposing) {
    RW_TRY(rw_comm_agree(search->network->partition.comm, begin(proposing, search, seekers)));
    return settle(&(team){.search = search,
                          .seekers = seekers,
                          .next = proposing->next,
                          .proposals = proposing->proposals,
                          .choosers = proposing->choosers});
}

void rw_sampling_destroy(rw_sampling *proposing) {
    for (int t = 0; t < proposing->n_choosers; t++)
        rw_chooser_destroy(&proposing->choosers[t]);
    rw_free(proposing->choosers);
    rw_free(proposing->bounds);
    rw_free(proposing->proposals);
    rw_free(proposing->next);
    *proposing = (rw_sampling){0};
}
