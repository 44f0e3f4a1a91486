#include "graph/measured_values.h"

#include <math.h>
#include <stdio.h>

#include "base/memory.h"

rw_err rw_values_declare_of(rw_values *values, rw_series series, const char *const *parts, size_t n_parts,
                            const char *unit) {
    const rw_series_entry *entry = rw_series_get(series);
    RW_TRY(RW_GROW(values->list, values->n, values->n + 1, "measures"));
    rw_measured *added = &values->list[values->n++];
    *added = (rw_measured){.unit = unit != NULL ? unit : entry->unit, .description = entry->description, .value = NAN};
    (void)snprintf(added->name, sizeof added->name, "%.191s", rw_series_name_with(series, parts, n_parts).text);
    return RW_OK;
}

rw_err rw_values_declare(rw_values *values, rw_series series) {
    return rw_values_declare_of(values, series, NULL, 0, NULL);
}

void rw_values_give(rw_values *values, double value) {
    RW_ASSERT(values->next < values->n);
    values->list[values->next++].value = value;
}
