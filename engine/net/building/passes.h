/* Runs a rule: the passes of all threads, at once or in rounds in which the ranks exchange what they drew. */
#ifndef RW_NET_PASSES_H
#define RW_NET_PASSES_H

#include "net/building/pass.h"

/* Lists the synapses of all threads: passes [n_threads], begun by the caller. Collective.
 * Errors: RW_ERR_SYSTEM, those of the rule. */
RW_MUST_CHECK rw_err rw_passes_list(rw_connection *connection, const rw_rule *rule, rw_pass *passes);

#endif
