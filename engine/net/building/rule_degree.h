/* Rules that fix the number of synapses of each cell: fixed_indegree, fixed_outdegree. */
#ifndef RW_NET_RULE_DEGREE_H
#define RW_NET_RULE_DEGREE_H

#include "net/building/pass.h"

extern const rw_rule rw_rule_fixed_indegree;
extern const rw_rule rw_rule_fixed_outdegree;

#endif
