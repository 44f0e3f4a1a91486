/* Serial numbers of the synapses of each source. */
#ifndef RW_NET_SERIALS_H
#define RW_NET_SERIALS_H

#include "net/projection.h"

/* Numbers the synapses of a thread's new rows: the serial is the rank among the source's synapses on all workers, by
 * (target, slot). earlier [n_sources]: synapses on the ranks before. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_projection_number(rw_projection *projection, int thread, const uint32_t *earlier);

/* Counts the synapses of each source: *earlier [n_sources] those on the ranks before this one (rw_free it), and in
 * total [n_sources], unless that is NULL, those on all ranks. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_projection_serials(const rw_partition *partition, const rw_projection *projection,
                                           uint32_t **earlier, uint32_t *total);

#endif
