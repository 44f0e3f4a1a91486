/* Node sets. */
#ifndef RW_IO_SONATA_SONATA_IN_SETS_H
#define RW_IO_SONATA_SONATA_IN_SETS_H

#include "io/sonata/sonata_reader.h"

/* The cells of one population that a node set has. */
typedef struct {
    size_t population;
    rw_selection cells; /* at least one */
} rw_sonata_part;

/* The cells that a node set stands for: `node` is the name of a set or population ('all': every cell), a rule, or a
 * list of these, which means all of their cells. In a rule every key holds: population (one, or a list of them; without
 * it all), node_id, and attributes of the nodes or their types with a value, a list of values, or limits {"$gt": 1}.
 * parts [n] by population, ascending. Errors: RW_ERR_INPUT (unknown, empty), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_node_set(rw_sonata_reader *reader, const rw_node *node, const rw_sonata_part **parts,
                                        size_t *n);

#endif
