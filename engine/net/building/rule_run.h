/* Runs a rule: the passes of all threads, at once or in rounds in which the ranks exchange what they drew. */
#ifndef RW_NET_RULE_RUN_H
#define RW_NET_RULE_RUN_H

#include "net/building/pass.h"

/* Lets a rule list the synapses of all threads: passes [n_threads], set by the caller. Collective.
 * Errors: RW_ERR_SYSTEM, those of the rule. */
RW_MUST_CHECK rw_err rw_rule_run(rw_connection *connection, const rw_rule *rule, rw_pass *passes);

#endif
