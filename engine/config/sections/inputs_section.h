/* The section inputs: what drives the cells from outside. */
#ifndef RW_CONFIG_SECTIONS_INPUTS_SECTION_H
#define RW_CONFIG_SECTIONS_INPUTS_SECTION_H

#include "config/key_table.h"

extern const rw_key_table rw_input_table; /* of one */

#endif
