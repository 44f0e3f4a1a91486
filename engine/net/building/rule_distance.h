/* distance: each pair with probability p x kernel(d).
 *
 * Exact at any range, without looking at every pair: sources are sorted into boxes of a grid. No source of a
 * box is nearer to a target than the box's near side, so p x kernel there bounds their probabilities; candidates are
 * chosen with that bound by an exponential clock that runs on from box to box, and kept with the ratio to the true
 * value. */
#ifndef RW_NET_RULE_DISTANCE_H
#define RW_NET_RULE_DISTANCE_H

#include "net/building/pass.h"

extern const rw_rule rw_rule_distance;

#endif
