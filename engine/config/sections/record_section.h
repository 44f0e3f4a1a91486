/* The section record: what is written down. */
#ifndef RW_CONFIG_SECTIONS_RECORD_SECTION_H
#define RW_CONFIG_SECTIONS_RECORD_SECTION_H

#include "config/key_table.h"

extern const rw_key_table rw_record_table;

#endif
