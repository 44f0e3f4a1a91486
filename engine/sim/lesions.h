/* Lesions: at a time, cells die, lose their drive from outside, or lose the synapses onto them.
 *
 * A dead cell fires no more, takes no drive, has no synaptic elements and none of the synapses that can vanish; static
 * ones stay and carry nothing. The elements at the other end of its synapses stay and are vacant. Where synapses onto
 * living cells are deleted, also static ones, the axonal elements go with them and the dendritic ones stay.
 *
 * What a lesion silences, and which static synapses it deletes, follows from the scenario, so a state need not hold it:
 * a run that begins behind a lesion silences the same cells again and deletes the same synapses. */
#ifndef RW_SIM_LESIONS_H
#define RW_SIM_LESIONS_H

#include "sim/edge_event_log.h"
#include "sim/run_state/archive.h"
#include "sim/simulation.h"

/* The cells that each lesion of the scenario concerns. */
typedef struct {
    bool **hit; /* [n_lesions][population] */
    size_t n;
    uint64_t made_until;      /* biological time up to which they are made */
    rw_edge_event_log events; /* synapses that the last lesions deleted, of all ranks */
} rw_lesions;

/* Finds the cells, and gives plans and inputs the flags that lesions set. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_lesions_create(rw_simulation *sim);

/* Frees what is there; zeroed lesions are fine. */
void rw_lesions_destroy(rw_lesions *lesions);

/* The biological time of the first lesion that is still to come; UINT64_MAX if there is none. */
uint64_t rw_lesions_next(const rw_simulation *sim);

/* Makes the lesions that are due; the lesions' events are then the synapses that went, none if there were no
 * lesions. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_lesions_make(rw_simulation *sim);

/* Silences what lesions up to the present step have silenced, in a run that begins here. */
void rw_lesions_resume(rw_simulation *sim);

/* Deletes the synapses of projections that do not rewire which lesions up to the present step have deleted, in a run
 * that begins here and has built them from the seed. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_lesions_delete_again(rw_simulation *sim);

/* Saves which lesions were made, or compares. Errors: those of the archive; RW_ERR_INPUT (others were made). */
RW_MUST_CHECK rw_err rw_lesions_archive(const rw_simulation *sim, const rw_archive *archive);

#endif
