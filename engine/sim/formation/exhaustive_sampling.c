#include "sim/formation/exhaustive_sampling.h"

#include "base/workspace.h"
#include "net/adjacency/adjacency.h"
#include "net/adjacency/adjacency_search.h"
#include "net/distance_kernel.h"
#include "net/space.h"

/* Samples that are connected already before it is checked whether all partners are. */
enum { REJECTED_BEFORE_CHECK = 8 };

rw_err rw_partner_list_reserve(rw_partner_list *list, const rw_partner_search *search) {
    const rw_network *network = search->network;
    uint64_t n = 0;
    for (size_t p = 0; p < network->n_projections; p++)
        n += search->partners[rw_searched_population(search->by_dendrites, &network->projections[p])].n;
    return RW_WORKSPACE_RESERVE(&list->capacity, n < RW_MOST_LISTED ? n : RW_MOST_LISTED, "partner search",
                                RW_WORKSPACE_ARRAY(list->sums));
}

/* The kernel [n] at the distances of partners [n <= RW_CHUNK] from an element. */
static void weigh(const rw_network *network, const rw_projection *projection, const rw_searching_element *element,
                  const rw_vacant_partner *partners, size_t n, double *kernel) {
    double from[3][RW_CHUNK], to[3][RW_CHUNK], distance_um[RW_CHUNK];
    const double *from_um[] = {from[0], from[1], from[2]}, *to_um[] = {to[0], to[1], to[2]};
    const rw_kernel *kernels[RW_CHUNK];
    for (size_t k = 0; k < n; k++) {
        kernels[k] = &projection->spec->search;
        for (int d = 0; d < 3; d++) {
            from[d][k] = element->at_um[d];
            to[d][k] = partners[k].at_um[d];
        }
    }
    rw_space_distances(network->scenario, from_um, to_um, n, distance_um);
    rw_kernel_values(kernels, distance_um, n, kernel);
}

/* Adds the partners of a projection to the sums [n]; what an element must not meet has weight 0. Returns how many sums
 * there are then. */
static size_t list_projection(rw_partner_list *list, const rw_partner_search *search, const rw_projection *projection,
                              const rw_searching_element *element, size_t n) {
    const rw_vacant_partners *partners = &search->partners[rw_searched_population(search->by_dendrites, projection)];
    double kernel[RW_CHUNK], sum = n > 0 ? list->sums[n - 1] : 0.0;
    for (uint32_t first = 0, end; first < partners->n; first = end) {
        end = partners->n - first < RW_CHUNK ? partners->n : first + RW_CHUNK;
        weigh(search->network, projection, element, partners->items + first, end - first, kernel);
        for (uint32_t k = first; k < end; k++) {
            const rw_vacant_partner *partner = &partners->items[k];
            sum += rw_may_form(projection, element, partner) ? kernel[k - first] * partner->vacant : 0.0;
            list->sums[n++] = sum;
        }
    }
    return n;
}

static bool is_source(const rw_partner_search *search, const rw_projection *projection,
                      const rw_searching_element *element) {
    return rw_searching_population(search->by_dendrites, projection) == element->population &&
           rw_forms_in_search(projection, search->inhibitory);
}

/* Lists those of all projections that the element is a source of. */
static size_t list_all(rw_partner_list *list, const rw_partner_search *search, const rw_searching_element *element) {
    const rw_network *network = search->network;
    size_t n = 0;
    for (size_t p = 0; p < network->n_projections; p++)
        if (is_source(search, &network->projections[p], element))
            n = list_projection(list, search, &network->projections[p], element, n);
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

/* Entry k of the list. */
static rw_candidate candidate_of(const rw_partner_search *search, const rw_searching_element *element, size_t k) {
    const rw_network *network = search->network;
    for (uint32_t p = 0;; p++) {
        const rw_vacant_partners *partners =
            &search->partners[rw_searched_population(search->by_dendrites, &network->projections[p])];
        if (!is_source(search, &network->projections[p], element))
            continue;
        if (k < partners->n)
            return (rw_candidate){.projection = p, .partner = (uint32_t)k, .id = partners->items[k].id};
        k -= partners->n;
    }
}

/* Whether an element is connected with a candidate already and must not be twice, as far as this rank knows. */
static bool is_connected(const rw_partner_search *search, const rw_searching_element *element,
                         const rw_candidate *candidate) {
    uint32_t packed = 0;
    rw_synapse_ends ends = rw_ends_of_pair(search->by_dendrites, element->id, candidate->id);
    const rw_adjacency *adjacency = rw_adjacency_to_check(
        search->network, &search->network->projections[candidate->projection], ends.target, &packed);
    return adjacency != NULL && rw_adjacency_connects(adjacency, ends.source, packed);
}

static bool any_is_free(const rw_partner_list *list, const rw_partner_search *search,
                        const rw_searching_element *element, size_t n) {
    for (size_t k = 0; k < n; k++) {
        if (list->sums[k] <= (k > 0 ? list->sums[k - 1] : 0.0))
            continue;
        rw_candidate candidate = candidate_of(search, element, k);
        if (!is_connected(search, element, &candidate))
            return true;
    }
    return false;
}

void rw_sample_exhaustively(rw_partner_list *list, const rw_partner_search *search, const rw_searching_element *element,
                            uint32_t attempt, rw_candidate *candidate) {
    size_t n = list_all(list, search, element);
    double total = n > 0 ? list->sums[n - 1] : 0.0;
    for (uint32_t rejected = 0; total > 0.0 && attempt < RW_MOST_ATTEMPTS; attempt++, rejected++) {
        if (rejected == REJECTED_BEFORE_CHECK && !any_is_free(list, search, element, n))
            return;
        rw_bits bits = rw_draw(rw_attempt_stream(search, attempt), rw_searching_element_name(search->network, element),
                               search->step);
        double x = rw_uniform64(bits.word[0], bits.word[1]) * total;
        rw_candidate sampled = candidate_of(search, element, first_beyond(list->sums, n, x));
        sampled.key = bits.word[3] & RW_KEY_MASK;
        sampled.attempt = attempt;
        if (is_connected(search, element, &sampled))
            continue;
        *candidate = sampled;
        return;
    }
}
