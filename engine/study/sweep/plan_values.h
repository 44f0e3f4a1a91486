/* Values in sweep.yaml that its sections share: text, numbers with units, keys of the scenario. */
#ifndef RW_STUDY_SWEEP_PLAN_VALUES_H
#define RW_STUDY_SWEEP_PLAN_VALUES_H

#include "config/reader.h"
#include "study/sweep/sweep_plan.h"

/* The text that `--set` would take for a node. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sweep_plan_node_text(rw_reader *r, const rw_node *node, const char **text);

/* Splits "0.5 mg/kg" into number and unit; false if it does not begin with a number. */
bool rw_sweep_plan_split_number(const char *text, double *number, const char **unit);

/* Reads a list of two numbers with one unit; false after a diagnostic. */
bool rw_sweep_plan_read_pair(rw_reader *r, const rw_node *node, double pair[2], const char **unit);

/* Reads a key of the scenario, or a list of them. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sweep_plan_read_keys(rw_reader *r, const rw_node *node, rw_keys *keys);

/* Reads a map of scenario keys and values. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sweep_plan_read_set(rw_reader *r, const rw_node *node, const rw_override **set, size_t *n_set);

#endif
