/* Pairing of vacant elements: what its files share. It is kept from update to update, so that nothing is allocated once
 * there is room enough. */
#ifndef RW_SIM_PAIRING_H
#define RW_SIM_PAIRING_H

#include "sim/formation/partner_search.h"

/* A proposal as it travels: whose, and what number the source's next synapse has. */
typedef struct {
    uint32_t projection, site, key;
    uint32_t source, element, serial;
    uint32_t seeker; /* on its rank */
    int32_t rank;
} rw_offer;

struct rw_pairing {
    rw_structure *structure;
    uint64_t step;
    bool inhibitory;
    rw_element side;                /* dendritic element of this class */
    rw_vacant_list vacant;          /* of a population of this rank */
    rw_vacant_dendrites *vacancies; /* [n_populations] of all ranks */
    rw_axonal_elements seekers;     /* of this rank */
    rw_sampling proposing;
    rw_offer *offers; /* [n_offers] of all ranks, in the order of sites and keys */
    size_t n_offers, offers_room;
    rw_offer *spare;      /* [offers_room] for sorting */
    uint32_t *offers_end; /* [sites_room] of each site, for sorting */
    size_t sites_room;
};

/* offers.c: makes the proposals of every rank offers known to all, sorted by site and key. Collective. Errors:
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_pairing_share_offers(rw_pairing *pairing);

#endif
