/* The state of plastic projections, saved and restored: weights and states of their synapses in the order of (target,
 * source, uid), states of sources and targets, and the spikes that rules still remember.
 *
 * All rows are brought up to the present step first, so that all rows are at the same time. */
#ifndef RW_SIM_PLASTICITY_STATE_H
#define RW_SIM_PLASTICITY_STATE_H

#include "sim/run_state/archive.h"
#include "sim/simulation.h"

/* Saves or restores what a plastic projection keeps besides its synapses, under `group`. Collective. Errors: those of
 * the archive; RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_plasticity_archive(rw_simulation *sim, rw_projection *projection, const rw_archive *archive,
                                           const char *group);

#endif
