/* What a model of plasticity is. It acts at one of three places: at the source (how much a spike releases), at the
 * synapse (a rule that changes its weight) or at the target (a factor on all that arrives). A projection can have one
 * of each.
 *
 * Rules see weights in units of the projection's mean initial weight, so they are free of units and the same for
 * conductances and currents, excitation and inhibition. p[field] are the numbers of the model, the same for all
 * synapses.
 */
#ifndef RW_MODEL_SYNAPSE_H
#define RW_MODEL_SYNAPSE_H

#include <stdbool.h>

#include "base/random.h"

/* Most exponential traces that a rule keeps of the spikes on either side. */
#define RW_TRACES 2
/* Most numbers that a rule keeps of each synapse besides its weight. */
#define RW_SYNAPSE_STATES 2

typedef enum { RW_AT_SOURCE, RW_AT_SYNAPSE, RW_AT_TARGET, RW_SITES } rw_site;

/* What a rule changes. */
typedef struct {
    double weight; /* 1: the projection's mean initial weight */
    double
        state[RW_SYNAPSE_STATES]; /* the model's RW_STATE fields in their order, then perhaps the weight first given */
} rw_plastic_synapse;

/* Input of a rule when a spike reaches a synapse. A trace decays exponentially and jumps by 1 at each spike (to 1, if
 * the model's parameter `nearest` is 1). Spikes that arrive at the same time do not affect each other's traces. */
typedef struct {
    double pre[RW_TRACES], post[RW_TRACES]; /* traces of earlier spikes */
    double admitted;                        /* share of NMDA receptors' calcium that blockade leaves, 1: no block */
} rw_encounter;

/* A rule of the synapse. A weight below 0 becomes 0 after each call.
 *
 * Three parameters have a meaning to the engine, if a rule has them: `nearest` (1: a trace counts the nearest spike
 * only), `delay_pre` (ms: the presynaptic spike acts so much later), `nmda` (share of what a rule is scaled by that
 * passes NMDA receptors: admitted = 1 - nmda + nmda x conductance factor). */
typedef struct {
    const char *tau_pre[RW_TRACES];  /* parameters that are time constants (ms) of traces; NULL: no such trace */
    const char *tau_post[RW_TRACES]; /* the same of the target's spikes */
    bool trace_admitted;             /* presynaptic traces jump by `admitted` instead of 1 */
    bool keeps_given_weight;         /* the state after the model's own is the weight that a synapse was first given */
    void (*start)(const double *p, rw_plastic_synapse *s); /* a new synapse; NULL: nothing to do */
    /* A spike reaches the synapse. Both NULL: spikes act through their traces only. */
    void (*on_pre)(const double *p, const rw_encounter *e, rw_plastic_synapse *s);
    void (*on_post)(const double *p, const rw_encounter *e, rw_plastic_synapse *s);
    /* What happens in the elapsed_ms before an encounter, and at least once a second; `at` are the traces at their
     * start. The bits are random and belong to this synapse and time. NULL: nothing happens between spikes. */
    void (*between)(const double *p, const rw_encounter *at, double elapsed_ms, rw_bits bits, rw_plastic_synapse *s);
} rw_synapse_rule;

typedef struct {
    rw_site site;
    /* RW_AT_SOURCE: a spike of a cell whose last one was elapsed_ms ago (infinity: never) changes state[] (the RW_STATE
     * fields in their order) and returns the factor of all its weights. */
    double (*release)(const double *p, double *state, double elapsed_ms);
    /* RW_AT_SYNAPSE */
    rw_synapse_rule rule;
    /* RW_AT_TARGET: a cell has fired `spikes` times in the last tick_ms, the parameter `every`; state[0] is the factor
     * of all its weights. */
    void (*tick)(const double *p, double *state, double spikes, double tick_ms);
} rw_synapse_model;

#endif
