/* The mean weight of a projection's synapses: a series. */
#ifndef RW_IO_MEAN_WEIGHT_H
#define RW_IO_MEAN_WEIGHT_H

#include "net/network.h"

/* Over the `count` synapses of all ranks, in the unit of the weights; NaN without synapses. The threads share the work;
 * the sum is exact. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_mean_weight(const rw_network *network, const rw_projection *projection, uint64_t count,
                                    double *mean);

#endif
