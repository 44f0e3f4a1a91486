/* The section space: where the cells are. */
#ifndef RW_CONFIG_SECTIONS_SPACE_SECTION_H
#define RW_CONFIG_SECTIONS_SPACE_SECTION_H

#include "config/key_table.h"

extern const rw_key_table rw_space_table;

#endif
