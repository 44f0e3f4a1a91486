/* Taking synapses away: every synapse of a projection is asked whether it goes, by the thread that has it; ranks share
 * those that do, and all break them. */
#ifndef RW_SIM_TAKING_H
#define RW_SIM_TAKING_H

#include "base/random.h"
#include "sim/elements/structure.h"

/* A synapse that is asked. */
typedef struct {
    uint64_t source, target;
    uint32_t serial;
    double weight;     /* with which it acts */
    uint64_t age_step; /* steps since it formed, or since the start; 0 unless the projection is dated */
    rw_bits bits;      /* drawn for this synapse and update; for goes only where chance < 1 */
} rw_taken;

typedef struct rw_taking {
    const rw_projection *projection;
    uint64_t step;
    rw_cause cause;
    rw_stream stream; /* of the draws */
    uint64_t most;    /* of those that would go only the weakest so many; UINT64_MAX: all */
    double chance;    /* with which any goes at most: asked are those whose first word of bits is below; 1: all */
    bool takes_axon, takes_dendrite; /* elements that go with their synapse; others stay and are vacant */
    bool (*goes)(const struct rw_taking *taking, const rw_taken *synapse);
    const void *self; /* for goes */
} rw_taking;

/* Takes what goes, and logs it. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_structure_take(rw_structure *structure, const rw_taking *taking);

#endif
