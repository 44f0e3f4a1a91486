/* The synapses of one projection, saved and restored: those that form and vanish one by one, ordered by
 * (source, target, uid); the others, which the seed gives again, as a digest. */
#ifndef RW_SIM_SYNAPSE_STATE_H
#define RW_SIM_SYNAPSE_STATE_H

#include "net/network.h"
#include "sim/run_state/archive.h"

/* Saves or restores the synapses of a projection under `group`. Collective. Errors: those of the archive;
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_projection_archive(rw_network *network, rw_projection *projection, const rw_archive *archive,
                                           const char *group);

#endif
