/* Reading circuits that others published in SONATA. */
#ifndef RW_IO_SONATA_SONATA_IN_H
#define RW_IO_SONATA_SONATA_IN_H

#include "config/scenario.h"

/* What is meant follows NEST's SonataNetwork, because circuits of point neurons are published for it:
 * - Node types name the models nest:iaf_psc_alpha, iaf_psc_exp, iaf_psc_delta, iaf_cond_exp, aeif_cond_exp or glif_psc.
 *   What their parameter files leave out has NEST's default, the initial potential too; conditions.v_init is not read.
 * - nest:glif_lif_psc and its relatives are glif_psc with the switches of their names; BMTK reads files of the Allen
 * Cell Types Database for them, and so does this.
 * - A population may mix glif_psc and iaf_psc_alpha, which is the first GLIF model.
 * - nrn:IntFire1 and its synapses are read as BMTK does: tau and refrac in seconds, weights times sign.
 * - An edge's own syn_weight and delay come before those of its type's parameter file, these before the table's, these
 *   before NEST's static_synapse (weight 1, delay 1 ms); nsyns multiplies the weight.
 * - Weights < 0 act on the inhibitory synapse, in a projection of their own with the suffix __inh. Onto GLIF cells, the
 *   synapse's receptor_type n chooses: it is on the port syn_n, in a projection with this suffix.
 * - target_query and source_query say how edges were made, and are not used.
 * - A spike time off the grid goes to the next step. */

/* Reads a SONATA configuration (config.json, or a simulation configuration that names its network) with its nodes,
 * types, edges and spikes into a scenario. Overrides: run.tstop, run.dt, run.random_seed. Errors: RW_ERR_INPUT (what is
 * wrong in which file, dataset and row; a model that is not known), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_read(rw_scenario **scenario, const char *path, const rw_override *overrides,
                                    size_t n_overrides);

#endif
