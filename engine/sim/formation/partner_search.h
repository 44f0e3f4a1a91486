/* Partner search: a vacant axonal element chooses a vacant dendritic element with probability in proportion to
 * kernel(distance) x vacant elements of the dendrite, exactly, at a cost that does not grow with their number.
 *
 * Space is cut into boxes. For the seekers of a box, target boxes are chosen in proportion to an upper bound of
 * kernel x vacancies, then a vacancy in the box, each as likely, and the choice is accepted with probability
 * kernel / bound, else repeated. Both choices look up a guide table (Chen & Asau 1974, AIIE Trans 6:163), so they take
 * two steps on average whatever there is to choose from. */
#ifndef RW_SIM_PARTNER_H
#define RW_SIM_PARTNER_H

#include "net/adjacency/adjacency.h"
#include "sim/elements/structure.h"

/* Boxes of equal size; one box without space or kernel. */
typedef struct {
    uint32_t n[3];     /* boxes along each side */
    double side_um[3]; /* of a box; 0 in dimensions that are not cut */
    bool periodic;
    uint32_t n_boxes;
} rw_grid;

/* A dendrite with vacant elements. */
typedef struct {
    double at_um[3];
    uint64_t before; /* vacancies of the sites before it */
    uint32_t id, vacant;
} rw_vacant_dendrite;

/* The vacant elements in a box. */
typedef struct {
    uint64_t first, vacant; /* those before it, and its own */
} rw_vacant_box;

/* The vacant dendritic elements of one population, of all ranks. */
typedef struct {
    rw_vacant_dendrite *sites; /* [n + 1] box after box; the last one only ends the vacancies of the one before it */
    uint32_t n, room;
    size_t first_site;    /* number of the first site among those of all populations */
    rw_vacant_box *boxes; /* [n_boxes] of the grid */
    uint32_t *guide;      /* [] the site of each 2^guide_shift-th vacancy */
    unsigned guide_shift;
    rw_vacant_dendrite *spare; /* [room] for sorting */
    uint32_t *box_of;          /* [room] for sorting */
    uint32_t *start;           /* [boxes_room + 2] for sorting */
    uint32_t boxes_room;
} rw_vacant_dendrites;

/* A vacant axonal element looking for a partner. */
typedef struct {
    double at_um[3];
    uint32_t population, box;
    uint32_t id, element; /* 0 .. of this axon */
} rw_axonal_element;

/* Those of this rank. */
typedef struct {
    rw_axonal_element *items; /* [n] box after box of each population */
    bool *done;               /* [n] have found their partner since they were sorted */
    size_t n, room;
    rw_axonal_element *spare; /* [room] for sorting */
    size_t *end;              /* [end_room] for sorting */
    size_t end_room;
} rw_axonal_elements;

/* What a seeker chose. */
typedef struct {
    uint32_t projection;   /* RW_NO_PARTNER: found none */
    uint32_t target, site; /* its id, and number among the sites of its population */
    uint32_t key;          /* contest among seekers of one dendrite: smallest wins */
    uint32_t attempt;      /* that made the choice */
} rw_candidate;

#define RW_NO_PARTNER UINT32_MAX

typedef struct {
    const rw_network *network;
    uint64_t step;
    bool inhibitory;
    uint32_t round;
    rw_grid grid;
    const rw_vacant_dendrites *vacancies; /* [n_populations] of all ranks */
} rw_partner_search;

/* Whether synapses of a projection form in the search for partners of one class. */
static inline bool rw_partner_concerns(const rw_projection *projection, bool inhibitory) {
    return projection->spec->structural && projection->spec->inhibitory == inhibitory;
}

/* Cuts the space for about `n` seekers. */
rw_grid rw_grid_create(const rw_network *network, bool inhibitory, uint64_t n);

/* Adds a site to a list, if it has any vacancy; the list is zeroed at first, and emptied by n = 0. Errors:
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_vacant_dendrites_add(rw_vacant_dendrites *vacancies, const rw_network *network,
                                             uint32_t population, rw_vacant vacant);

/* Leaves out the sites that have no vacancy left. */
void rw_vacant_dendrites_drop_full(rw_vacant_dendrites *vacancies);

/* Groups the sites by box. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_vacant_dendrites_sort(rw_vacant_dendrites *vacancies, const rw_grid *grid);

/* Frees the lists; zeroed vacancies are fine. */
void rw_vacant_dendrites_destroy(rw_vacant_dendrites *vacancies);

/* Adds a seeker for each of an axon's vacant elements to a list, which is zeroed at first, and emptied by n = 0.
 * Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_axonal_elements_add(rw_axonal_elements *seekers, const rw_network *network, uint32_t population,
                                            rw_vacant axon);

/* Puts seekers in the order (population, box); none is done then. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_axonal_elements_sort(rw_axonal_elements *seekers, size_t n_populations, const rw_grid *grid);

/* Leaves out the seekers that are done. */
void rw_axonal_elements_drop_done(rw_axonal_elements *seekers);

/* Frees the lists; zeroed seekers are fine. */
void rw_axonal_elements_destroy(rw_axonal_elements *seekers);

/* What seekers choose with, kept from search to search; zeroed at first. */
typedef struct {
    rw_candidate *proposals; /* [seekers] what they chose */
    uint32_t *next;          /* [seekers] attempt to go on with */
    size_t room;             /* of both */
    double *bounds;          /* [bounds_room] of kernels */
    size_t bounds_room;
    struct rw_chooser *choosers; /* [n_choosers] one for each thread */
    int n_choosers;
} rw_sampling;

/* Lets every seeker of this rank choose: proposing->proposals [seekers->n]. Seekers and vacancies are sorted by the
 * grid of the search. No choice is connected already, if its projection has no multapses. Parallel, and the same for
 * any team. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sample_partners(const rw_partner_search *search, const rw_axonal_elements *seekers,
                                        rw_sampling *proposing);

/* Frees what it keeps. */
void rw_sampling_destroy(rw_sampling *proposing);

/* The rows of this rank that have the synapses onto a target; NULL if the target belongs to another rank. *word becomes
 * the target's in these rows. */
rw_adjacency *rw_partner_rows(const rw_network *network, const rw_projection *projection, uint64_t target,
                              uint32_t *word);

/* Those rows if they tell whether a choice stands; NULL if multapses are allowed, or the target is of another rank,
 * which will be asked. */
static inline rw_adjacency *rw_partner_rows_to_ask(const rw_network *network, const rw_projection *projection,
                                                   uint64_t target, uint32_t *word) {
    return projection->spec->multapses ? NULL : rw_partner_rows(network, projection, target, word);
}

#endif
