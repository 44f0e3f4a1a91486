/* Observers see the network between two blocks of steps; with several ranks each rank has the same observers, which may
 * gather what they need (their callbacks are collective), and an error of one is an error of all. They read, never
 * write, so a run with observers is bitwise equal to one without. cli and io create them and register them; the
 * simulation knows none by name. */
#ifndef RW_SIM_OBSERVER_H
#define RW_SIM_OBSERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef struct rw_simulation rw_simulation;

/* A spike: the time stamp is step x step_ms. */
typedef struct {
    uint64_t step;
    uint32_t population;
    uint64_t id; /* inside the population */
} rw_spike;

typedef enum {
    RW_CAUSE_GROWTH,
    RW_CAUSE_RETRACTION_AXON,
    RW_CAUSE_RETRACTION_DENDRITE,
    RW_CAUSE_LOSS,
    RW_CAUSE_STRESS,
    RW_CAUSE_PRUNING,
    RW_CAUSE_LESION
} rw_cause;

/* A synapse that appeared or vanished. */
typedef struct {
    uint64_t time; /* biological, in steps */
    uint32_t projection;
    bool created; /* false: deleted */
    rw_cause cause;
    uint64_t uid, source, target; /* as in rw_edge */
    float weight;
    uint32_t delay_steps;
    uint64_t born_time; /* when it formed, of dated projections; 0: it was there at the start */
} rw_edge_event;

/* Any callback may be NULL. An error ends the run with that error. */
typedef struct {
    void *self;
    /* After one or more blocks: their spikes, ascending by (step, population, id), on rank 0; n may be 0, and is 0 on
     * the other ranks. */
    rw_err (*spikes)(void *self, const rw_simulation *sim, const rw_spike *spikes, size_t n);
    /* After every block, on each rank by itself, for progress displays. */
    void (*block)(void *self, const rw_simulation *sim);
    /* After every update of connectivity and every lesion: deletions in (projection, uid) order, then creations. */
    rw_err (*edge_events)(void *self, const rw_simulation *sim, const rw_edge_event *events, size_t n);
    /* At the start of the run, at multiples of every_steps, and at the end of the run. 0: only at the start and the
     * end. rw_simulation_time then gives the time for which the sample was due. */
    rw_err (*sample)(void *self, const rw_simulation *sim);
    uint64_t every_steps; /* of biological time */
    bool by_network;      /* every_steps is the network's */
    bool charge;          /* requests the charge through receptors */
} rw_observer;

#endif
