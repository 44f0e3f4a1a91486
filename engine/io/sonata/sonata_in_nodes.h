/* Populations of a circuit, their models and parameters. */
#ifndef RW_IO_SONATA_SONATA_IN_NODES_H
#define RW_IO_SONATA_SONATA_IN_NODES_H

#include "io/sonata/sonata_reader.h"

/* Reads every population of every nodes file. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_read_nodes(rw_sonata_reader *reader);

/* Index of a population by name, or SIZE_MAX. */
size_t rw_sonata_population_find(const rw_scenario *scenario, const char *name);

/* Attribute `column` of node i as the file has it: of the node itself, else of its type; *number is NaN and *text NULL
 * if it is not there. */
void rw_sonata_node_attribute(const rw_sonata_population *of, uint64_t i, const char *column, const char **text,
                              double *number);

#endif
