/* fixed_total_number: n synapses, every set of them equally likely.
 *
 * The in-degree of each target is drawn first, its sources later. In-degrees that are independent and binomial (Poisson
 * with multapses) make every set equally likely, given their sum. Each target draws one, with a mean so small that the
 * sum stays below n, by a few sqrt(n); the remaining synapses are drawn one by one, which keeps all sets equally
 * likely. A sum above n is drawn again; since that depends on the sum alone, it favours no set. */
#ifndef RW_NET_RULE_TOTAL_H
#define RW_NET_RULE_TOTAL_H

#include "net/building/pass.h"

extern const rw_rule rw_rule_fixed_total_number;

#endif
