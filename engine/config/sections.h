/* The sections of a scenario, in the order in which they are read: later ones look at earlier ones.
 * Each takes the section's node (NULL: not there). What is wrong becomes a finding. Errors: RW_ERR_SYSTEM. */
#ifndef RW_CONFIG_SECTIONS_H
#define RW_CONFIG_SECTIONS_H

#include "config/reader.h"

/* populations: who exists. */
RW_MUST_CHECK rw_err rw_read_populations(rw_reader *r, const rw_node *node);

/* projections: who is connected to whom; puts their receptors on the populations. */
RW_MUST_CHECK rw_err rw_read_projections(rw_reader *r, const rw_node *node);

/* kernel, sigma, cutoff and exponent of a map that may have more keys; false if something is wrong with them. */
bool rw_read_kernel(rw_reader *r, const rw_node *map, size_t if_not_said, rw_kernel *kernel);

/* rewire of one projection, whose weights are in weight_unit. */
void rw_read_rewire(rw_reader *r, const rw_node *node, const char *weight_unit, rw_projection_spec *projection);

/* plasticity of one projection. */
RW_MUST_CHECK rw_err rw_read_plasticity(rw_reader *r, const rw_node *node, rw_projection_spec *projection);

/* inputs: what drives the cells; puts their receptors on the populations. */
RW_MUST_CHECK rw_err rw_read_inputs(rw_reader *r, const rw_node *node);

/* signals: what lets elements form faster. */
RW_MUST_CHECK rw_err rw_read_signals(rw_reader *r, const rw_node *node);

/* The signal that `node` names; none, or no node: NULL. */
void rw_read_signal_name(rw_reader *r, const rw_node *node, const rw_signal_spec **signal);

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

/* Whether a receptor acts in a population (projection NULL) or through one projection onto it. */
bool rw_has_receptor(const rw_population_spec *population, const rw_projection_spec *projection,
                     const rw_model *receptor);

/* The doses in a drug's map: one, or a list under `doses`. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_read_doses(rw_reader *r, const rw_node *node, rw_drug_spec *drug);

/* Reads the places (populations, projections) of a blockade of its receptor (NULL: any, unchecked); no node: every
 * population that has it. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_read_places(rw_reader *r, const rw_node *on, rw_blockade_spec *blockade);

/* glun2: the shares of a population's GluN2 subunits. */
void rw_read_glun2(rw_reader *r, const rw_node *node, rw_population_spec *population);

/* record: what is written down. */
RW_MUST_CHECK rw_err rw_read_record(rw_reader *r, const rw_node *node);

/* measures of record, whose snapshots and series have been read. */
RW_MUST_CHECK rw_err rw_read_measures(rw_reader *r, const rw_node *node);

/* checkpoint: when states are saved. */
RW_MUST_CHECK rw_err rw_read_checkpoint(rw_reader *r, const rw_node *node);

/* Reads a map of parameters and initial states of a model into settings, and asks the model whether they go together.
 * Calcium levels of growth models may be rates: per_hz is the calcium of 1 Hz (0: no). Keys in `other_keys` are left
 * to the caller. */
RW_MUST_CHECK rw_err rw_read_settings(rw_reader *r, const rw_node *node, const rw_model *model, double per_hz,
                                      const rw_key *other_keys, size_t n_other_keys, const rw_setting **settings,
                                      size_t *n_settings);

/* Reads {name: share, ...} of receptors and ports of a population, for spikes that come from cells or not; *unit is the
 * unit of weights on them, NULL if there is a finding. */
RW_MUST_CHECK rw_err rw_read_shares(rw_reader *r, const rw_node *node, uint32_t population, bool from_cells,
                                    const rw_share **shares, size_t *n_shares, const char **unit);

/* What the weight at `weight`, in `unit`, on these shares may be: conductances are not negative. */
rw_quantity rw_weight_quantity(const rw_node *weight, const rw_share *shares, size_t n_shares, const char *unit);

/* Puts a receptor on a population, if it is not there yet; *index is its place. */
RW_MUST_CHECK rw_err rw_add_receptor(rw_reader *r, rw_population_spec *population, const rw_model *receptor,
                                     size_t *index);

/* The model of a kind called `name`, or NULL and a finding at the node, or at its key. */
const rw_model *rw_find_model(rw_reader *r, const rw_node *node, const char *name, bool at_key, rw_kind kind);

/* The model of a kind that the text of `node` names, or NULL and a finding. */
const rw_model *rw_read_model(rw_reader *r, const rw_node *node, rw_kind kind);

/* Refuses more neurons or synapses than can be counted or kept in memory. */
void rw_check_size(rw_reader *r);

#endif
