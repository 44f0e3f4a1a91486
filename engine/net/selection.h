/* Which cells of a population a selection of the scenario means. */
#ifndef RW_NET_SELECTION_H
#define RW_NET_SELECTION_H

#include "base/random.h"
#include "config/scenario.h"

/* The ids [selection->count] that a selection means in population `population`. A random selection draws
 * from `stream`. Free with rw_free. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_selection_ids(const rw_scenario *scenario, uint32_t population, const rw_selection *selection,
                                      rw_stream stream, uint64_t **ids);

#endif
