/* Deletion by a rule that looks at every synapse of a projection: each thread applies the rule to its synapses, ranks
 * exchange those that were selected, and all ranks delete the same ones. */
#ifndef RW_SIM_DELETION_RULE_H
#define RW_SIM_DELETION_RULE_H

#include "base/random.h"
#include "sim/connectivity_update.h"

/* A synapse as the rule sees it. */
typedef struct {
    uint64_t source, target;
    uint32_t serial;
    double weight; /* with which it acts */
    uint64_t age;  /* since it formed or since the start, in steps of biological time; 0 unless it is dated */
    rw_bits bits;  /* drawn for this synapse and update; for `selects` only where max_probability < 1 */
} rw_examined_synapse;

typedef struct rw_deletion_rule {
    const rw_projection *projection;
    rw_cause cause;
    rw_stream stream;       /* of the synapses' draws */
    rw_stream rare_stream;  /* of which synapses the rule sees, if max_probability < 1 */
    uint64_t max_count;     /* of the selected synapses only so many go; UINT64_MAX: all */
    double weight_order;    /* which go first: 1 the weakest, -1 those of the largest weight, 0 any, at random */
    double max_probability; /* of being selected: the rule sees each synapse with this probability; 1: all */
    bool deletes_axon, deletes_dendrite; /* elements that go with their synapse; others stay and are vacant */
    bool (*selects)(const struct rw_deletion_rule *rule, const rw_examined_synapse *synapse);
    const void *self; /* for `selects` */
} rw_deletion_rule;

/* Deletes what the rule selects. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_delete_by_rule(const rw_connectivity_update *update, const rw_deletion_rule *rule);

#endif
