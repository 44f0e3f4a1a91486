/* Names of populations, projections and signals. */
#ifndef RW_CONFIG_REFERENCES_H
#define RW_CONFIG_REFERENCES_H

#include "config/reader.h"

/* The index of the population that `node` names. */
bool rw_read_population(rw_reader *r, const rw_node *node, uint32_t *population);

/* Marks the projections, of [n_projections], that `node` names: one or a list. */
void rw_read_projection_names(rw_reader *r, const rw_node *node, bool *of);

/* Reads places (populations, projections) of a receptor (NULL: any, unchecked); no node: every population that has the
 * receptor. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_read_places(rw_reader *r, const rw_node *on, const rw_model *receptor, rw_places *places);

/* The signal that `node` names; none, or no node: NULL. */
void rw_read_signal(rw_reader *r, const rw_node *node, const rw_signal_spec **signal);

#endif
