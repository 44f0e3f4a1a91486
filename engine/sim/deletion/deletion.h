/* The deletion of synapses of projections that rewire, whatever its cause. */
#ifndef RW_SIM_DELETION_H
#define RW_SIM_DELETION_H

#include "sim/connectivity_update.h"

/* A synapse to delete, as ranks exchange it. */
typedef struct {
    rw_edge_event event;
    uint64_t slot; /* in the pool of the thread that has it */
} rw_deletion;

/* Deletes synapses [n], the same on every rank, and logs them; elements become vacant. Since they were found, no
 * synapse may have formed. Errors: RW_ERR_SYSTEM; nothing is deleted then. */
RW_MUST_CHECK rw_err rw_delete_synapses(const rw_connectivity_update *update, const rw_deletion *deletions, size_t n);

#endif
