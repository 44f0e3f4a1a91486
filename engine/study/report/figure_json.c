#include "study/report/figure_json.h"

#include <math.h>
#include <stdio.h>

#include "config/number.h"

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
