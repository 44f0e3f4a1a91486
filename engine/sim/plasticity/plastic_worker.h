/* A worker's plastic projections: what they record of a block, and how their spikes are delivered. */
#ifndef RW_SIM_PLASTIC_WORKER_H
#define RW_SIM_PLASTIC_WORKER_H

#include "sim/connectivity_update.h"
#include "sim/worker.h"

/* Creates the worker's plastic projections. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_worker_create_plastic(rw_worker *worker, const rw_network *network);

/* Frees them; a worker without any is fine. */
void rw_worker_destroy_plastic(rw_worker *worker, const rw_network *network);

/* Records the blockade of NMDA receptors and the worker's own spikes of the block [step, step + n). */
void rw_worker_inform_plastic(rw_worker *worker, const rw_simulation *sim, uint64_t step, uint32_t n);

/* Before the spikes of a block's step k, stamped `stamp`, are delivered: target factors change when they are due. */
void rw_worker_tick_plastic(rw_worker *worker, const rw_network *network, uint32_t k, uint64_t stamp);

/* What sources ids [n] release at their spikes: factors [n] of all their weights, valid until the next call; NULL: all
 * are 1. */
const float *rw_worker_release(rw_worker *worker, const rw_projection *projection, const uint32_t *ids, uint32_t n,
                               uint64_t stamp);

/* Delivers the spikes of sources ids [n] in a block's step k of a projection whose synapses are plastic one by one;
 * jumps [n] are those of the presynaptic gate, if there is one. */
void rw_worker_deliver_plastic(rw_worker *worker, const rw_projection *projection, const uint32_t *ids,
                               const float *jumps, uint32_t n, uint32_t k, uint64_t stamp);

/* Brings the weights of plastic synapses up to the present step, for observers that read them; later results do not
 * change. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_update_weights(const rw_simulation *sim);

/* Brings rows of the simulation's plastic projections up to date. */
rw_row_synchroniser rw_simulation_plastic_rows(const rw_simulation *sim);

/* Lets rules follow kinetic blocks: takes their present means. At steps that do not depend on the observers.
 * Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_follow_blocks(rw_simulation *sim);

/* What went wrong in plastic projections since the start. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_plastic_error(const rw_simulation *sim);

#endif
