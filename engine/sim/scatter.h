/* Delivery: every spike of a block walks its rows and adds weights to the bins in which they will arrive. */
#ifndef RW_SIM_SCATTER_H
#define RW_SIM_SCATTER_H

#include "sim/worker.h"

/* Delivers every spike of the block [step, step + n) to the cells of `worker`. */
void rw_worker_scatter(rw_worker *worker, const rw_simulation *sim, uint64_t step, uint32_t n);

#endif
