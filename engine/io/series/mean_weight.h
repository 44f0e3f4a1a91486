/* The mean weights of projections: a series. */
#ifndef RW_IO_MEAN_WEIGHT_H
#define RW_IO_MEAN_WEIGHT_H

#include "net/network.h"

/* Of a projection. */
typedef struct {
    bool wanted;    /* the mean is to be found; otherwise it stays */
    uint64_t count; /* synapses of all ranks */
    double mean;    /* in the unit of the weights; NaN without synapses */
} rw_mean_weight;

/* Finds the means that are wanted among those of all projections [n_projections]. The threads share the work; the sums
 * are exact. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_mean_weights(const rw_network *network, rw_mean_weight *weights);

#endif
