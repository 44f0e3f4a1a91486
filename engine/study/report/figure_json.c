#include "study/report/figure_json.h"

#include <math.h>
#include <stdio.h>

#include "config/number.h"
#include "study/report/figure_text.h"

static void write_numbers(rw_json *json, const char *key, const double *values, size_t n) {
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

static void write_axis(rw_json *json, const char *key, const rw_axis *axis) {
    rw_json_open_object(json, key);
    rw_json_text(json, "text", rw_axis_text(axis).text);
    rw_json_truth(json, "time", axis->is_time);
    rw_json_truth(json, "log", axis->logarithmic);
    if (axis->max > axis->min) {
        rw_json_number(json, "min", axis->min);
        rw_json_number(json, "max", axis->max);
    }
    rw_json_close_object(json);
}

void rw_figure_print_json(const rw_figure *figure, rw_json *json) {
    static const char *const kinds[] = {"line", "steps", "dots", "interval"};
    const rw_frames *frames = &figure->frames;
    rw_json_open_object(json, NULL);
    rw_json_text(json, "id", figure->id);
    write_axis(json, "x", &figure->x);
    write_axis(json, "y", &figure->y);
    rw_json_open_array(json, "traces");
    for (size_t t = 0; t < figure->n_traces; t++) {
        const rw_trace *trace = &figure->traces[t];
        rw_json_open_object(json, NULL);
        rw_json_text(json, "label", trace->label);
        rw_json_text(json, "kind", kinds[trace->kind]);
        rw_json_number(json, "colour", trace->colour);
        rw_json_truth(json, "dashed", trace->dashed || trace->colour == RW_DASHED);
        write_numbers(json, "x", trace->x, trace->n);
        write_numbers(json, "y", trace->y, trace->n);
        write_numbers(json, "low", trace->low, trace->n);
        write_numbers(json, "high", trace->high, trace->n);
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
        write_numbers(json, "values", frames->values, frames->n_frames * frames->n * frames->n);
        rw_json_close_object(json);
    }
    rw_json_close_object(json);
}
