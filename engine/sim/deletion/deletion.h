/* Synapses that break: from their numbers to what is known of them, and their end.
 *
 * Memory answers slowly where synapses of many cells break, so they are taken batch by batch, in passes that each ask
 * memory for what the next one reads. */
#ifndef RW_SIM_BREAKING_H
#define RW_SIM_BREAKING_H

#include "sim/elements/structure.h"

/* A synapse onto a cell of this rank. */
typedef struct {
    uint64_t cell;       /* its source, or, for a dendrite, the place of its target in the thread's slice */
    uint32_t number;     /* among those that the thread has of the source, by target, or onto the target, by source */
    uint32_t projection; /* structural */
    int thread;          /* that has it */
} rw_numbered_synapse;

/* A synapse that breaks, as it is told to other ranks. */
typedef struct {
    rw_edge_event event;
    uint64_t place; /* in the pool of the thread that has it */
} rw_breaking;

/* Fills breaking [n] for synapses [n], numbered by source or (`onto`) by target, that break at `step`. Errors:
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_structure_describe(const rw_structure *structure, const rw_numbered_synapse *synapses, size_t n,
                                           bool onto, uint64_t step, rw_breaking *breaking);

/* Breaks synapses [n] of all ranks, and logs them. Since they were found, none may have formed. Errors: RW_ERR_SYSTEM.
 */
RW_MUST_CHECK rw_err rw_structure_break(rw_structure *structure, const rw_breaking *breaking, size_t n);

#endif
