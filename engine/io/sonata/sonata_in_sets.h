/* Node sets. */
#ifndef RW_IO_SONATA_SONATA_IN_SETS_H
#define RW_IO_SONATA_SONATA_IN_SETS_H

#include "io/sonata/sonata_reader.h"

/* The cells that a node set stands for: `node` is its name, a population's name, or a rule; *population is where they
 * are. Errors: RW_ERR_INPUT (unknown, of several populations, empty), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_node_set(rw_sonata_reader *reader, const rw_node *node, size_t *population,
                                        rw_selection *selection);

#endif
