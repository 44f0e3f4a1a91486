/* Partner search: a searching element samples a partner, a cell with vacant elements of the other side, with
 * probability in proportion to kernel(distance) x vacant elements of the partner, exactly, at a cost that does not grow
 * with their number. Axonal elements search for dendrites, or dendritic elements for axons (rw_search_by_dendrites).
 *
 * Space is cut into boxes. For the searching elements of a box, boxes of partners are drawn in proportion to an upper
 * bound of kernel x vacancies, then a vacancy in the box, each as likely, and the draw is accepted with probability
 * kernel / bound, else repeated: rejection sampling. Both draws look up a guide table (Chen & Asau 1974, AIIE Trans
 * 6:163), so they take two steps on average whatever there is to draw from. */
#ifndef RW_SIM_PARTNER_SEARCH_H
#define RW_SIM_PARTNER_SEARCH_H

#include "base/random.h"
#include "net/adjacency/adjacency.h"
#include "net/spatial_grid.h"
#include "sim/formation/vacant_elements.h"

/* One round of sampling, as all that take part in it see it. */
typedef struct {
    const rw_network *network;
    uint64_t step;
    bool inhibitory;
    bool by_dendrites; /* who searches */
    uint32_t round;
    rw_spatial_grid grid;
    const rw_vacant_partners *partners; /* [n_populations] of all ranks */
} rw_partner_search;

/* The partner that a searching element has sampled. */
typedef struct {
    uint32_t projection;  /* RW_NO_PARTNER: there is none */
    uint32_t id, partner; /* of the cell; index among the partners of its population */
    uint32_t key;         /* of those that compete for a partner the smallest win */
    uint32_t attempt;     /* that was accepted */
} rw_candidate;

#define RW_NO_PARTNER UINT32_MAX

/* Whether synapses of a projection form in the search for partners of one class. */
static inline bool rw_forms_in_search(const rw_projection *projection, bool inhibitory) {
    return projection->spec->structural && projection->spec->inhibitory == inhibitory;
}

/* The populations of a projection's elements that search, and that are searched. */
static inline uint32_t rw_searching_population(bool by_dendrites, const rw_projection *projection) {
    return by_dendrites ? projection->target : projection->source;
}

static inline uint32_t rw_searched_population(bool by_dendrites, const rw_projection *projection) {
    return by_dendrites ? projection->source : projection->target;
}

/* Source and target of a synapse between a cell that searched and its partner. */
typedef struct {
    uint32_t source, target;
} rw_synapse_ends;

static inline rw_synapse_ends rw_ends_of_pair(bool by_dendrites, uint32_t searching, uint32_t partner) {
    return by_dendrites ? (rw_synapse_ends){.source = partner, .target = searching}
                        : (rw_synapse_ends){.source = searching, .target = partner};
}

/* This rank's adjacency that has the synapses onto a target, and *packed, the target in it; NULL: another rank has it.
 */
static inline rw_adjacency *rw_adjacency_onto(const rw_network *network, const rw_projection *projection,
                                              uint64_t target, uint32_t *packed) {
    if (network->partition.n_workers == 1) { /* the most common case: nothing to divide */
        *packed = (uint32_t)target;
        return &projection->adjacency[0];
    }
    int thread = rw_partition_thread_of(&network->partition, projection->n_targets, target);
    if (thread < 0)
        return NULL;
    /* all delays are equal, so that the packed target is the target's index in the slice */
    *packed = (uint32_t)(target - rw_partition_thread_slice(&network->partition, projection->n_targets, thread).begin);
    return &projection->adjacency[thread];
}

/* The same if a synapse with the target must not exist already; NULL if multapses are allowed, or another rank has to
 * check that. */
static inline rw_adjacency *rw_adjacency_to_check(const rw_network *network, const rw_projection *projection,
                                                  uint64_t target, uint32_t *packed) {
    return projection->spec->multapses ? NULL : rw_adjacency_onto(network, projection, target, packed);
}

/* Bits of an attempt's last random word that are the candidate's key; the others draw the box. */
#define RW_KEY_MASK 0xFFFFFFu

/* The stream of the attempts of that number. */
static inline rw_stream rw_attempt_stream(const rw_partner_search *search, uint32_t attempt) {
    return rw_stream_of(search->network->scenario->seed, RW_PURPOSE_PARTNER,
                        (uint32_t)search->inhibitory | search->round << 1 | attempt << 8);
}

/* The name of a searching element in that stream. */
static inline uint64_t rw_searching_element_name(const rw_network *network, const rw_searching_element *element) {
    return (network->populations[element->population].first_gid + element->id) | (uint64_t)(element->number & 0xFFFFu)
                                                                                     << 32;
}

/* Whether there may be a synapse between an element and a partner at all. */
static inline bool rw_may_form(const rw_projection *projection, const rw_searching_element *element,
                               const rw_vacant_partner *partner) {
    return projection->spec->autapses || element->id != partner->id || projection->source != projection->target;
}

#endif
