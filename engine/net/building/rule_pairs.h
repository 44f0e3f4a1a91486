/* Rules that decide about pairs: one_to_one, all_to_all, pairwise_bernoulli. */
#ifndef RW_NET_RULE_PAIRS_H
#define RW_NET_RULE_PAIRS_H

#include "net/building/pass.h"

extern const rw_rule rw_rule_one_to_one;
extern const rw_rule rw_rule_all_to_all;
extern const rw_rule rw_rule_pairwise_bernoulli;

#endif
