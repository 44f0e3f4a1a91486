/* The section time: how long the run is, and how fast biology passes in it. */
#ifndef RW_CONFIG_SECTIONS_TIME_SECTION_H
#define RW_CONFIG_SECTIONS_TIME_SECTION_H

#include "config/key_table.h"

extern const rw_key_table rw_time_table;

#endif
