/* Types of edges: what a table and the files it names say of them, and which columns mean something. */
#ifndef RW_IO_SONATA_SONATA_IN_EDGE_TYPES_H
#define RW_IO_SONATA_SONATA_IN_EDGE_TYPES_H

#include "io/sonata/sonata_in_edges.h"
#include "io/sonata/sonata_in_models.h"
#include "io/sonata/sonata_in_table.h"
#include "io/sonata/sonata_reader.h"

/* What an edge type says; NEST's defaults if it says nothing. */
typedef struct {
    double weight, delay_ms, n_synapses;
    double sign;       /* of synapses onto cells of NEURON */
    uint64_t receptor; /* receptor_type; 0: the weight's sign chooses */
} rw_sonata_edge_type;

/* Reads a row of the table of types, for synapses onto cells of `nest`. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_edge_type_read(rw_sonata_reader *reader, const rw_sonata_table *types, size_t row,
                                              const rw_sonata_nest *nest, rw_sonata_edge_type *type);

/* Refuses columns of the table that would change the circuit under another name, and tells of those that are not read.
 * Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_edge_types_check(rw_sonata_reader *reader, const rw_sonata_table *types);

/* The same for the datasets of the edges' groups, and for parameters of single edges. */
RW_MUST_CHECK rw_err rw_sonata_edge_attributes_check(rw_sonata_reader *reader, const rw_sonata_edges *edges,
                                                     const rw_h5_location *group);

#endif
