/* Plasticity of a projection: which models act at its source, its synapses and its target, and with which numbers. */
#ifndef RW_NET_PLASTICITY_H
#define RW_NET_PLASTICITY_H

#include "net/mechanism.h"

typedef struct {
    bool any;
    bool dated; /* the last number that a synapse keeps is the update in which it formed, 0 for the first synapses */
    rw_mechanism at[RW_SITES];
    double unit_weight; /* mean initial weight, the unit of rules' weights; not 0 if there is a rule */
    double *factor;     /* [target count] of all weights onto a cell; NULL: nothing acts at the target */
} rw_plasticity;

/* Prepares the plasticity that a projection's spec names for n_targets cells; NULL models if it names none.
 * Errors: RW_ERR_INPUT (numbers that contradict each other, a rule on weights of mean 0), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_plasticity_create(rw_plasticity *plasticity, const rw_scenario *scenario,
                                          const rw_projection_spec *spec, uint64_t n_targets);

/* Frees what the plasticity holds; a zeroed one is fine. */
void rw_plasticity_destroy(rw_plasticity *plasticity);

/* Whether delivery must treat each synapse by itself: a rule changes weights, or cells have a factor. */
static inline bool rw_plasticity_walks(const rw_plasticity *plasticity) {
    return plasticity->at[RW_AT_SYNAPSE].model != NULL || plasticity->factor != NULL;
}

/* Numbers that a synapse keeps besides its weight. */
size_t rw_plasticity_states(const rw_plasticity *plasticity);

/* What a new synapse starts with: changes its weight, fills state [RW_SYNAPSE_STATES]. */
void rw_plasticity_start(const rw_plasticity *plasticity, float *weight, float *state);

#endif
