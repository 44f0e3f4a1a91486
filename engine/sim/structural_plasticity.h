/* Structural plasticity: elements grow, and at intervals synapses are deleted and formed (Butz & van Ooyen 2013, PLoS
 * Comput Biol 9:e1003259).
 *
 * Ranks exchange the cells with excess or vacant elements, the synapses that may be deleted, and the requests to create
 * some; never the network. All ranks decide in the same way from what they all have received. */
#ifndef RW_SIM_STRUCTURAL_PLASTICITY_H
#define RW_SIM_STRUCTURAL_PLASTICITY_H

#include "sim/connectivity_update.h"
#include "sim/formation/formation.h"

typedef struct {
    rw_network *network;
    rw_structure structure;
    rw_formation formation;    /* kept from update to update */
    rw_edge_event_log events;  /* of the last update of connectivity, of all ranks */
    uint64_t created, deleted; /* synapses since the start, also by lesions */
    rw_row_synchroniser plastic_rows;
} rw_structural_plasticity;

/* Prepares structural plasticity of the network, or *structural = NULL if nothing in its scenario grows. Collective.
 * Errors: RW_ERR_SYSTEM, RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_structural_plasticity_create(rw_structural_plasticity **structural, rw_network *network);

/* Frees it; *structural may be NULL and becomes NULL. */
void rw_structural_plasticity_destroy(rw_structural_plasticity **structural);

/* Update of connectivity at biological time `time`, in steps; `events` then lists what changed: deletions in
 * (projection, uid) order, then creations. Collective; every rank knows all events and changes the synapses onto its
 * own cells. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_update_connectivity(rw_structural_plasticity *structural, uint64_t time);

/* The update that the steps of rw_update_connectivity are given. */
rw_connectivity_update rw_connectivity_update_at(rw_structural_plasticity *structural, uint64_t time);

#endif
