/* How seekers choose: a chooser belongs to one thread. */
#ifndef RW_SIM_CHOOSE_H
#define RW_SIM_CHOOSE_H

#include "sim/formation/partner_search.h"

/* What the seekers of one population and box choose from: the boxes of every projection that they are sources of. */
typedef struct {
    uint32_t population, box;
    uint32_t users;   /* seekers that are choosing from it now */
    uint64_t n_sites; /* in all boxes */
    uint32_t n_projections;
    uint32_t *projections; /* [n_projections] */
    uint32_t n;            /* n_projections x boxes of the grid; 0: all are out of reach, or have no vacancy */
    double *most;          /* [n] that the kernel can be in a box */
    double *cumulative;    /* [n] most x vacancies up to and with box k */
    uint32_t *guide;       /* [n + 2] for draws from k / n of all on: where to begin to look for the box */
} rw_choice_table;

/* Boxes whose seekers choose side by side: where there are few seekers to a box, memory is still asked ahead. */
enum { RW_CHOICE_TABLES = 8 };

/* A seeker whose attempts have cost about as much as listing all sites would, goes over to that; where they are too
 * many to list, it gives up for this update. */
enum { RW_MOST_LISTED = 32768, RW_SITES_PER_ATTEMPT = 8, RW_MOST_ATTEMPTS = RW_MOST_LISTED / RW_SITES_PER_ATTEMPT };

typedef struct rw_chooser {
    const rw_partner_search *search;
    const double *bounds; /* of rw_kernel_bounds */
    rw_choice_table tables[RW_CHOICE_TABLES];
    uint32_t boxes_room; /* of tables, for each projection, and of apart */
    uint32_t *apart[3];  /* how far boxes along each side are from that of the seekers: parts of an index in bounds */
    double *listed;      /* [listed_room] for one who chooses among all sites */
    size_t listed_room;
} rw_chooser;

/* Attempt of a seeker that has chosen, or found nobody. */
#define RW_SETTLED UINT32_MAX

/* The most that the kernels of all projections that take part can be, by how far boxes are apart: bounds
 * [n_projections x n_boxes]. */
void rw_kernel_bounds(const rw_partner_search *search, double *bounds);

/* Prepares a chooser, which is zeroed at first, for a search. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_chooser_begin(rw_chooser *chooser, const rw_partner_search *search, const double *bounds);

/* Frees it; a zeroed one is fine. */
void rw_chooser_destroy(rw_chooser *chooser);

/* The table of a seeker's population and box, made if there is none; NULL if all are in use. */
rw_choice_table *rw_chooser_table(rw_chooser *chooser, const rw_axonal_element *seeker);

/* Lets seekers [n], sorted by population and box, choose that are not settled, from attempt[k] on; choices that this
 * rank knows to be connected already are not made. */
void rw_chooser_choose(rw_chooser *chooser, const rw_axonal_element *seekers, size_t n, uint32_t *attempt,
                       rw_candidate *proposals);

/* choose_listed.c: lets a seeker choose among all sites, listed, from an attempt on: none is rejected but for being
 * connected. */
void rw_chooser_choose_listed(const rw_chooser *chooser, const rw_axonal_element *seeker, uint32_t attempt,
                              rw_candidate *proposal);

#endif
