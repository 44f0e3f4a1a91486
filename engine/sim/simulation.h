/* Time: the state of a run and the loop that advances it.
 *
 * Step k takes the network from time k h to (k + 1) h. A spike of step k is stamped k + 1; with a delay of d steps it
 * arrives at stamp k + 1 + d and is part of the state there. Intervals are half-open: a run of n steps ends at stamp n.
 */
#ifndef RW_SIM_SIMULATION_H
#define RW_SIM_SIMULATION_H

#include "net/network.h"
#include "sim/drugs/dosing.h"
#include "sim/elements/growth_signal.h"
#include "sim/observer.h"
#include "sim/profile.h"
#include "sim/saving/archive.h"

/* Prepares a run at step 0. `network` must outlive it; its synapses, states and elements are changed by the run.
 * Collective, as is rw_simulation_advance.
 * Errors: RW_ERR_SYSTEM (memory), RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_simulation_create(rw_simulation **sim, rw_network *network);

/* Frees the run; *sim may be NULL and becomes NULL. */
void rw_simulation_destroy(rw_simulation **sim);

/* Adds an observer (copied) before the first advance. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_observe(rw_simulation *sim, rw_observer observer);

/* Advances to `step` (<= the scenario's n_steps), or to the first block boundary after *stop became nonzero.
 * Errors: RW_ERR_DIVERGED (NaN in a state, runaway firing) with population, neuron and time; RW_ERR_STOPPED; those of
 * the observers. */
RW_MUST_CHECK rw_err rw_simulation_advance(rw_simulation *sim, uint64_t step, const volatile int *stop);

/* Saves the state at the present step, or restores a saved one into a run that has not begun, with its observers. A
 * resumed run goes on without another sample at that step; a branch begins with one. Errors: those of the archive;
 * RW_ERR_INPUT (the saved state is one of another network); the run is then undefined. */
RW_MUST_CHECK rw_err rw_simulation_archive(rw_simulation *sim, const rw_archive *archive);

/* The step at which it began: 0, or that of the state it was restored from. */
uint64_t rw_simulation_first_step(const rw_simulation *sim);

/* The present step. */
uint64_t rw_simulation_step(const rw_simulation *sim);

/* The network it runs. */
const rw_network *rw_simulation_network(const rw_simulation *sim);

/* The scenario's factor `index` at the present step. */
double rw_simulation_factor(const rw_simulation *sim, size_t index);

/* A drug of the scenario. */
const rw_drug *rw_simulation_drug(const rw_simulation *sim, size_t drug);

/* What drugs do to a population. */
const rw_dosing *rw_simulation_dosing(const rw_simulation *sim, uint32_t population);

/* Share of a population's receptors that a use of its dosing blocks at the present step, mean of the cells; on rank 0.
 * Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_occupancy(const rw_simulation *sim, uint32_t population, size_t use,
                                             double *occupancy);

/* Mean current of population p's cells through receptor `spec` of its specification now, pA, positive inward; on
 * rank 0. Uses the buffers of the next block and leaves the run as it is. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_current(const rw_simulation *sim, uint32_t p, size_t spec, double *mean_pA);

/* How often the cells of each population fired since the run was created: counts [n_populations], on all ranks.
 * Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_count_spikes(const rw_simulation *sim, uint64_t *counts);

/* Charge that has passed through receptor `spec` of population p since it is kept, mean of the cells, pC, positive
 * inward; on rank 0. Of each step it is the mean conductance times the driving force at its start. An observer
 * must have asked for it. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_charge(const rw_simulation *sim, uint32_t p, size_t spec, double *mean_pC);

/* Whether anything grows, i.e. calcium and elements exist. */
bool rw_simulation_is_structural(const rw_simulation *sim);

/* A growth signal of the scenario. */
const rw_signal *rw_simulation_growth_signal(const rw_simulation *sim, size_t signal);

/* Brings calcium and elements of all cells to rank 0, where the functions below then give them; on other ranks they
 * give those of their own cells. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_gather_growth(const rw_simulation *sim);

/* Brings the weights of plastic synapses up to the present step, for those who read them; changes no later bits.
 * Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_settle(const rw_simulation *sim);

/* Calcium of the neurons of a population at the last growth tick [count], or NULL without structural plasticity. */
const double *rw_simulation_calcium(const rw_simulation *sim, uint32_t population);

/* Synaptic elements grown by the neurons of a population [count], or NULL if that kind does not grow there. */
const double *rw_simulation_elements(const rw_simulation *sim, uint32_t population, rw_element element);

/* Elements that are part of a synapse [count]; NULL as above. */
const uint32_t *rw_simulation_connected(const rw_simulation *sim, uint32_t population, rw_element element);

#endif
