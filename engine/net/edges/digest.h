/* Digests: whether what was built again is what was there before. */
#ifndef RW_NET_DIGEST_H
#define RW_NET_DIGEST_H

#include "net/population.h"
#include "net/projection.h"

/* A number that is almost certainly equal only for equal synapses: of source, target, weight and delay of each, on any
 * ranks and threads. Weights count only with `weights`. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_projection_digest(const rw_partition *partition, const rw_projection *projection, bool weights,
                                          uint64_t *digest);

/* The same for the positions of the cells of a population. */
uint64_t rw_population_digest(const rw_population *population);

#endif
