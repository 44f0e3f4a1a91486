/* The section structure: when the network rewires. */
#ifndef RW_CONFIG_SECTIONS_STRUCTURE_SECTION_H
#define RW_CONFIG_SECTIONS_STRUCTURE_SECTION_H

#include "config/key_table.h"

extern const rw_key_table rw_structure_table;

/* Reads the section; nothing rewires without growth or a projection with rewire. Errors: RW_ERR_SYSTEM. */
rw_err rw_read_structure(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object);

/* Whether the network rewires. */
bool rw_structure_is_shown(const rw_scenario *scenario, const void *object);

/* Refuses more updates of connectivity than the age of a synapse can count; says which projections are dated. */
void rw_check_ages(rw_reader *r);

#endif
