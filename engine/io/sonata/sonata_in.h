/* Reading circuits that others published in SONATA. */
#ifndef RW_IO_SONATA_SONATA_IN_H
#define RW_IO_SONATA_SONATA_IN_H

#include "config/scenario.h"

/* What is meant follows NEST's SonataNetwork, because circuits of point neurons are published for it:
 * - Node types name the models nest:iaf_psc_alpha, iaf_psc_exp, iaf_psc_delta, iaf_cond_exp or aeif_cond_exp. What
 *   their parameter files leave out has NEST's default, the initial potential too; conditions.v_init is not read.
 * - An edge's own syn_weight and delay come before those of its type's parameter file, these before the table's, these
 *   before NEST's static_synapse (weight 1, delay 1 ms); nsyns multiplies the weight.
 * - Weights < 0 act on the inhibitory synapse, in a projection of their own with the suffix __inh.
 * - target_query and source_query say how edges were made, and are not used.
 * One difference: a spike time off the grid goes to the nearest step (NEST: the next one). */

/* Reads a SONATA configuration (config.json, or a simulation configuration that names its network) with its nodes,
 * types, edges and spikes into a scenario. Overrides: run.tstop, run.dt, run.random_seed. Errors: RW_ERR_INPUT (what is
 * wrong in which file, dataset and row; a model that is not known), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_read(rw_scenario **scenario, const char *path, const rw_override *overrides,
                                    size_t n_overrides);

#endif
