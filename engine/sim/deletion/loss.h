/* Deletion of synapses by loss, pruning and stress. */
#ifndef RW_SIM_LOSS_H
#define RW_SIM_LOSS_H

#include "sim/connectivity_update.h"

/* Deletes what is lost since the last update, with the dendritic elements. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_delete_lost(const rw_connectivity_update *update);

#endif
