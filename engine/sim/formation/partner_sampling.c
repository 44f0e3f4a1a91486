/* Each thread samples for its share of the elements. Whether a candidate on another rank is connected already is known
 * there: ranks exchange queries and answers until no candidate is. */
#include "sim/formation/partner_sampling.h"

#include <string.h>

#include "base/workspace.h"
#include "comm/mail.h"
#include "net/adjacency/adjacency.h"
#include "net/adjacency/adjacency_search.h"

/* Below it, waking the other threads takes longer than sampling. */
enum { ELEMENTS_WORTH_A_TEAM = 2048 };

/* What all threads work on. */
typedef struct {
    const rw_partner_search *search;
    const rw_searching_elements *elements;
    rw_partner_sampling *sampling;
} task;

static void sample_all(const task *work) {
    int n_threads = work->search->network->partition.n_threads;
    const rw_partner_sampling *sampling = work->sampling;
    size_t n = work->elements->n, threads = (size_t)n_threads;
#pragma omp parallel for num_threads(n_threads) schedule(static, 1) if (n >= ELEMENTS_WORTH_A_TEAM)
    for (int t = 0; t < n_threads; t++) {
        size_t begin = n * (size_t)t / threads, end = n * ((size_t)t + 1) / threads;
        rw_sampler_sample(&sampling->samplers[t], work->elements->items + begin, end - begin, sampling->attempt + begin,
                          sampling->candidates + begin);
    }
}

/* Whether another rank has to check a candidate. */
static bool is_checked_elsewhere(const rw_network *network, const rw_candidate *candidate) {
    if (candidate->projection == RW_NO_PARTNER)
        return false;
    const rw_projection *projection = &network->projections[candidate->projection];
    return !projection->spec->multapses &&
           rw_partition_thread_of(&network->partition, projection->n_targets, candidate->id) < 0;
}

/* Whether there is anything to check: where multapses are allowed, there is not, and the rank of a dendrite knows its
 * synapses. */
static bool any_is_checked(const rw_partner_search *search) {
    const rw_network *network = search->network;
    for (size_t p = 0; !search->by_dendrites && p < network->n_projections; p++)
        if (rw_forms_in_search(&network->projections[p], search->inhibitory) &&
            !network->projections[p].spec->multapses)
            return true;
    return false;
}

static int rank_of(const rw_network *network, const rw_candidate *candidate) {
    uint64_t count = network->populations[network->projections[candidate->projection].target].count;
    return rw_partition_owner(count, candidate->id, network->partition.n_workers) / network->partition.n_threads;
}

/* Asks the ranks of candidates [n] whether they are connected already, three words each: projection, source, target. */
static rw_err write_queries(const task *work, rw_mail *mail, const uint32_t *elements, size_t n) {
    const rw_network *network = work->search->network;
    for (size_t k = 0; k < n; k++) {
        const rw_candidate *candidate = &work->sampling->candidates[elements[k]];
        int rank = rank_of(network, candidate);
        RW_TRY(rw_mail_reserve(mail, rank, 3));
        uint32_t *words = mail->out[rank] + mail->n_out[rank];
        words[0] = candidate->projection;
        words[1] = work->elements->items[elements[k]].id;
        words[2] = candidate->id;
        mail->n_out[rank] += 3;
    }
    return RW_OK;
}

/* Answers each query with a word, in the order in which they came. */
static rw_err write_answers(const rw_network *network, rw_mail *mail) {
    for (int rank = 0; rank < rw_comm_size(network->partition.comm); rank++) {
        size_t from = mail->in_from[rank], n = (mail->in_from[rank + 1] - from) / 3;
        RW_TRY(rw_mail_reserve(mail, rank, n));
        for (size_t k = 0; k < n; k++) {
            const uint32_t *words = mail->in + from + 3 * k;
            uint32_t packed = 0;
            const rw_adjacency *adjacency =
                rw_adjacency_onto(network, &network->projections[words[0]], words[2], &packed);
            RW_ASSERT(adjacency != NULL);
            mail->out[rank][mail->n_out[rank]++] = rw_adjacency_connects(adjacency, words[1], packed);
        }
    }
    return RW_OK;
}

/* Checks the candidates of the elements open [n_here]; those connected already are rejected, and open [n_here] are then
 * their elements, *n_open of all ranks. */
