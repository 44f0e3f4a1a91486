/* Parameters of the models of NEST and NEURON. */
#ifndef RW_IO_SONATA_SONATA_IN_NEST_H
#define RW_IO_SONATA_SONATA_IN_NEST_H

#include "io/sonata/sonata_in_models.h"
#include "io/sonata/sonata_reader.h"

/* Fills the neuron model, receptors and settings of a population from its types' parameter files.
 * Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_nest_settings(rw_sonata_reader *reader, size_t population);

#endif
