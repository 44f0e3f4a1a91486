/* What a network will need, predicted from the scenario before it is built. */
#ifndef RW_NET_PREDICTION_H
#define RW_NET_PREDICTION_H

#include "config/scenario.h"
#include "net/partition.h"

/* Synapses that a projection will have at the start; a mean where the rule draws their number. */
double rw_predicted_synapses(const rw_scenario *scenario, const rw_projection_spec *spec);

/* Memory of the network on each of n_ranks with n_threads, bytes. */
double rw_predicted_bytes(const rw_scenario *scenario, int n_ranks, int n_threads);

/* What rank 0 needs beyond that, because it keeps the columns of all cells, bytes. */
double rw_predicted_extra_bytes(const rw_scenario *scenario, int n_ranks);

/* Whether the machine's memory can hold this rank's part of the network. Errors: RW_ERR_INPUT with what is needed and
 * what there is. */
RW_MUST_CHECK rw_err rw_prediction_check(const rw_scenario *scenario, const rw_partition *partition);

#endif