static rw_err check(const task *work, rw_mail *mail, uint32_t *open, size_t *n_here, uint64_t *n_open) {
    const rw_network *network = work->search->network;
    const rw_partner_sampling *sampling = work->sampling;
    uint32_t flags = 0;
    size_t n_checked = 0, n_left = 0;
    for (size_t k = 0; k < *n_here; k++)
        if (is_checked_elsewhere(network, &sampling->candidates[open[k]]))
            open[n_checked++] = open[k];
    RW_TRY(rw_comm_give_up(network->partition.comm, write_queries(work, mail, open, n_checked)));
    RW_TRY(rw_mail_exchange(network->partition.comm, mail, &flags));
    RW_TRY(rw_comm_give_up(network->partition.comm, write_answers(network, mail)));
    RW_TRY(rw_mail_exchange(network->partition.comm, mail, &flags));
    for (size_t k = 0; k < n_checked; k++) {
        const rw_candidate *candidate = &sampling->candidates[open[k]];
        bool connected = mail->in[mail->in_from[rank_of(network, candidate)]++] != 0; /* answers are read once */
        sampling->attempt[open[k]] = connected ? candidate->attempt + 1 : RW_RESOLVED;
        if (connected)
            open[n_left++] = open[k];
    }
    *n_here = *n_open = n_left;
    return rw_comm_reduce(network->partition.comm, n_open, 1, RW_U64, RW_SUM);
}

/* Checks candidates, and samples again for those rejected, until none of any rank is. */
static rw_err check_until_resolved(const task *work) {
    const rw_comm *comm = work->search->network->partition.comm;
    rw_mail mail = {0};
    uint32_t *open = NULL;
    size_t n_here = work->elements->n;
    uint64_t n_open = 1;
    rw_err err = rw_mail_create(&mail, comm);
    if (err == RW_OK)
        err = RW_NEW(open, n_here, "partner search");
    for (size_t k = 0; k < n_here && err == RW_OK; k++)
        open[k] = (uint32_t)k;
    err = rw_comm_agree(comm, err);
    while (err == RW_OK && n_open > 0) {
        err = check(work, &mail, open, &n_here, &n_open);
        if (err == RW_OK && n_here > 0)
            sample_all(work);
    }
    rw_free(open);
    rw_mail_destroy(&mail, comm);
    return err;
}

rw_err rw_partner_sampling_begin(rw_partner_sampling *sampling, const rw_partner_search *search, size_t n) {
    const rw_network *network = search->network;
    RW_TRY(RW_WORKSPACE_RESERVE(&sampling->capacity, n, "partner search", RW_WORKSPACE_ARRAY(sampling->candidates),
                                RW_WORKSPACE_ARRAY(sampling->attempt)));
    RW_TRY(RW_WORKSPACE_RESERVE(&sampling->bounds_capacity, network->n_projections * search->grid.n_boxes,
                                "partner search", RW_WORKSPACE_ARRAY(sampling->bounds)));
    RW_TRY(RW_WORKSPACE_RESERVE(&sampling->n_samplers, (size_t)network->partition.n_threads, "partner search",
                                RW_WORKSPACE_ARRAY(sampling->samplers)));
    if (n > 0)
        memset(sampling->attempt, 0, n * sizeof *sampling->attempt);
    rw_kernel_bounds(search, sampling->bounds);
    for (int t = 0; t < network->partition.n_threads; t++)
        RW_TRY(rw_sampler_begin(&sampling->samplers[t], search, sampling->bounds));
    return RW_OK;
}

rw_err rw_sample_partners(rw_partner_sampling *sampling, const rw_partner_search *search,
                          const rw_searching_elements *elements) {
    const rw_comm *comm = search->network->partition.comm;
    const task work = {.search = search, .elements = elements, .sampling = sampling};
    sample_all(&work);
    return rw_comm_size(comm) > 1 && any_is_checked(search) ? check_until_resolved(&work) : RW_OK;
}

void rw_partner_sampling_destroy(rw_partner_sampling *sampling) {
    for (size_t t = 0; t < sampling->n_samplers; t++)
        rw_sampler_destroy(&sampling->samplers[t]);
    rw_free(sampling->samplers);
    rw_free(sampling->bounds);
    rw_free(sampling->candidates);
    rw_free(sampling->attempt);
    *sampling = (rw_partner_sampling){0};
}
