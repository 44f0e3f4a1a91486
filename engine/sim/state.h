/* The insides of a run, for the files of this room. */
#ifndef RW_SIM_STATE_H
#define RW_SIM_STATE_H

#include "sim/deletion/lesion.h"
#include "sim/drugs/dosing.h"
#include "sim/elements/structure.h"
#include "sim/exchange.h"
#include "sim/input.h"
#include "sim/plasticity/plastic.h"
#include "sim/saving/archive.h"
#include "sim/simulation.h"
#include "sim/timer.h"

/* Most steps between two exchanges, also where delays are longer: bounds the spike lists. */
#define RW_BLOCK_STEPS 32

/* What arrives at the cells of a slice through one port: a bin of summed weights per time stamp, reused in turn. */
typedef struct {
    float *bins;   /* [n_bins x stride] */
    size_t stride; /* cells of the slice, padded */
    uint64_t mask; /* n_bins - 1, n_bins a power of two > the longest delay of the port's projections */
} rw_ring;

static inline float *rw_ring_bin(const rw_ring *ring, uint64_t stamp) {
    return ring->bins + (stamp & ring->mask) * ring->stride;
}

/* The spikes of one population's slice in the present block, step by step, ids ascending. */
typedef struct {
    size_t capacity; /* cells of the slice */
    uint32_t count[RW_BLOCK_STEPS];
    uint32_t *ids; /* [RW_BLOCK_STEPS x capacity] */
    float *jumps;  /* [n_gates x RW_BLOCK_STEPS x capacity] presynaptic jumps; NULL without gates */
} rw_spike_list;

/* A presynaptic gate: one state per source cell of a projection whose receptor saturates at the source. */
typedef struct {
    uint32_t projection;
    const rw_model *model;
    double **x; /* [n_fields] the receptor's parameters, one instance */
    double step_ms;
    double *gate;    /* [source count] state just after the cell's last spike */
    uint64_t *stamp; /* [source count] of that spike */
} rw_gate;

/* How a destination of a cell sums its ports: a receptor's arrivals or a neuron's port field. */
typedef struct {
    size_t n;
    uint32_t *ports; /* [n] */
    double *shares;  /* [n] */
    bool *empties;   /* [n] the last to read this port in a step: receptors come first, then fields */
} rw_route;

/* What is the same for every chunk of a population. */
typedef struct {
    const rw_population *population;
    uint32_t index;
    size_t g_syn, gE_syn, I_ext, V_m; /* neuron fields; RW_NO_FIELD where the model has none */
    size_t *port_fields;              /* [n_port_fields] the neuron's fields that are ports */
    rw_route *field_routes;           /* [n_port_fields] */
    size_t n_port_fields;
    rw_route *receptor_routes; /* [n_receptors] */
    rw_dosing dosing;
    double *factors; /* [n_receptors x RW_BLOCK_STEPS] conductance factor of each step of the block */
    double *charge;  /* [n_receptors x count] pA steps, see charge.c; NULL: nobody asks for it */
    rw_gate *gates;
    size_t n_gates;
    rw_input *inputs;
    size_t n_inputs, n_currents; /* all of them; those that are no spikes */
    uint32_t *projections;       /* that leave the population */
    uint32_t *gate_of;           /* [n_projections] its gate, or RW_NO_GATE */
    size_t n_projections;
    bool *silent; /* [count] cells that a lesion has killed; NULL: no lesion does */
} rw_population_plan;

#define RW_NO_GATE UINT32_MAX

/* A plastic projection of a worker. */
typedef struct {
    rw_plastic state;
    float *released; /* [n_sources] scratch: factors of the spikes in hand; NULL: all are 1 */
    size_t n_receptors;
    size_t *receptors;                  /* [n_receptors] of the target: NMDA receptors whose calcium a rule follows */
    double *shares;                     /* [n_receptors] */
    double nmda_factor[RW_BLOCK_STEPS]; /* conductance factor of NMDA receptors in each step of the block */
} rw_worker_plastic;

