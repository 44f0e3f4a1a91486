/* Formation of synapses: vacant axonal and dendritic elements pair.
 *
 * One side searches. In each round every element of it that is still vacant samples a partner, a cell of the other side
 * with vacant elements, in proportion to kernel(distance) x vacant elements, and requests a synapse with it; a partner
 * accepts as many requests as it has vacant elements, those with the smallest keys; the other elements try again in the
 * next round with what is left.
 *
 * Axonal elements search, as in Butz & van Ooyen 2013 (PLoS Comput Biol 9:e1003259), unless they are more than twice as
 * many as dendritic ones. Then the latter do, for two reasons. Most of the axonal elements cannot find a partner: were
 * they to search, those far from the few dendrites would ask as often as those nearby, and the synapses that form would
 * be longer than the kernel says, the more so the shorter the interval between updates. And an update would cost as
 * much as there are vacant elements, instead of synapses that form.
 *
 * Ranks exchange the vacant elements of the side that is searched once, and their requests in each round; then all
 * accept the same ones. */
#ifndef RW_SIM_FORMATION_H
#define RW_SIM_FORMATION_H

#include "sim/connectivity_update.h"
#include "sim/formation/creation_requests.h"
#include "sim/formation/former_partners.h"
#include "sim/formation/partner_sampling.h"

/* What formation keeps from update to update: its workspace, and former partners. */
typedef struct {
    rw_vacant_list vacant;        /* cells of one population of this rank */
    rw_vacant_partners *partners; /* [n_populations] of all ranks */
    size_t n_populations;
    rw_former_partners former;      /* a state, not a workspace */
    rw_searching_elements elements; /* of this rank */
    rw_partner_sampling sampling;
    rw_creation_requests requests;
} rw_formation;

/* Fills a zeroed workspace; after an error it is to be destroyed. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_formation_create(rw_formation *formation, const rw_network *network);

/* Frees what it holds; a zeroed one is fine. */
void rw_formation_destroy(rw_formation *formation);

/* Forms the synapses of one kind of dendritic element. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_form_synapses(rw_formation *formation, const rw_connectivity_update *update,
                                      rw_element dendrite);

#endif
