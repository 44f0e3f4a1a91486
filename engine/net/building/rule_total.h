/* fixed_total_number: n synapses, every set of them as likely as any other.
 *
 * What a target gets is dealt first, its sources are drawn later. Most synapses are dealt by each target for itself: of
 * numbers that are independent and binomial (Poisson with multapses), given their sum, each way to place that many
 * synapses is equally likely. Their mean is so small that the sum is short of n, by some sqrt(n); the rest is then
 * dealt one by one, which keeps all ways equally likely. A sum beyond n is drawn again, which tells nothing about the
 * ways. */
#ifndef RW_NET_RULE_TOTAL_H
#define RW_NET_RULE_TOTAL_H

#include "net/building/pass.h"

extern const rw_rule rw_rule_fixed_total_number;

#endif
