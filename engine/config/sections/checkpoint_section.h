/* The section checkpoint: when states are saved, to resume or to branch from. */
#ifndef RW_CONFIG_SECTIONS_CHECKPOINT_SECTION_H
#define RW_CONFIG_SECTIONS_CHECKPOINT_SECTION_H

#include "config/key_table.h"

extern const rw_key_table rw_checkpoint_table;

#endif
