/* Proposals of all ranks, in the order in which dendrites look at them. */
#include <stdlib.h>
#include <string.h>

#include "sim/formation/formation.h"

/* So few offers to a site are sorted by insertion. */
enum { FEW = 16 };

/* Among those of one site. */
static int by_key(const void *left, const void *right) {
    const rw_offer *a = left, *b = right;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    if (a->projection != b->projection)
        return a->projection < b->projection ? -1 : 1;
    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    return a->element < b->element ? -1 : a->element > b->element;
}

static void sort_site(rw_offer *offers, size_t n) {
    if (n > FEW) {
        qsort(offers, n, sizeof *offers, by_key);
        return;
    }
    for (size_t k = 1; k < n; k++) {
        rw_offer it = offers[k];
        size_t to = k;
        for (; to > 0 && by_key(&offers[to - 1], &it) > 0; to--)
            offers[to] = offers[to - 1];
        offers[to] = it;
    }
}

static rw_err make_offers(rw_pairing *work, size_t n) {
    if (n <= work->offers_room)
        return RW_OK;
    rw_free(work->offers);
    rw_free(work->spare);
    work->spare = NULL;
    work->offers_room = 0;
    RW_TRY(RW_NEW(work->offers, n + n / 2, "partner search"));
    RW_TRY(RW_NEW(work->spare, n + n / 2, "partner search"));
    work->offers_room = n + n / 2;
    return RW_OK;
}

static rw_err make_sites(rw_pairing *work, size_t n) {
    if (n <= work->sites_room)
        return RW_OK;
    rw_free(work->offers_end);
    work->sites_room = 0;
    RW_TRY(RW_NEW(work->offers_end, n + n / 2, "partner search"));
    work->sites_room = n + n / 2;
    return RW_OK;
}

/* Puts offers [n_offers] in the order of the sites of all populations, by counting, and those of one site by their
 * keys. */
static rw_err sort_offers(rw_pairing *work, const rw_offer *offers) {
    const rw_network *network = work->structure->network;
    size_t n_sites = 0;
    for (size_t p = 0; p < network->n_populations; p++) {
        work->vacancies[p].first_site = n_sites;
        n_sites += work->vacancies[p].n;
    }
    RW_TRY(make_sites(work, n_sites + 1));
    uint32_t *end = work->offers_end;
    memset(end, 0, (n_sites + 1) * sizeof *end);
    for (size_t k = 0; k < work->n_offers; k++)
        end[work->vacancies[network->projections[offers[k].projection].target].first_site + offers[k].site + 1]++;
    for (size_t site = 0; site < n_sites; site++)
        end[site + 1] += end[site];
    for (size_t k = 0; k < work->n_offers; k++) {
        size_t site = work->vacancies[network->projections[offers[k].projection].target].first_site + offers[k].site;
        work->offers[end[site]++] = offers[k];
    }
    for (size_t site = 0, begin = 0; site < n_sites; begin = end[site++])
        sort_site(work->offers + begin, end[site] - begin);
    return RW_OK;
}

/* The offers of this rank's seekers; there is room. */
static size_t list_offers(const rw_pairing *work, rw_offer *offers) {
    const rw_network *network = work->structure->network;
    int rank = rw_comm_rank(network->partition.comm);
    size_t n = 0;
    for (size_t k = 0; k < work->seekers.n; k++) {
        const rw_candidate *proposal = &work->proposing.proposals[k];
        const rw_axonal_element *seeker = &work->seekers.items[k];
        if (proposal->projection != RW_NO_PARTNER)
            offers[n++] = (rw_offer){.projection = proposal->projection,
                                     .site = proposal->site,
                                     .key = proposal->key,
                                     .source = seeker->id,
                                     .element = seeker->element,
                                     .serial = network->projections[proposal->projection].next_serial[seeker->id],
                                     .seeker = (uint32_t)k,
                                     .rank = rank};
    }
    return n;
}

rw_err rw_pairing_share_offers(rw_pairing *work) {
    const rw_network *network = work->structure->network;
    int rank = rw_comm_rank(network->partition.comm);
    rw_offer *all = NULL;
    RW_TRY(rw_comm_agree(network->partition.comm, make_offers(work, work->seekers.n)));
    work->n_offers = list_offers(work, work->spare);
    if (rw_comm_size(network->partition.comm) == 1)
        return sort_offers(work, work->spare);
    RW_TRY(rw_comm_share(network->partition.comm, work->spare, work->n_offers, sizeof *work->spare, &all,
                         &work->n_offers));
    rw_err err = make_offers(work, work->n_offers);
    if (err == RW_OK)
        err = sort_offers(work, all);
    rw_free(all);
    err = rw_comm_agree(network->partition.comm, err);
    for (size_t k = 0; k < work->n_offers && err == RW_OK; k++) {
        const rw_offer *it = &work->offers[k];
        if (it->rank != rank) /* of cells elsewhere it is known from here only */
            network->projections[it->projection].next_serial[it->source] = it->serial;
    }
    return err;
}
