/* The section drugs: what is given, what the body does with it, and how it acts on which receptors. */
#ifndef RW_CONFIG_SECTIONS_DRUGS_SECTION_H
#define RW_CONFIG_SECTIONS_DRUGS_SECTION_H

#include "config/key_table.h"

extern const rw_key_table rw_drug_table; /* of one */

#endif
