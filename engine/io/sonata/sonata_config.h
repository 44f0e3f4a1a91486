/* The entry points of a result in SONATA form. */
#ifndef RW_IO_SONATA_SONATA_CONFIG_H
#define RW_IO_SONATA_SONATA_CONFIG_H

#include "io/directory.h"
#include "net/network.h"

/* Writes circuit_config.json, simulation_config.json and node_sets.json. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_config_write(rw_directory *directory, const rw_network *network);

#endif
