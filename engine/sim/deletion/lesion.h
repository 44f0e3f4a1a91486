/* Lesions: at a time, cells die, lose their drive from outside, or lose the synapses onto them.
 *
 * A dead cell fires no more, takes no drive, has no synaptic elements and none of the synapses that can vanish; static
 * ones stay and carry nothing. The elements at the other end of its synapses stay and are vacant. Where synapses onto
 * living cells are cut, also static ones, the axonal elements go with them and the dendritic ones stay.
 *
 * What a lesion silences, and which static synapses it cuts, follows from the scenario, so a state need not hold it: a
 * run that begins behind a lesion silences the same cells again and cuts the same synapses. */
#ifndef RW_SIM_LESION_H
#define RW_SIM_LESION_H

#include "sim/run_state/archive.h"
#include "sim/simulation.h"

/* Synapses that are gone. */
typedef struct {
    rw_edge_event *items;
    size_t n, size;
} rw_event_list;

/* Adds events [n] to a list, which rw_free of its items frees. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_event_list_add(rw_event_list *list, const rw_edge_event *events, size_t n);

/* The cells that each lesion of the scenario concerns. */
typedef struct {
    bool **hit; /* [n_lesions][population] */
    size_t n;
    rw_event_list events; /* synapses that the last lesions took, of all ranks */
} rw_lesions;

/* Finds the cells, and gives plans and inputs the flags that lesions set. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_lesions_create(rw_simulation *sim);

/* Frees what is there; zeroed lesions are fine. */
void rw_lesions_destroy(rw_lesions *lesions);

/* The step of the first lesion after the present one; UINT64_MAX if there is none. */
uint64_t rw_lesions_next(const rw_simulation *sim);

/* Makes the lesions of the present step. The lesions' events then tell which synapses went, none if there were no
 * lesions. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_lesions_make(rw_simulation *sim);

/* Silences what lesions up to the present step have silenced, in a run that begins here. */
void rw_lesions_resume(rw_simulation *sim);

/* Saves which lesions were made, or compares. Errors: those of the archive; RW_ERR_INPUT (others were made). */
RW_MUST_CHECK rw_err rw_lesions_archive(const rw_simulation *sim, const rw_archive *archive);

#endif
