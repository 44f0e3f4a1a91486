/* Whose attempts have cost about as much as listing all sites would, chooses among all of them. */
#include "sim/rewiring/lanes.h"

/* Lists kernel x vacancies of all sites, as sums; what a seeker must not choose has 0. Returns their number. */
static size_t list_sites(const rw_chooser *chooser, const rw_seeker *seeker) {
    const rw_network *network = chooser->search->network;
    double sum = 0.0;
    size_t n = 0;
    for (size_t p = 0; p < network->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        const rw_vacancies *vacancies = &chooser->search->vacancies[projection->target];
        if (projection->source != seeker->population || !rw_partner_concerns(projection, chooser->search->inhibitory))
            continue;
        for (uint32_t k = 0; k < vacancies->n; k++) {
            const rw_vacant_site *site = &vacancies->sites[k];
            double distance_um = rw_space_distance(network->scenario, seeker->at_um, site->at_um);
            if (rw_may_pair(projection, seeker, site))
                sum += rw_kernel_value(&projection->spec->search, distance_um) * site->vacant;
            chooser->listed[n++] = sum;
        }
    }
    return n;
}

/* The proposal to number `chosen` of list_sites. */
static rw_proposal propose_listed(const rw_chooser *chooser, const rw_seeker *seeker, size_t chosen) {
    const rw_network *network = chooser->search->network;
    for (uint32_t p = 0;; p++) {
        const rw_projection *projection = &network->projections[p];
        const rw_vacancies *vacancies = &chooser->search->vacancies[projection->target];
        if (projection->source != seeker->population || !rw_partner_concerns(projection, chooser->search->inhibitory))
            continue;
        if (chosen < vacancies->n)
            return (rw_proposal){.projection = p, .site = (uint32_t)chosen, .target = vacancies->sites[chosen].id};
        chosen -= vacancies->n;
    }
}

void rw_chooser_choose_listed(const rw_chooser *chooser, const rw_seeker *seeker, uint32_t attempt,
                              rw_proposal *proposal) {
    const rw_partner_search *search = chooser->search;
    const rw_network *network = search->network;
    size_t n = list_sites(chooser, seeker), chosen = 0;
    double total = n > 0 ? chooser->listed[n - 1] : 0.0;
    for (; total > 0.0 && attempt < RW_MOST_ATTEMPTS; attempt++) {
        rw_bits bits = rw_draw(rw_attempt_stream(search, attempt), rw_seeker_name(network, seeker), search->step);
        double x = rw_uniform64(bits.word[0], bits.word[1]) * total;
        for (chosen = 0; chooser->listed[chosen] <= x;)
            chosen++;
        rw_proposal it = propose_listed(chooser, seeker, chosen);
        it.key = bits.word[3] & RW_KEY_MASK;
        it.attempt = attempt;
        uint32_t word = 0;
        const rw_rows *rows = rw_partner_rows_to_ask(network, &network->projections[it.projection], it.target, &word);
        if (rows != NULL && rw_rows_connect(rows, seeker->id, word))
            continue;
        *proposal = it;
        return;
    }
}
