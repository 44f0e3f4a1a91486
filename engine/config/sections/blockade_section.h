/* The section blockade: factors on the conductance of receptors. */
#ifndef RW_CONFIG_SECTIONS_BLOCKADE_SECTION_H
#define RW_CONFIG_SECTIONS_BLOCKADE_SECTION_H

#include "config/key_table.h"

extern const rw_key_table rw_factor_table; /* of one */

#endif
