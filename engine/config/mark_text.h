/* Where the scenario said something, as text for messages that come after reading. */
#ifndef RW_CONFIG_MARK_TEXT_H
#define RW_CONFIG_MARK_TEXT_H

#include "config/scenario.h"

typedef struct {
    char text[256];
} rw_mark_text;

/* "file:3:5: population 'pyr'" or, without a file, "population 'pyr'". */
rw_mark_text rw_mark_text_of(const char *kind, const char *name, rw_mark mark);

#endif
