/* Functional plasticity of projections: what a spike releases, how rules change weights, how targets scale them.
 *
 * A projection's delay is dendritic: a presynaptic spike reaches its synapses when it is fired, a postsynaptic one
 * after the delay (Morrison, Diesmann & Gerstner 2008 Biol Cybern 98:459). So all that a synapse must know when its
 * source fires is known, and it is brought up to date then and only then: event by event in the order of time, on the
 * thread that owns the target, from short histories of spikes. Where that is done without need (for a snapshot, because
 * a history is full) it changes no bits. */
#ifndef RW_SIM_PLASTIC_H
#define RW_SIM_PLASTIC_H

#include "net/network.h"
#include "sim/plasticity/history.h"

/* One projection's plasticity on one thread. */
typedef struct {
    rw_projection *projection;
    rw_adjacency *adjacency;
    uint32_t first_gid;               /* of the source population */
    uint64_t first_target, n_targets; /* the slice */
    double step_ms;
    rw_stream stream;
    /* at the source; every thread does this for itself, with equal results */
    double *release_state;   /* [n_sources x n_states] */
    uint64_t *release_stamp; /* [n_sources] of the last spike; 0: none yet */
    /* at the synapse */
    rw_history pre, post;       /* of sources; of the slice */
    uint64_t *done;             /* [n_sources] stamp up to which a row has been brought */
    uint64_t pre_delay, second; /* steps: from presynaptic spike to its effect; of a second */
    uint64_t rows_updated;      /* stamp of the last update of all rows */
    double nmda;                /* share of what passes NMDA receptors */
    /* at the target */
    double *target_state; /* [slice x n_states] */
    double *spikes;       /* [slice] since the last tick */
    uint64_t tick_steps;
} rw_plastic;

/* Prepares the plasticity of a projection on a thread; parts without a model stay empty. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_plastic_create(rw_plastic *plastic, const rw_network *network, uint32_t projection, int thread);

/* Frees it; a zeroed one is fine. */
void rw_plastic_destroy(rw_plastic *plastic);

/* Cells ids [n] of the slice fired at `stamp`, when all spikes until `delivered` had been delivered and the conductance
 * of NMDA receptors was that factor of what it is without blockade. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_plastic_post(rw_plastic *plastic, const uint32_t *ids, uint32_t n, uint64_t stamp,
                                     uint64_t delivered, double conductance_factor);

/* A source fired n times at `stamp`: brings its row up to date, these spikes included. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_plastic_pre(rw_plastic *plastic, uint64_t source, uint32_t n, uint64_t stamp,
                                    double conductance_factor);

/* What a source that fires at `stamp` releases: a factor of its weights. */
double rw_plastic_release(rw_plastic *plastic, uint64_t source, uint64_t stamp);

/* The step to `stamp` is over, in which cells ids [n] of the slice fired: target factors change when they are due. */
void rw_plastic_tick(rw_plastic *plastic, const uint32_t *ids, uint32_t n, uint64_t stamp);

/* Brings a row up to date with all that happened until `stamp`. */
void rw_plastic_update_row(rw_plastic *plastic, uint64_t source, uint64_t stamp);

/* The same for all rows; old spikes are forgotten. */
void rw_plastic_update_rows(rw_plastic *plastic, uint64_t stamp);

#endif
