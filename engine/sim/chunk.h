/* The update of neurons: a chunk that fits in the first-level cache runs through all steps of the block. */
#ifndef RW_SIM_CHUNK_H
#define RW_SIM_CHUNK_H

#include "sim/worker.h"

/* Allocates the buffers of a worker's chunks. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_scratch_create(rw_worker *worker, const rw_simulation *sim);

/* Frees them; a worker without any is fine. */
void rw_scratch_destroy(rw_worker *worker);

/* Advances the cells of `worker` over the steps [step, step + n) and lists their spikes. */
void rw_worker_update(rw_worker *worker, rw_simulation *sim, uint64_t step, uint32_t n);

#endif
