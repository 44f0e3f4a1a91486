/* Receptor instances: projections and inputs that act on a receptor in the same way share one. */
#ifndef RW_NET_RECEPTOR_INSTANCES_H
#define RW_NET_RECEPTOR_INSTANCES_H

#include "net/network.h"

/* The instance of receptor `spec` of population `index` that `projection` (-1: an input) acts on; adds it if it is new.
 * Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_receptor_instances_find(const rw_network *network, uint32_t index, size_t spec,
                                                rw_glun2 subunit, int64_t projection, size_t *found);

/* Share of a receptor's weight that goes to a subunit; if the receptor is not split by subunit, all goes to
 * RW_GLUN2_COUNT. */
double rw_receptor_subunit_share(const rw_population_spec *population, size_t spec, rw_glun2 subunit);

/* One typical instance of a receptor of a population: constants as set, distributions at their mean, and what the
 * subunit (RW_GLUN2_COUNT: none) changes. Errors: RW_ERR_SYSTEM, RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_receptor_typical(rw_block *block, const rw_scenario *scenario,
                                         const rw_population_spec *population, size_t receptor, rw_glun2 subunit);

#endif
