/* The state of a simulation, for the files of this folder; all others see an opaque rw_simulation. */
#ifndef RW_SIM_SIMULATION_STATE_H
#define RW_SIM_SIMULATION_STATE_H

#include "sim/accuracy/clock_observation.h"
#include "sim/clock.h"
#include "sim/exchange.h"
#include "sim/lesions.h"
#include "sim/population_plan.h"
#include "sim/profile.h"
#include "sim/simulation.h"
#include "sim/structural_plasticity.h"
#include "sim/worker.h"

/* An observer and when it last took a sample. */
typedef struct {
    rw_observer observer;
    uint64_t last_sample; /* step of the network; UINT64_MAX before the first */
    uint64_t due;         /* when the next sample is, in the time that it counts; UINT64_MAX: never */
} rw_registered_observer;

struct rw_simulation {
    rw_network *network;
    const rw_scenario *scenario;
    uint64_t first_step, step; /* of the network: where it began, 0 unless restored; where it is */
    rw_clock clock;
    rw_clock_observation observation;     /* of what its errors come from */
    uint64_t first_time;                  /* biological, at first_step */
    uint64_t sampled_time;                /* biological time for which a sample is taken; UINT64_MAX: none is */
    uint32_t max_block;                   /* steps */
    rw_population_plan *plans;            /* [n_populations] */
    rw_drug *drugs;                       /* [n_drugs] */
    rw_segment *segments;                 /* [n_drugs] of their courses, around the present step */
    double *conc_uM;                      /* [n_drugs x RW_BLOCK_STEPS] at the steps of the block */
    rw_worker *workers;                   /* [n_threads] */
    rw_structural_plasticity *structural; /* NULL: nothing grows */
    rw_lesions lesions;
    rw_registered_observer *observers;
    size_t n_observers;
    bool plastic;     /* a projection is */
    bool listens;     /* an observer wants spikes */
    rw_spike *spikes; /* [n_spikes] of this rank's cells since they were last reported */
    size_t n_spikes, spikes_size;
    uint64_t collected_from;     /* where the first block of them began */
    uint32_t blocks_collected;   /* since then */
    rw_spike_exchange *exchange; /* NULL: there is one rank */
    bool stopped;                /* with several ranks: one was asked to stop */
    uint64_t health_steps;       /* between health checks */
    uint64_t total_spikes;       /* of cells that have a model */
    uint64_t *counted_spikes;    /* [n_populations] of this rank's cells since the simulation was made */
    rw_timer timer;              /* of what one thread does for all */
    rw_profile profile_before;   /* counts when the profile was restarted */
};

/* Biological time at the present step. */
static inline uint64_t rw_simulation_now(const rw_simulation *sim) {
    return rw_clock_time(&sim->clock, sim->step);
}

#endif
