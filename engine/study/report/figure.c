#include "study/report/figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

void rw_print_escaped(FILE *out, const char *text) {
    for (; *text != '\0'; text++)
        switch (*text) {
        case '&':
            (void)fputs("&amp;", out);
            break;
        case '<':
            (void)fputs("&lt;", out);
            break;
        case '>':
            (void)fputs("&gt;", out);
            break;
        case '"':
            (void)fputs("&quot;", out);
            break;
        default:
            (void)fputc(*text, out);
        }
}

int rw_figure_ordered(size_t place, size_t n) {
    return RW_ORDERED + (n > 1 ? (int)((2 * place * (RW_ORDERED_COLOURS - 1) + n - 1) / (2 * (n - 1))) : 0);
}

/* ---- CSV ---- */

static void print_cell(FILE *out, double value) {
    char text[RW_NUMBER_SIZE];
    (void)fputs(isfinite(value) ? rw_number_print(text, value) : "nan", out);
}

static void print_name(FILE *out, const char *name) {
    (void)fputc('"', out);
    for (; *name != '\0'; name++)
        (void)fputs(*name == '"' ? "\"\"" : (char[]){*name, '\0'}, out);
    (void)fputc('"', out);
}

static void print_frames_csv(const rw_frames *frames, FILE *out) {
    (void)fputs("frame,row,column,value\n", out);
    for (size_t f = 0; f < frames->n_frames; f++)
        for (size_t i = 0; i < frames->n * frames->n; i++) {
            print_name(out, frames->labels[f]);
            (void)fprintf(out, ",%zu,%zu,", i / frames->n, i % frames->n);
            print_cell(out, frames->values[f * frames->n * frames->n + i]);
            (void)fputc('\n', out);
        }
}

static void print_map_csv(const rw_figure *figure, FILE *out) {
    const rw_map *map = &figure->map;
    print_name(out, figure->y.label);
    (void)fputc(',', out);
    print_name(out, figure->x.label);
    (void)fputs(",value\n", out);
    for (size_t i = 0; i < map->rows * map->columns; i++) {
        print_name(out, map->row_names[i / map->columns]);
        (void)fputc(',', out);
        print_name(out, map->column_names[i % map->columns]);
        (void)fputc(',', out);
        print_cell(out, map->values[i]);
        (void)fputc('\n', out);
    }
}

void rw_figure_print_csv(const rw_figure *figure, FILE *out) {
    if (figure->frames.n > 0) {
        print_frames_csv(&figure->frames, out);
        return;
    }
    if (figure->map.rows > 0) {
        print_map_csv(figure, out);
        return;
    }
    (void)fprintf(out, "trace,x,y,low,high\n");
    for (size_t t = 0; t < figure->n_traces; t++) {
        const rw_trace *trace = &figure->traces[t];
        for (size_t i = 0; i < trace->n; i++) {
            print_name(out, trace->label);
            const double *const columns[] = {trace->x, trace->y, trace->low, trace->high};
            for (size_t c = 0; c < 4; c++) {
                (void)fputc(',', out);
                if (columns[c] != NULL)
                    print_cell(out, columns[c][i]);
            }
            (void)fputc('\n', out);
        }
    }
}

/* ---- axes ---- */

rw_axis rw_axis_of_time(double until_ms, double scale, double *units_per_ms) {
    static const struct {
        const char *name;
        double ms;
    } units[] = {{"ms", 1.0}, {"s", 1e3}, {"min", 6e4}, {"h", 3.6e6}, {"d", 8.64e7}};
    size_t i = 0;
    while (i + 1 < sizeof units / sizeof units[0] && scale * until_ms >= 2.0 * units[i + 1].ms)
        i++;
    *units_per_ms = scale / units[i].ms;
    return (rw_axis){.label = scale != 1.0 ? "biological time" : "time", .unit = units[i].name};
}

/* ---- JSON ---- */

static void numbers(rw_json *json, const char *key, const double *values, size_t n) {
    if (values == NULL)
        return;
    /* one line of numbers with six digits, which is more than a screen shows */
    rw_json_open_array(json, key);
    for (size_t i = 0; i < n; i++) {
        char text[32];
        double value = values[i];
        (void)snprintf(text, sizeof text, "%.6g", value);
        if (isfinite(value) && rw_number_parse(text, &value) == NULL)
            value = values[i];
        rw_json_number(json, NULL, value);
    }
    rw_json_close_array(json);
}

static void axis(rw_json *json, const char *key, const rw_axis *it) {
    rw_json_open_object(json, key);
    rw_json_text(json, "label", it->label);
    rw_json_text(json, "unit", it->unit);
    rw_json_truth(json, "log", it->logarithmic);
    if (it->max > it->min) {
        rw_json_number(json, "min", it->min);
        rw_json_number(json, "max", it->max);
    }
    rw_json_close_object(json);
}

void rw_figure_print_json(const rw_figure *figure, rw_json *json) {
    static const char *const kinds[] = {"line", "steps", "dots", "interval"};
    const rw_frames *frames = &figure->frames;
    rw_json_open_object(json, NULL);
    rw_json_text(json, "id", figure->id);
    axis(json, "x", &figure->x);
    axis(json, "y", &figure->y);
    rw_json_open_array(json, "traces");
    for (size_t t = 0; t < figure->n_traces; t++) {
        const rw_trace *trace = &figure->traces[t];
        rw_json_open_object(json, NULL);
        rw_json_text(json, "label", trace->label);
        rw_json_text(json, "kind", kinds[trace->kind]);
        rw_json_number(json, "colour", trace->colour);
        rw_json_truth(json, "dashed", trace->dashed || trace->colour == RW_DASHED);
        numbers(json, "x", trace->x, trace->n);
        numbers(json, "y", trace->y, trace->n);
        numbers(json, "low", trace->low, trace->n);
        numbers(json, "high", trace->high, trace->n);
        rw_json_close_object(json);
    }
    rw_json_close_array(json);
    if (frames->n > 0) {
        rw_json_open_object(json, "frames");
        rw_json_integer(json, "n", frames->n);
        rw_json_open_array(json, "populations");
        for (size_t p = 0; p < frames->n_populations; p++)
            rw_json_text(json, NULL, frames->populations[p]);
        rw_json_close_array(json);
        rw_json_open_array(json, "ends");
        for (size_t p = 0; p < frames->n_populations; p++)
            rw_json_integer(json, NULL, frames->ends[p]);
        rw_json_close_array(json);
        rw_json_open_array(json, "labels");
        for (size_t f = 0; f < frames->n_frames; f++)
            rw_json_text(json, NULL, frames->labels[f]);
        rw_json_close_array(json);
        numbers(json, "values", frames->values, frames->n_frames * frames->n * frames->n);
        rw_json_close_object(json);
    }
    rw_json_close_object(json);
}
