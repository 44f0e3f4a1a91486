#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/memory.h"
#include "graph/census.h"

rw_err rw_values_declare(rw_values *values, const char *unit, const char *description, const char *name, ...) {
    va_list arguments;
    RW_TRY(RW_GROW(values->list, values->n, values->n + 1, "measures"));
    rw_measured *added = &values->list[values->n++];
    *added = (rw_measured){.unit = unit, .description = description, .value = NAN};
    va_start(arguments, name);
    (void)vsnprintf(added->name, sizeof added->name, name, arguments);
    va_end(arguments);
    return RW_OK;
}

void rw_values_give(rw_values *values, double value) {
    RW_ASSERT(values->next < values->n);
    values->list[values->next++].value = value;
}
