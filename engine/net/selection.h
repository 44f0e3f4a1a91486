/* Which cells of a population a selection of the scenario means. */
#ifndef RW_NET_SELECTION_H
#define RW_NET_SELECTION_H

#include "config/scenario.h"

/* The ids [selection->count] that a selection means in population `population`. `what` distinguishes selections that
 * draw at random. Free with rw_free. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_selection_ids(const rw_scenario *scenario, uint32_t population, const rw_selection *selection,
                                      uint32_t what, uint64_t **ids);

#endif
