/* Formation of synapses: vacant axonal and dendritic elements pair.
 *
 * In each round every axonal element that is still vacant samples a vacant dendrite, in proportion to
 * kernel(distance) x vacant elements, and requests a synapse with it; a dendrite accepts as many requests as it has
 * vacant elements, those with the smallest keys; the other elements try again in the next round with what is left.
 *
 * Ranks exchange their vacant dendrites once, and their requests in each round; then all accept the same ones. */
#ifndef RW_SIM_FORMATION_H
#define RW_SIM_FORMATION_H

#include "sim/connectivity_update.h"
#include "sim/formation/creation_requests.h"
#include "sim/formation/partner_sampling.h"

/* The workspace of formation, kept from update to update. */
typedef struct {
    rw_vacant_list vacant;          /* cells of one population of this rank */
    rw_vacant_dendrites *dendrites; /* [n_populations] of all ranks */
    size_t n_populations;
    rw_axonal_elements elements; /* of this rank */
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
