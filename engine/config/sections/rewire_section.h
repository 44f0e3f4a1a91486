/* rewire of a projection: how its synapses form and vanish. */
#ifndef RW_CONFIG_SECTIONS_REWIRE_SECTION_H
#define RW_CONFIG_SECTIONS_REWIRE_SECTION_H

#include "config/key_table.h"

extern const rw_key_table rw_rewire_table; /* of an rw_projection_spec */

#endif
