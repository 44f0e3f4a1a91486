/* The section signals: what drives growth, and how that becomes a factor on the formation of elements. */
#ifndef RW_CONFIG_SECTIONS_SIGNALS_SECTION_H
#define RW_CONFIG_SECTIONS_SIGNALS_SECTION_H

#include "config/key_table.h"

extern const rw_key_table rw_signal_table; /* of one */

#endif
