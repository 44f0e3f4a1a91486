/* The synapses that a lesion deletes. */
#ifndef RW_SIM_LESION_SYNAPSES_H
#define RW_SIM_LESION_SYNAPSES_H

#include "sim/connectivity_update.h"

/* Deletes the synapses that lesion `index` of the scenario takes from its cells, hit [population], and logs them; adds
 * to *n_structural how many of them are of projections that rewire. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_lesion_delete(const rw_connectivity_update *update, size_t index, const bool *hit,
                                      uint64_t *n_structural);

/* Deletes those of projections that do not rewire, without logging them: in a run that begins behind the lesion and has
 * built these synapses from the seed. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_lesion_delete_again(const rw_connectivity_update *update, size_t index, const bool *hit);

#endif
