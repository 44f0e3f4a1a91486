/* The table of node types of a result: one line for each population, or for each type of a circuit's population. */
#ifndef RW_IO_NODE_TYPES_H
#define RW_IO_NODE_TYPES_H

#include "config/scenario.h"
#include "io/directory.h"

/* The id of a type of a population in the table. A population that is from no circuit has one type, 0, whose id is the
 * population's number; types of a circuit keep their ids unless another has it already. */
int64_t rw_node_type_id(const rw_scenario *scenario, size_t population, size_t type);

/* Where the table keeps the ids of a circuit's own table. */
#define RW_NODE_TYPES_SOURCE_ID "source_node_type_id"

/* What a column of the table was called in the circuit's own table; NULL: it is one of ours. */
const char *rw_node_types_source(const char *column);

/* Writes node_types.csv. The columns of a circuit's own tables follow ours; its node_type_id, model_template and
 * dynamics_params, which mean its own files, are called source_node_type_id and so on. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_node_types_write(rw_directory *directory, const rw_scenario *scenario);

#endif
