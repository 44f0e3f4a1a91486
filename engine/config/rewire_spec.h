/* How synapses of a projection are lost and come back, as a scenario says it. */
#ifndef RW_CONFIG_REWIRE_SPEC_H
#define RW_CONFIG_REWIRE_SPEC_H

#include <stdint.h>

/* Loss of synapses by chance: hazard rate exp(-|weight| / w0) exp(-age / a0), with another rate for persistent ones. */
typedef struct {
    double rate_per_ms;            /* 0: none */
    double persistent;             /* share of the synapses that form */
    double persistent_rate_per_ms; /* of these, in the place of the other */
    double weight;                 /* w0; infinity: the weight does not matter */
    double age_ms;                 /* a0; infinity: the age does not matter */
} rw_loss_spec;

/* Pruning: synapses that are weaker than `weight` at `age_steps` or later vanish. */
typedef struct {
    double weight; /* 0: none */
    uint64_t age_steps;
} rw_prune_spec;

typedef enum { RW_STRESS_WEAKEST, RW_STRESS_RANDOM, RW_STRESS_LARGEST } rw_stress_order;

/* Stress takes a fraction of the synapses in an interval. */
typedef struct {
    rw_stress_order which; /* go first */
    uint64_t from_step, until_step;
    double fraction; /* 0: none */
} rw_stress_spec;

/* Memory of place: vacant dendritic elements first try cells with which theirs has lost a synapse. */
typedef struct {
    double probability; /* of trying one; 0: none is remembered */
    uint64_t lifetime_steps;
} rw_former_partners_spec;

#endif
