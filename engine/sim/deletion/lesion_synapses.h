/* The synapses that a lesion cuts. */
#ifndef RW_SIM_SEVER_H
#define RW_SIM_SEVER_H

#include "sim/simulation.h"

/* Cuts the synapses that lesion `k` severs, and tells of them: the structure's events of projections that rewire, the
 * lesions' events of the others. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_lesion_delete(rw_simulation *sim, size_t k);

/* Cuts those of projections that do not rewire which lesions up to the present step have cut, in a run that begins here
 * and has them from the seed. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_lesions_delete_again(rw_simulation *sim);

#endif
