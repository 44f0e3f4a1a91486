/* The section populations: who exists, of which model, with which parameters. */
#ifndef RW_CONFIG_SECTIONS_POPULATIONS_SECTION_H
#define RW_CONFIG_SECTIONS_POPULATIONS_SECTION_H

#include "config/key_table.h"

extern const rw_key_table rw_population_table; /* of one */

/* Reads the section, whose names later sections refer to. Errors: RW_ERR_SYSTEM. */
rw_err rw_read_populations(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object);

/* Parameters and initial states of cells with a nodes file that the scenario does not give become tables without
 * numbers, which rw_node_tables_load fills in. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_populations_leave_open(rw_scenario *scenario);

#endif
