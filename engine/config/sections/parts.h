/* What several sections of a scenario have in common, and what a section holds that has a file of its own.
 * What is wrong becomes a diagnostic. Errors: RW_ERR_SYSTEM. */
#ifndef RW_CONFIG_SECTIONS_PARTS_H
#define RW_CONFIG_SECTIONS_PARTS_H

#include "config/reader.h"

/* The model of a kind called `name`, or NULL and a diagnostic at the node, or at its key. */
const rw_model *rw_find_model(rw_reader *r, const rw_node *node, const char *name, bool at_key, rw_kind kind);

/* The model of a kind that the text of `node` names, or NULL and a diagnostic. */
const rw_model *rw_read_model(rw_reader *r, const rw_node *node, rw_kind kind);

/* Reads a map of parameters and initial states of a model into settings, and asks the model whether they go together.
 * Calcium levels of growth models may be rates: per_hz is the calcium of 1 Hz (0: no). Keys in `other_keys` are left
 * to the caller. */
RW_MUST_CHECK rw_err rw_read_settings(rw_reader *r, const rw_node *node, const rw_model *model, double per_hz,
                                      const rw_key *other_keys, size_t n_other_keys, const rw_setting **settings,
                                      size_t *n_settings);

/* Puts a receptor on a population, if it is not there yet; *index is its place. */
RW_MUST_CHECK rw_err rw_add_receptor(rw_reader *r, rw_population_spec *population, const rw_model *receptor,
                                     size_t *index);

/* Reads {name: share, ...} of receptors and ports of a population, for spikes that come from cells or not; *unit is the
 * unit of weights on them, NULL if there is a diagnostic. */
RW_MUST_CHECK rw_err rw_read_shares(rw_reader *r, const rw_node *node, uint32_t population, bool from_cells,
                                    const rw_share **shares, size_t *n_shares, const char **unit);

/* What the weight at `weight`, in `unit`, on these shares may be: conductances are not negative. */
rw_quantity rw_weight_quantity(const rw_node *weight, const rw_share *shares, size_t n_shares, const char *unit);

/* kernel, sigma, cutoff and exponent of a map that may have more keys; false if something is wrong with them. */
bool rw_read_kernel(rw_reader *r, const rw_node *map, size_t if_not_said, rw_kernel *kernel);

/* rewire of one projection, whose weights are in weight_unit. */
void rw_read_rewire(rw_reader *r, const rw_node *node, const char *weight_unit, rw_projection_spec *projection);

/* plasticity of one projection. */
RW_MUST_CHECK rw_err rw_read_plasticity(rw_reader *r, const rw_node *node, rw_projection_spec *projection);

/* The signal that `node` names; none, or no node: NULL. */
void rw_read_signal_name(rw_reader *r, const rw_node *node, const rw_signal_spec **signal);

/* Whether a receptor acts in a population (projection NULL) or through one projection onto it. */
bool rw_has_receptor(const rw_population_spec *population, const rw_projection_spec *projection,
                     const rw_model *receptor);

/* Reads places (populations, projections) of a receptor (NULL: any, unchecked); no node: every population that has it.
 * Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_read_places(rw_reader *r, const rw_node *on, const rw_model *receptor, rw_places *places);

/* The doses in a drug's map: one, or a list under `doses`. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_read_doses(rw_reader *r, const rw_node *node, rw_drug_spec *drug);

/* measures of record, whose snapshots and series have been read. */
RW_MUST_CHECK rw_err rw_read_measures(rw_reader *r, const rw_node *node);

#endif