/* What one thread owns. Workers are allocated by their own threads, so that their memory is near. */
typedef struct {
    int thread;
    rw_slice *slices;         /* [n_populations] */
    rw_ring **rings;          /* [n_populations][n_ports] */
    rw_spike_list *spikes;    /* [n_populations] */
    void *scratch;            /* rw_scratch, see chunk.c */
    uint64_t events;          /* synaptic events delivered */
    uint64_t delivered_bytes; /* of synapses read for them */
    uint64_t *health_spikes;  /* [n_populations] since the last health check */
    rw_timer timer;
    rw_worker_plastic **plastic;   /* [n_projections] NULL: not plastic */
    rw_error_record plastic_error; /* the first of a plastic projection: a block cannot return one */
} rw_worker;

typedef struct {
    rw_observer observer;
    uint64_t last_sample; /* step; UINT64_MAX before the first */
} rw_registered_observer;

struct rw_simulation {
    rw_network *network;
    const rw_scenario *scenario;
    uint64_t first_step, step; /* where it began, 0 unless restored; where it is */
    uint32_t max_block;        /* steps */
    rw_population_plan *plans; /* [n_populations] */
    rw_drug *drugs;            /* [n_drugs] */
    rw_segment *segments;      /* [n_drugs] of their courses, around the present step */
    double *conc_uM;           /* [n_drugs x RW_BLOCK_STEPS] at the steps of the block */
    rw_worker *workers;        /* [n_threads] */
    rw_structure *structure;   /* NULL: nothing grows */
    rw_lesions lesions;
    rw_registered_observer *observers;
    size_t n_observers;
    bool plastic;     /* a projection is */
    bool listens;     /* an observer wants spikes */
    rw_spike *spikes; /* [n_spikes] of this rank's cells since they were last told */
    size_t n_spikes, spikes_size;
    uint64_t collected_from;     /* where the first block of them began */
    uint32_t blocks_collected;   /* since then */
    rw_spike_exchange *exchange; /* NULL: there is one rank */
    bool stopped;                /* with several ranks: one was asked to stop */
    uint64_t health_steps;       /* between health checks */
    uint64_t total_spikes;
    uint64_t *counted_spikes;  /* [n_populations] of this rank's cells since the simulation was made */
    rw_timer timer;            /* of what one thread does for all */
    rw_profile profile_before; /* counts when the profile was restarted */
};

/* plan.c: what is fixed about a population before the first step. Errors: RW_ERR_SYSTEM, RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_population_plan_create(rw_population_plan *plan, rw_network *network, uint32_t population);

/* Frees the plan; a zeroed plan is fine. */
void rw_population_plan_destroy(rw_population_plan *plan);

/* Fills the conductance factors of the steps [step, step + n), and what drugs do beside, from conc_uM. */
void rw_population_plan_factors(rw_population_plan *plan, const rw_simulation *sim, uint64_t step, uint32_t n);

/* The scenario's factor `index` at a step before the next update of signals. */
double rw_factor_at(const rw_simulation *sim, size_t index, uint64_t step);

/* How the gate jumps at a spike of source cell `id` stamped `stamp`. */
float rw_gate_jump(rw_gate *gate, uint64_t id, uint64_t stamp);

/* worker.c: slices, rings and lists of one thread, allocated by that thread. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_worker_create(rw_worker *worker, const rw_simulation *sim, int thread);

/* Frees the worker; a zeroed worker is fine. */
void rw_worker_destroy(rw_worker *worker, const rw_simulation *sim);

/* chunk.c: advances the cells of `worker` over the steps [step, step + n) and lists their spikes. */
void rw_worker_update(rw_worker *worker, rw_simulation *sim, uint64_t step, uint32_t n);

/* charge.c: begins to keep the charge through receptors. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_charge_keep(rw_simulation *sim);

/* Adds that of a step through receptor instance r of the cells [first, first + n); `io` is what they gave until now. */
void rw_charge_add(const rw_population_plan *plan, size_t r, uint64_t first, const rw_receptor_io *io, size_t n);

