/* plasticity of a projection: how its synapses change. */
#ifndef RW_CONFIG_SECTIONS_PLASTICITY_SECTION_H
#define RW_CONFIG_SECTIONS_PLASTICITY_SECTION_H

#include "config/key_table.h"

/* Reads the models of plasticity of a projection. Errors: RW_ERR_SYSTEM. */
rw_err rw_read_plasticity(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object);

#endif
