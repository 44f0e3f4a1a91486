/* A run of a network through time.
 *
 * Step k takes the network from time k h to (k + 1) h. A spike of step k is stamped k + 1; with a delay of d steps it
 * arrives at stamp k + 1 + d and is part of the state there. Intervals are half-open: a run of n steps ends at stamp n.
 * Which biological time a step stands for is said by the clock (sim/clock.h).
 */
#ifndef RW_SIM_SIMULATION_H
#define RW_SIM_SIMULATION_H

#include "net/network.h"
#include "sim/accuracy/clock_evidence.h"
#include "sim/elements/growth_signal.h"
#include "sim/observer.h"

/* Prepares a run at step 0. `network` must outlive it; its synapses, states and elements are changed by the run.
 * Collective, as is rw_simulation_advance.
 * Errors: RW_ERR_SYSTEM (memory), RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_simulation_create(rw_simulation **sim, rw_network *network);

/* Frees the run; *sim may be NULL and becomes NULL. */
void rw_simulation_destroy(rw_simulation **sim);

/* Adds an observer (copied) before the first advance. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_observe(rw_simulation *sim, rw_observer observer);

/* The level of input `index` has changed in the scenario: what was drawn ahead for it is drawn anew. Not while the run
 * advances. */
void rw_simulation_redraw_input(rw_simulation *sim, uint32_t index);

/* The step of the network at which it began: 0, or that of the state it was restored from. */
uint64_t rw_simulation_first_step(const rw_simulation *sim);

/* The present step of the network. */
uint64_t rw_simulation_step(const rw_simulation *sim);

/* Biological time, in steps: at the present step, or, in a sample of an observer, that for which the sample was due.
 * Without time.clock it equals the step. */
uint64_t rw_simulation_time(const rw_simulation *sim);

/* Biological time, in steps, at a step of the network in the stretch of time that the present step belongs to or ends:
 * that of any spike that an observer is told. Without time.clock it equals `step`. */
uint64_t rw_simulation_time_at(const rw_simulation *sim, uint64_t step);

/* Biological time, in steps, at which it began. */
uint64_t rw_simulation_first_time(const rw_simulation *sim);

/* Seconds of biology in a second of the network, in the stretch of time that the present step belongs to or ends. */
double rw_simulation_clock_factor(const rw_simulation *sim);

/* The estimated errors that the clock has made, at the last update of connectivity; 0 without time.clock. */
rw_clock_errors rw_simulation_clock_errors(const rw_simulation *sim);

/* The network it runs. */
const rw_network *rw_simulation_network(const rw_simulation *sim);

/* Whether anything grows, i.e. calcium and elements exist. */
bool rw_simulation_is_structural(const rw_simulation *sim);

/* A growth signal of the scenario. */
const rw_signal *rw_simulation_growth_signal(const rw_simulation *sim, size_t signal);

/* Brings calcium and elements of all cells to rank 0, where the functions below then give them; on other ranks they
 * give those of their own cells. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_gather_growth(const rw_simulation *sim);

/* Calcium of the neurons of a population at the last growth tick [count], or NULL without structural plasticity. */
const double *rw_simulation_calcium(const rw_simulation *sim, uint32_t population);

/* Synaptic elements grown by the neurons of a population [count], or NULL if that kind does not grow there. */
const double *rw_simulation_elements(const rw_simulation *sim, uint32_t population, rw_element element);

/* Elements that are part of a synapse [count]; NULL as above. */
const uint32_t *rw_simulation_connected(const rw_simulation *sim, uint32_t population, rw_element element);

#endif
