/* The table of a whole scenario: its sections, in the order in which they are read and written. */
#ifndef RW_CONFIG_SCENARIO_TABLE_H
#define RW_CONFIG_SCENARIO_TABLE_H

#include "config/key_table.h"

extern const rw_key_table rw_scenario_table;

#endif
