/* Cells that a scenario takes from the nodes of a result (populations.NAME.nodes). */
#ifndef RW_IO_NODE_TABLES_H
#define RW_IO_NODE_TABLES_H

#include "config/scenario.h"
#include "io/input_files.h"

/* Gives every population that names a nodes file what its settings leave open, and its origin: what the node types
 * beside the file say of the circuit that its cells are from. Errors: RW_ERR_INPUT (no such file or population, another
 * model or number of cells, a value out of range, cells that have positions in a scenario with a space),
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_node_tables_load(rw_scenario *scenario);

/* Adds a nodes file, and the node types beside it, to the files that are read. Errors: those of rw_input_files_add. */
RW_MUST_CHECK rw_err rw_node_tables_add(rw_input_files *list, rw_arena *arena, const char *nodes);

#endif
