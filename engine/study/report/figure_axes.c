#include "study/report/figure_axes.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "study/report/figure_text.h"

double rw_figure_pixel(const rw_figure_scale *scale, double value) {
    double u = scale->logarithmic ? (log(value) - log(scale->min)) / (log(scale->max) - log(scale->min))
                                  : (value - scale->min) / (scale->max - scale->min);
    return scale->from + u * (scale->to - scale->from);
}

bool rw_figure_is_shown(const rw_figure_scale *scale, double value) {
    return isfinite(value) && (!scale->logarithmic || value > 0.0);
}

static void widen(const rw_axis *axis, const double *values, size_t n, rw_figure_scale *scale) {
    for (size_t i = 0; values != NULL && i < n; i++)
        if (isfinite(values[i]) && (!axis->logarithmic || values[i] > 0.0)) {
            scale->min = fmin(scale->min, values[i]);
            scale->max = fmax(scale->max, values[i]);
        }
}

/* The range of an axis: as given, or that of the data with a margin. */
rw_figure_scale rw_figure_scale_of(const rw_figure *figure, bool is_x, double from, double to) {
    const rw_axis *axis = is_x ? &figure->x : &figure->y;
    const bool sideways = figure->y.names != NULL; /* intervals lie along x */
    rw_figure_scale scale = {.min = DBL_MAX, .max = -DBL_MAX, .from = from, .to = to, .logarithmic = axis->logarithmic};
    for (size_t t = 0; t < figure->n_traces; t++) {
        const rw_trace *trace = &figure->traces[t];
        widen(axis, is_x ? trace->x : trace->y, trace->n, &scale);
        if (is_x == sideways) {
            widen(axis, trace->low, trace->n, &scale);
            widen(axis, trace->high, trace->n, &scale);
        }
    }
    if (axis->names != NULL) {
        scale.min = -0.6;
        scale.max = (double)axis->n_names - 0.4;
    } else if (axis->max > axis->min) {
        scale.min = axis->min;
        scale.max = axis->max;
    } else if (!(scale.max >= scale.min)) {
        scale.min = axis->logarithmic ? 1.0 : 0.0;
        scale.max = axis->logarithmic ? 10.0 : 1.0;
    } else if (axis->logarithmic) {
        scale.min /= is_x ? 1.0 : 1.3;
        scale.max *= scale.max > scale.min ? (is_x ? 1.0 : 1.3) : 10.0;
    } else {
        const bool wide = is_x && figure->n_traces > 0 && figure->traces[figure->n_traces - 1].kind != RW_MARK_INTERVAL;
        double air = scale.max > scale.min ? 0.06 * (scale.max - scale.min) : fmax(fabs(scale.max) * 0.1, 0.5);
        bool from_zero = scale.min >= 0.0 && scale.min < 0.5 * scale.max && !is_x;
        scale.min = from_zero ? 0.0 : wide && scale.max > scale.min && !sideways ? scale.min : scale.min - air;
        scale.max += wide && scale.max > scale.min && !sideways ? 0.0 : air;
    }
    return scale;
}

/* 1, 2 or 5 times a power of ten that gives about `wanted` ticks. */
static double tick_step(double span, double wanted) {
    double raw = span / wanted, power = pow(10.0, floor(log10(raw))), times = raw / power;
    return power * (times < 1.5 ? 1.0 : times < 3.5 ? 2.0 : times < 7.5 ? 5.0 : 10.0);
}

static void print_tick(FILE *out, const rw_figure_box *b, const rw_figure_scale *scale, bool is_x, double value,
                       const char *label) {
    double p = rw_figure_pixel(scale, value);
    if (is_x)
        (void)fprintf(out, "<path class='g' d='M%.1f %dV%d'/><text x='%.1f' y='%d' text-anchor='middle'>", p, b->top,
                      b->bottom, p, b->bottom + 15);
    else
        (void)fprintf(out, "<path class='g' d='M%d %.1fH%d'/><text x='%d' y='%.1f' text-anchor='end'", b->left, p,
                      (int)RW_FIGURE_RIGHT, b->left - 6, p + 4.0);
    if (!is_x && RW_FIGURE_LETTER * (double)strlen(label) > b->left - 8) /* narrower letters for what does not fit */
        (void)fprintf(out, " textLength='%d' lengthAdjust='spacingAndGlyphs'", b->left - 10);
    if (!is_x)
        (void)fputc('>', out);
    rw_print_escaped(out, label);
    (void)fputs("</text>", out);
}

/* One tick of a logarithmic axis, if it lies on it. */
static void print_log_tick(FILE *out, const rw_figure_box *b, const rw_figure_scale *scale, bool is_x, double value) {
    char label[32];
    if (value < scale->min * 0.999 || value > scale->max * 1.001)
        return;
    (void)snprintf(label, sizeof label, "%.6g", value);
    print_tick(out, b, scale, is_x, value, label);
}

void rw_figure_print_ticks(FILE *out, const rw_figure_box *b, const rw_axis *axis, const rw_figure_scale *scale,
                           bool is_x) {
    char label[32];
    if (axis->names != NULL) {
        for (size_t i = 0; i < axis->n_names; i++)
            print_tick(out, b, scale, is_x, (double)i, axis->names[i]);
        return;
    }
    if (axis->logarithmic) {
        bool decades = log10(scale->max / scale->min) > 1.5;
        const int first = (int)floor(log10(scale->min)), last = (int)floor(log10(scale->max) + 1e-9);
        for (int exponent = first; exponent <= last; exponent++)
            for (int times = 1; times < 10; times += decades ? 9 : times == 1 ? 1 : 3) /* 1, 2, 5 */
                print_log_tick(out, b, scale, is_x, times * pow(10.0, exponent));
        return;
    }
    /* labels along x must not run into each other */
    const double room =
        fabs(scale->to - scale->from) / (6.2 * snprintf(label, sizeof label, "%.6g", scale->max) + 18.0);
    double wanted = is_x ? fmin(6.0, room) : 5.0, step = tick_step(scale->max - scale->min, wanted);
    while (is_x && (scale->max - scale->min) / step > room)
        step = tick_step(scale->max - scale->min, wanted *= 0.7);
    const int first = (int)ceil(scale->min / step - 1e-9), last = (int)floor(scale->max / step + 1e-9);
    for (int k = first; k <= last; k++) {
        (void)snprintf(label, sizeof label, "%.6g", k * step);
        print_tick(out, b, scale, is_x, k * step, label);
    }
}

/* A label too long for the height of the box is drawn narrower. */
void rw_figure_print_axis_label(FILE *out, const rw_figure_box *b, const rw_axis *axis, bool is_x) {
    const int height = b->bottom - b->top, middle = (b->top + b->bottom) / 2;
    const double letters = (double)(strlen(axis->label) + (axis->unit != NULL ? strlen(axis->unit) : 0)) + 3.0;
    if (is_x)
        (void)fprintf(out, "<text class='b' x='%d' y='%d' text-anchor='middle'>", (b->left + RW_FIGURE_RIGHT) / 2,
                      b->bottom + 34);
    else if (RW_FIGURE_LETTER * letters <= height)
        (void)fprintf(out, "<text class='b' x='12' y='%d' text-anchor='middle' transform='rotate(-90 12 %d)'>", middle,
                      middle);
    else
        (void)fprintf(out,
                      "<text class='b' x='12' y='%d' text-anchor='middle' transform='rotate(-90 12 %d)' "
                      "textLength='%d' lengthAdjust='spacingAndGlyphs'>",
                      middle, middle, height);
    rw_figure_print_label(axis, out);
    (void)fputs("</text>", out);
}
