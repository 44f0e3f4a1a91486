/* The section growth: how synaptic elements grow. */
#ifndef RW_CONFIG_SECTIONS_GROWTH_SECTION_H
#define RW_CONFIG_SECTIONS_GROWTH_SECTION_H

#include "config/key_table.h"

extern const rw_key_table rw_growth_table;   /* of one rule */
extern const char *const rw_element_names[]; /* [RW_ELEMENT_KINDS] */

/* Reads the section; what rewires needs rules for both sides. Errors: RW_ERR_SYSTEM. */
rw_err rw_read_growth(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object);

#endif
