/* Whose attempts have cost about as much as listing all sites would, chooses among all of them. */
#include "net/adjacency/adjacency.h"
#include "net/adjacency/adjacency_search.h"
#include "net/distance_kernel.h"
#include "net/space.h"
#include "sim/formation/sampling_batch.h"

/* Choices that are connected already before it is looked whether all are. */
enum { FAILED_BEFORE_LOOKING = 8 };

/* The kernel [n] at the distances of sites [n <= RW_CHUNK] from a seeker. */
static void weigh_sites(const rw_chooser *chooser, const rw_projection *projection, const rw_axonal_element *seeker,
                        const rw_vacant_dendrite *sites, size_t n, double *kernel) {
    double from[3][RW_CHUNK], to[3][RW_CHUNK], distance_um[RW_CHUNK];
    const double *from_um[] = {from[0], from[1], from[2]}, *to_um[] = {to[0], to[1], to[2]};
    const rw_kernel *kernels[RW_CHUNK];
    for (size_t k = 0; k < n; k++) {
        kernels[k] = &projection->spec->search;
        for (int d = 0; d < 3; d++) {
            from[d][k] = seeker->at_um[d];
            to[d][k] = sites[k].at_um[d];
        }
    }
    rw_space_distances(chooser->search->network->scenario, from_um, to_um, n, distance_um);
    rw_kernel_values(kernels, distance_um, n, kernel);
}

/* Adds the sites of a projection to sums [n] of kernel x vacancies; what a seeker must not choose has 0. Returns how
 * many sums there are then. */
static size_t list_sites(const rw_chooser *chooser, const rw_projection *projection, const rw_axonal_element *seeker,
                         size_t n) {
    const rw_vacant_dendrites *vacancies = &chooser->search->vacancies[projection->target];
    double kernel[RW_CHUNK], sum = n > 0 ? chooser->listed[n - 1] : 0.0;
    for (uint32_t first = 0, end; first < vacancies->n; first = end) {
        end = vacancies->n - first < RW_CHUNK ? vacancies->n : first + RW_CHUNK;
        weigh_sites(chooser, projection, seeker, vacancies->sites + first, end - first, kernel);
        for (uint32_t k = first; k < end; k++) {
            const rw_vacant_dendrite *site = &vacancies->sites[k];
            sum += rw_may_pair(projection, seeker, site) ? kernel[k - first] * site->vacant : 0.0;
            chooser->listed[n++] = sum;
        }
    }
    return n;
}

/* Lists those of all projections that the seeker is a source of. */
static size_t list_all_sites(const rw_chooser *chooser, const rw_axonal_element *seeker) {
    const rw_network *network = chooser->search->network;
    size_t n = 0;
    for (size_t p = 0; p < network->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        if (projection->source == seeker->population && rw_partner_concerns(projection, chooser->search->inhibitory))
            n = list_sites(chooser, projection, seeker, n);
    }
    return n;
}

/* The first of n sums that is more than x; there is one. */
static size_t first_beyond(const double *sums, size_t n, double x) {
    size_t low = 0;
    for (size_t half = n / 2; n > 1; half = n / 2) {
        low += sums[low + half - 1] <= x ? half : 0;
        n -= half;
    }
    return low;
}

/* The proposal to number `chosen` of list_all_sites. */
static rw_candidate propose_listed(const rw_chooser *chooser, const rw_axonal_element *seeker, size_t chosen) {
    const rw_network *network = chooser->search->network;
    for (uint32_t p = 0;; p++) {
        const rw_projection *projection = &network->projections[p];
        const rw_vacant_dendrites *vacancies = &chooser->search->vacancies[projection->target];
        if (projection->source != seeker->population || !rw_partner_concerns(projection, chooser->search->inhibitory))
            continue;
        if (chosen < vacancies->n)
            return (rw_candidate){.projection = p, .site = (uint32_t)chosen, .target = vacancies->sites[chosen].id};
        chosen -= vacancies->n;
    }
}

/* Whether any of n listed sites is one that the seeker is not connected with already, as far as this rank knows. */
static bool any_is_free(const rw_chooser *chooser, const rw_axonal_element *seeker, size_t n) {
    const rw_network *network = chooser->search->network;
    for (size_t k = 0; k < n; k++) {
        if (chooser->listed[k] <= (k > 0 ? chooser->listed[k - 1] : 0.0))
            continue;
        rw_candidate it = propose_listed(chooser, seeker, k);
        uint32_t word = 0;
        const rw_adjacency *adjacency =
            rw_partner_rows_to_ask(network, &network->projections[it.projection], it.target, &word);
        if (adjacency == NULL || !rw_adjacency_connects(adjacency, seeker->id, word))
            return true;
    }
    return false;
}

void rw_chooser_choose_listed(const rw_chooser *chooser, const rw_axonal_element *seeker, uint32_t attempt,
                              rw_candidate *proposal) {
    const rw_partner_search *search = chooser->search;
    const rw_network *network = search->network;
    size_t n = list_all_sites(chooser, seeker);
    double total = n > 0 ? chooser->listed[n - 1] : 0.0;
    for (uint32_t failed = 0; total > 0.0 && attempt < RW_MOST_ATTEMPTS; attempt++, failed++) {
        if (failed == FAILED_BEFORE_LOOKING && !any_is_free(chooser, seeker, n))
            return;
        rw_bits bits = rw_draw(rw_attempt_stream(search, attempt), rw_seeker_name(network, seeker), search->step);
        double x = rw_uniform64(bits.word[0], bits.word[1]) * total;
        rw_candidate it = propose_listed(chooser, seeker, first_beyond(chooser->listed, n, x));
        it.key = bits.word[3] & RW_KEY_MASK;
        it.attempt = attempt;
        uint32_t word = 0;
        const rw_adjacency *adjacency =
            rw_partner_rows_to_ask(network, &network->projections[it.projection], it.target, &word);
        if (adjacency != NULL && rw_adjacency_connects(adjacency, seeker->id, word))
            continue;
        *proposal = it;
        return;
    }
}
