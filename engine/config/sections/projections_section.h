/* The section projections: who is connected to whom, how, and how strongly. */
#ifndef RW_CONFIG_SECTIONS_PROJECTIONS_SECTION_H
#define RW_CONFIG_SECTIONS_PROJECTIONS_SECTION_H

#include "config/key_table.h"

extern const rw_key_table rw_projection_table; /* of one */

/* Reads the section and gives names to projections that have none. Errors: RW_ERR_SYSTEM. */
rw_err rw_read_projections(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object);

#endif
