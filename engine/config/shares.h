/* Where spikes act: receptors and ports of a population, and what a weight on them may be. */
#ifndef RW_CONFIG_SHARES_H
#define RW_CONFIG_SHARES_H

#include "config/reader.h"

/* Puts a receptor on a population, if it is not there yet; *index is its place. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_add_receptor(rw_reader *r, rw_population_spec *population, const rw_model *receptor,
                                     size_t *index);

/* Whether a receptor acts in a population (projection NULL) or through one projection onto it. */
bool rw_has_receptor(const rw_population_spec *population, const rw_projection_spec *projection,
                     const rw_model *receptor);

/* Reads {name: share, ...} of receptors and ports of a population, for spikes that come from cells or not. Errors:
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_read_shares(rw_reader *r, const rw_node *node, uint32_t population, bool from_cells,
                                    const rw_share **shares, size_t *n_shares);

/* What a weight on shares of a population may be: conductances are not negative. The unit is NULL without shares. */
rw_quantity rw_weight_quantity(const rw_scenario *scenario, uint32_t population, const rw_share *shares,
                               size_t n_shares, bool drawn);

/* The unit of weights on these shares; "1" without any. */
const char *rw_shares_unit(const rw_population_spec *population, const rw_share *shares, size_t n_shares);

/* Whether each of these shares, and there is one, is of an inhibitory receptor or port. */
bool rw_shares_inhibit(const rw_population_spec *population, const rw_share *shares, size_t n_shares);

#endif
