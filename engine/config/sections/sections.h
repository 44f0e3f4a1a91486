/* The sections of a scenario, in the order in which they are read: later ones look at earlier ones.
 * Each takes the section's node (NULL: not there). What is wrong becomes a diagnostic. Errors: RW_ERR_SYSTEM. */
#ifndef RW_CONFIG_SECTIONS_SECTIONS_H
#define RW_CONFIG_SECTIONS_SECTIONS_H

#include "config/reader.h"

/* populations: who exists. */
RW_MUST_CHECK rw_err rw_read_populations(rw_reader *r, const rw_node *node);

/* projections: who is connected to whom; puts their receptors on the populations. */
RW_MUST_CHECK rw_err rw_read_projections(rw_reader *r, const rw_node *node);

/* inputs: what drives the cells; puts their receptors on the populations. */
RW_MUST_CHECK rw_err rw_read_inputs(rw_reader *r, const rw_node *node);

/* signals: what lets elements form faster. */
RW_MUST_CHECK rw_err rw_read_signals(rw_reader *r, const rw_node *node);

/* structure and growth: when the network rewires and how its synaptic elements grow. */
RW_MUST_CHECK rw_err rw_read_structure(rw_reader *r, const rw_node *structure, const rw_node *growth);

/* lesions: what is taken away at a time. */
RW_MUST_CHECK rw_err rw_read_lesions(rw_reader *r, const rw_node *node);

/* Refuses more updates of connectivity than the age of a synapse can count; says which projections are dated. */
void rw_check_ages(rw_reader *r);

/* blockade: factors on receptors that are there. */
RW_MUST_CHECK rw_err rw_read_blockades(rw_reader *r, const rw_node *node);

/* drugs: what is given, and the blockades that come of it. */
RW_MUST_CHECK rw_err rw_read_drugs(rw_reader *r, const rw_node *node);

/* record: what is written down. */
RW_MUST_CHECK rw_err rw_read_record(rw_reader *r, const rw_node *node);

/* checkpoint: when states are saved. */
RW_MUST_CHECK rw_err rw_read_checkpoint(rw_reader *r, const rw_node *node);

/* Refuses more neurons or synapses than can be counted or kept in memory. */
void rw_check_size(rw_reader *r);

#endif
