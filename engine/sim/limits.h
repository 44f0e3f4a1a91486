/* The limits of this machine, measured now, with which delivery is compared. */
#ifndef RW_SIM_LIMITS_H
#define RW_SIM_LIMITS_H

#include <stddef.h>

#include "base/error.h"

/* What is measured: every thread walks synapses of its own. */
typedef struct {
    size_t bytes;      /* of synapses per thread; what fits in a cache is measured from that cache */
    size_t row_length; /* synapses that are delivered at a time, >= 1 */
    size_t n_cells;    /* that they are spread over, targets ascending in a row; row_length .. 65536 */
    int n_threads;     /* that run at the same time */
} rw_limits_setting;

/* Per thread, while all run; the best of several passes. */
typedef struct {
    double read_bytes_per_s;      /* summing words */
    double accumulate_ns;         /* per event: an 8-byte synapse is read and added to its target */
    double accumulate_compact_ns; /* the same with 2-byte synapses of one weight */
} rw_limits;

/* Measures for about 0.1 s. Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_limits_measure(rw_limits *limits, const rw_limits_setting *setting);

#endif
