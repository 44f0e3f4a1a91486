/* What drives the cells of a circuit: spike trains of virtual cells, current clamps. */
#ifndef RW_IO_SONATA_SONATA_IN_INPUTS_H
#define RW_IO_SONATA_SONATA_IN_INPUTS_H

#include "io/sonata/sonata_reader.h"

/* Reads every input. Virtual cells without spikes are silent, which is told. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_read_inputs(rw_sonata_reader *reader);

#endif
