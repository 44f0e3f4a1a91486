/* Models by name, and maps of their parameters and initial states. */
#ifndef RW_CONFIG_MODEL_SETTINGS_H
#define RW_CONFIG_MODEL_SETTINGS_H

#include "config/key_table.h"

/* The model of a kind called `name`, or NULL and a diagnostic at the node, or at its key. */
const rw_model *rw_find_model(rw_reader *r, const rw_node *node, const char *name, bool at_key, rw_kind kind);

/* The model of a kind that the text of `node` names, or NULL and a diagnostic. */
const rw_model *rw_read_model(rw_reader *r, const rw_node *node, rw_kind kind);

/* Reads a map of parameters and initial states of a model into settings, and asks the model whether they go together.
 * Keys of the table `others` (may be NULL) are not parameters. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_read_settings(rw_reader *r, const rw_node *node, const rw_model *model,
                                      const rw_key_table *others, const rw_setting **settings, size_t *n_settings);

/* Says what is `wrong` at `node` if a setting differs between instances. */
void rw_check_constants(rw_reader *r, const rw_node *node, const rw_setting *settings, size_t n, const char *wrong);

#endif
