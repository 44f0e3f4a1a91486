#include "config/mark_text.h"

#include <stdio.h>

rw_mark_text rw_mark_text_of(const char *kind, const char *name, rw_mark mark) {
    rw_mark_text mark_text;
    if (mark.file != NULL)
        (void)snprintf(mark_text.text, sizeof mark_text.text, "%s:%u:%u: %s '%s'", mark.file, mark.line, mark.column,
                       kind, name);
    else
        (void)snprintf(mark_text.text, sizeof mark_text.text, "%s '%s'", kind, name);
    return mark_text;
}
