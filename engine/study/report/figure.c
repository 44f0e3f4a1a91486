#include "study/report/figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/count.h"
#include "base/memory.h"
#include "config/number.h"

rw_err rw_figures_add(rw_figures *figures, rw_figure figure, rw_figure **added) {
    if (figures->count == figures->capacity) {
        rw_figure *grown = NULL;
        size_t capacity = figures->capacity == 0 ? 32 : 2 * figures->capacity;
        RW_TRY(RW_ARENA_NEW(figures->arena, grown, capacity));
        if (figures->count > 0)
            memcpy(grown, figures->list, figures->count * sizeof *grown);
        figures->list = grown;
        figures->capacity = capacity;
    }
    *added = &figures->list[figures->count++];
    **added = figure;
    return RW_OK;
}

rw_err rw_figure_trace(rw_figures *figures, rw_figure *figure, rw_trace trace) {
    if (figure->n_traces == figure->capacity) {
        rw_trace *grown = NULL;
        size_t capacity = figure->capacity == 0 ? 8 : 2 * figure->capacity;
        RW_TRY(RW_ARENA_NEW(figures->arena, grown, capacity));
        if (figure->n_traces > 0)
            memcpy(grown, figure->traces, figure->n_traces * sizeof *grown);
        figure->traces = grown;
        figure->capacity = capacity;
    }
    RW_TRY(rw_arena_string(figures->arena, &trace.label, trace.label));
    figure->traces[figure->n_traces++] = trace;
    return RW_OK;
}

rw_err rw_figures_text(rw_figures *figures, const char **text, const char *format, ...) {
    char buffer[1024];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(buffer, sizeof buffer, format, arguments);
    va_end(arguments);
    return rw_arena_string(figures->arena, text, buffer);
}

rw_axis rw_axis_of_time(double until_ms, double *units_per_ms) {
    static const struct {
        const char *name;
        double ms;
    } units[] = {{"ms", 1.0}, {"s", 1e3}, {"min", 6e4}, {"h", 3.6e6}, {"d", 8.64e7}};
    size_t i = 0;
    while (i + 1 < RW_COUNT(units) && until_ms >= 2.0 * units[i + 1].ms)
        i++;
    *units_per_ms = 1.0 / units[i].ms;
    return (rw_axis){.label = "time", .unit = units[i].name, .is_time = true};
}
