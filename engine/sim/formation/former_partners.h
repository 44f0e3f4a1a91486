/* Memory of place: pairs of cells that have lost a synapse, so that elements which become vacant may join them again.
 *
 * Spines that stress had eliminated came back at the places where they had been (Moda-Sava et al. 2019, Science
 * 364:eaat8078). Here each vacant dendritic element tries, with a probability and before the search for partners, one
 * of the cells with which its own cell has lost a synapse not long ago; each loss is equally likely. If that cell has
 * no vacant axonal element, the element joins the search with the others.
 *
 * Every rank knows all losses and keeps all pairs, 25 bytes for each loss that is remembered, none for a synapse. */
#ifndef RW_SIM_FORMER_PARTNERS_H
#define RW_SIM_FORMER_PARTNERS_H

#include "sim/edge_event_log.h"
#include "sim/formation/partner_search.h"
#include "sim/run_state/archive.h"

/* The pairs of a projection. */
typedef struct {
    uint32_t *source, *target; /* [n] cells, in the order of their losses */
    uint64_t *time;            /* [n] of the loss, biological, in steps */
    bool *joined;              /* [n] again, in this update */
    size_t n;
    uint32_t *position;  /* [capacity] for sorting */
    uint32_t *by_target; /* [n] the pairs of target t are by_target[start[t]] to by_target[start[t + 1] - 1] */
    size_t capacity;
    uint32_t *start; /* [n_targets + 2] */
} rw_former_pairs;

typedef struct {
    rw_former_pairs *of; /* [n_projections] */
    size_t n_projections;
} rw_former_partners;

/* Fills a zeroed one; after an error it is to be destroyed. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_former_partners_create(rw_former_partners *former, const rw_network *network);

/* Frees what it holds; a zeroed one is fine. */
void rw_former_partners_destroy(rw_former_partners *former);

/* Whether there are any pairs of a class of synapses. */
bool rw_former_partners_any(const rw_former_partners *former, const rw_network *network, bool inhibitory);

/* Remembers the pairs of the deletions [n], by projection, of an update at biological time `time`, in steps, and
 * forgets those whose lifetime is over. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_former_partners_lose(rw_former_partners *former, const rw_network *network,
                                             const rw_edge_event *deletions, size_t n, uint64_t time);

/* Forgets pairs that have joined again: for each of the creations events[begin .. end - 1] of the update, the oldest
 * loss of its pair. */
void rw_former_partners_join(rw_former_partners *former, const rw_network *network, const rw_edge_event *events,
                             size_t begin, size_t end);

/* The former partners that searching dendritic elements try: candidates [elements->n], of which those without one have
 * RW_NO_PARTNER. The partners are ascending by cell. */
void rw_former_partners_find(const rw_former_partners *former, const rw_partner_search *search,
                             const rw_searching_elements *elements, rw_candidate *candidates);

/* Saves or restores the pairs of all projections. Collective. Errors: those of the archive; RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_former_partners_archive(rw_former_partners *former, const rw_network *network,
                                                const rw_archive *archive);

#endif
