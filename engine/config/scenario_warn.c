#include "config/scenario_warn.h"

#include <stdio.h>
#include <string.h>

rw_err rw_scenario_warn(rw_scenario *scenario, const char *format, ...) {
    char text[1024];
    const char **longer = NULL;
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    size_t n = 0;
    for (; scenario->warnings != NULL && scenario->warnings[n] != NULL; n++) {
        if (strcmp(scenario->warnings[n], text) == 0)
            return RW_OK;
    }
    RW_TRY(RW_ARENA_NEW(scenario->arena, longer, n + 2));
    for (size_t k = 0; k < n; k++)
        longer[k] = scenario->warnings[k];
    RW_TRY(rw_arena_string(scenario->arena, &longer[n], text));
    scenario->warnings = longer;
    return RW_OK;
}