/* Saves or restores it under `group`; a branch may be the first to keep it. Errors: those of the archive. */
RW_MUST_CHECK rw_err rw_charge_archive(const rw_simulation *sim, const rw_archive *archive, uint32_t p,
                                       const char *group);

/* The buffers of chunk.c. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_scratch_create(rw_worker *worker, const rw_simulation *sim);

/* Frees them; a worker without any is fine. */
void rw_scratch_destroy(rw_worker *worker);

/* scatter.c: delivers every spike of the block [step, step + n) to the cells of `worker`. */
void rw_worker_scatter(rw_worker *worker, const rw_simulation *sim, uint64_t step, uint32_t n);

/* collect.c: keeps the spikes of the block of n steps that ends. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_collect(rw_simulation *sim, uint32_t n);

/* collect.c: tells the observers what was collected; with several ranks not after each block, unless `at_once`.
 * Collective. Errors: RW_ERR_SYSTEM, those of the observers. */
RW_MUST_CHECK rw_err rw_simulation_tell_spikes(rw_simulation *sim, bool at_once);

/* persist_drugs.c: saves the courses of drugs until the present step, or compares them. Errors: those of the archive;
 * RW_ERR_INPUT (another course). */
RW_MUST_CHECK rw_err rw_simulation_archive_courses(const rw_simulation *sim, const rw_archive *archive);

/* persist_synapses.c: saves or restores the synapses of a projection under `group`. Errors: those of the archive;
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_projection_archive(rw_network *network, rw_projection *projection, const rw_archive *archive,
                                           const char *group);

/* persist_plastic.c: saves or restores what a plastic projection keeps besides its synapses. Errors: as above. */
RW_MUST_CHECK rw_err rw_plasticity_archive(rw_simulation *sim, rw_projection *projection, const rw_archive *archive,
                                           const char *group);

/* plastic_worker.c: the worker's plastic projections. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_worker_create_plastic(rw_worker *worker, const rw_simulation *sim);

/* Frees them; a worker without any is fine. */
void rw_worker_destroy_plastic(rw_worker *worker, const rw_simulation *sim);

/* Tells them the blockade and the worker's own spikes of the block [step, step + n). */
void rw_worker_inform_plastic(rw_worker *worker, const rw_simulation *sim, uint64_t step, uint32_t n);

/* Before the spikes of a block's step k, stamped `stamp`, are delivered: target factors change when they are due. */
void rw_worker_tick_plastic(rw_worker *worker, const rw_simulation *sim, uint32_t k, uint64_t stamp);

/* What sources ids [n] release at their spikes: factors [n] of all their weights, valid until the next call; NULL: all
 * are 1. */
const float *rw_worker_release(rw_worker *worker, const rw_projection *projection, const uint32_t *ids, uint32_t n,
                               uint64_t stamp);

/* Delivers the spikes of sources ids [n] in a block's step k of a projection whose synapses are plastic one by one;
 * jumps [n] are those of the presynaptic gate, if there is one. */
void rw_worker_deliver_plastic(rw_worker *worker, const rw_projection *projection, const uint32_t *ids,
                               const float *jumps, uint32_t n, uint32_t k, uint64_t stamp);

/* Lets rules follow kinetic blocks: takes their present means. At steps that do not depend on how the run is watched.
 * Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_follow_blocks(rw_simulation *sim);

/* What went wrong in plastic projections since the start. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_plastic_error(const rw_simulation *sim);

/* elements/growth_signal.c: advances the growth signals over the interval of structural updates that ends now.
 * Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_signal(rw_simulation *sim);

/* persist_signals.c: saves or restores the growth signals. Errors: those of the archive; RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_archive_signals(rw_simulation *sim, const rw_archive *archive);

/* health.c: stops a run that has left the range of meaningful numbers. Collective. Errors: RW_ERR_DIVERGED. */
RW_MUST_CHECK rw_err rw_simulation_check_health(rw_simulation *sim);

#endif
