/* Accepted requests become synapses. */
#ifndef RW_SIM_COMMIT_H
#define RW_SIM_COMMIT_H

#include "sim/connectivity_update.h"
#include "sim/formation/creation_requests.h"

/* Creates the synapses of the first n requests, the same on every rank, and logs them; the rank of a target stores its
 * synapse. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_commit_synapses(const rw_connectivity_update *update, const rw_creation_requests *requests,
                                        size_t n, const rw_vacant_partners *partners);

#endif
