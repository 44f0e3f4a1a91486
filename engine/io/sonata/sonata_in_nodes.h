/* Populations of a circuit, their models and parameters. */
#ifndef RW_IO_SONATA_SONATA_IN_NODES_H
#define RW_IO_SONATA_SONATA_IN_NODES_H

#include "io/sonata/sonata_reader.h"

/* Reads every population of every nodes file. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_read_nodes(rw_sonata_reader *reader);

/* Type ids of a population group: fills *count and *type_id (rw_free it). Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_nodes_load(const rw_h5_location *group, uint64_t *count, uint64_t **type_id);

/* Index of a population by name, or SIZE_MAX. */
size_t rw_sonata_population_find(const rw_scenario *scenario, const char *name);

#endif
