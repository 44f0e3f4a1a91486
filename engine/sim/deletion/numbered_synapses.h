/* Synapses that are named by their number among those of an axon or a dendrite. */
#ifndef RW_SIM_NUMBERED_SYNAPSES_H
#define RW_SIM_NUMBERED_SYNAPSES_H

#include "sim/deletion/deletion.h"

/* A synapse onto a cell of this rank. */
typedef struct {
    uint64_t cell;       /* of an axon its source; of a dendrite its target's index in the thread's slice */
    uint32_t number;     /* among those that the thread has of the source, by target, or onto the target, by source */
    uint32_t projection; /* structural */
    int thread;          /* that has it */
} rw_numbered_synapse;

/* Finds synapses [n], which axons or (`onto`) dendrites retract, and brings their rows up to date: deletions [n].
 * Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_locate_synapses(const rw_connectivity_update *update, const rw_numbered_synapse *synapses,
                                        size_t n, bool onto, rw_deletion *deletions);

#endif
