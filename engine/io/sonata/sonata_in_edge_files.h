/* The edges of a circuit: from its files to projections. */
#ifndef RW_IO_SONATA_SONATA_IN_EDGE_FILES_H
#define RW_IO_SONATA_SONATA_IN_EDGE_FILES_H

#include "io/sonata/sonata_reader.h"

/* Reads every edge population of every edges file into projections. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_read_edges(rw_sonata_reader *reader);

#endif
