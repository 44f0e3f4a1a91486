/* Synapses that a scenario takes from SONATA edges files (rule `file`). */
#ifndef RW_IO_EDGES_EDGE_TABLES_H
#define RW_IO_EDGES_EDGE_TABLES_H

#include "config/scenario.h"

/* Fills the tables of all projections of rule `file`. Errors: RW_ERR_INPUT (no such file or population, other
 * populations or units than the projection has, a value out of range), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_edge_tables_load(rw_scenario *scenario);

#endif
