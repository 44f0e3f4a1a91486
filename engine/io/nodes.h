/* The cells: SONATA nodes file and node types. */
#ifndef RW_IO_NODES_H
#define RW_IO_NODES_H

#include "io/directory.h"
#include "sim/simulation.h"

/* Writes the cells as they are now: nodes.h5 and node_types.csv. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_nodes_write(rw_directory *directory, const rw_simulation *sim);

#endif
