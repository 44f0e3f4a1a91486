/* The section lesions: what is taken away at a time. */
#ifndef RW_CONFIG_SECTIONS_LESIONS_SECTION_H
#define RW_CONFIG_SECTIONS_LESIONS_SECTION_H

#include "config/key_table.h"

extern const rw_key_table rw_lesion_table; /* of one */

#endif
