/* measures of the section record: what is measured of the connectivity, where, and how often. */
#ifndef RW_CONFIG_SECTIONS_MEASURES_SECTION_H
#define RW_CONFIG_SECTIONS_MEASURES_SECTION_H

#include "config/key_table.h"

extern const rw_key_table rw_measures_table;
extern const char *const rw_measure_names[]; /* [RW_MEASURE_KINDS] */

#endif
