#include "study/report/figure_marks.h"

#include <math.h>

#include "study/report/figure_text.h"

void rw_figure_print_class(FILE *out, const char *shape, const rw_trace *trace) {
    if (trace->colour == RW_DASHED)
        (void)fputs(" class='z'", out);
    else if (trace->colour == RW_HAIR)
        (void)fputs(" class='h'", out);
    else if (trace->colour >= RW_ORDERED)
        (void)fprintf(out, " class='s%d %s%s'", trace->colour - RW_ORDERED, shape, trace->dashed ? " d" : "");
    else
        (void)fprintf(out, " class='c%d %s%s'", trace->colour % RW_PALETTE_COLOURS, shape, trace->dashed ? " d" : "");
}

static void print_band(FILE *out, const rw_trace *trace, const rw_figure_scale *x, const rw_figure_scale *y) {
    char join = 'M';
    (void)fputs("<path", out);
    rw_figure_print_class(out, "f", trace);
    (void)fputs(" d='", out);
    for (size_t i = 0; i < 2 * trace->n; i++) {
        size_t k = i < trace->n ? i : 2 * trace->n - 1 - i;
        double value = i < trace->n ? trace->low[k] : trace->high[k];
        if (!rw_figure_is_shown(y, value) || !rw_figure_is_shown(x, trace->x[k]))
            continue;
        (void)fprintf(out, "%c%.1f %.1f", join, rw_figure_pixel(x, trace->x[k]), rw_figure_pixel(y, value));
        join = 'L';
    }
    (void)fputs("Z'/>", out);
}

static void print_line(FILE *out, const rw_trace *trace, const rw_figure_scale *x, const rw_figure_scale *y) {
    bool down = false;
    if (trace->low != NULL)
        print_band(out, trace, x, y);
    (void)fputs("<path", out);
    rw_figure_print_class(out, "l", trace);
    (void)fputs(" d='", out);
    for (size_t i = 0; i < trace->n; i++) {
        if (!rw_figure_is_shown(x, trace->x[i]) || !rw_figure_is_shown(y, trace->y[i])) {
            down = false;
            continue;
        }
        double px = rw_figure_pixel(x, trace->x[i]), py = rw_figure_pixel(y, trace->y[i]);
        if (down && trace->kind == RW_MARK_STEPS)
            (void)fprintf(out, "H%.1fV%.1f", px, py);
        else
            (void)fprintf(out, "%c%.1f %.1f", down ? 'L' : 'M', px, py);
        down = true;
    }
    (void)fputs("'/>", out);
}

static void print_dots(FILE *out, const rw_trace *trace, const rw_figure_scale *x, const rw_figure_scale *y) {
    const double size = trace->n > 2000 ? 0.6 : trace->n > 300 ? 1.0 : 2.4;
    (void)fputs("<path", out);
    rw_figure_print_class(out, "o", trace);
    (void)fprintf(out, " style='stroke-width:%.1f;stroke-linecap:round' d='", 2.0 * size);
    for (size_t i = 0; i < trace->n; i++)
        if (rw_figure_is_shown(x, trace->x[i]) && rw_figure_is_shown(y, trace->y[i]))
            (void)fprintf(out, "M%.1f %.1fh0", rw_figure_pixel(x, trace->x[i]), rw_figure_pixel(y, trace->y[i]));
    (void)fputs("'/>", out);
}

static void print_intervals(FILE *out, const rw_figure *figure, const rw_trace *trace, const rw_figure_scale *x,
                            const rw_figure_scale *y) {
    const bool sideways = figure->y.names != NULL;
    for (size_t i = 0; i < trace->n; i++) {
        if (!rw_figure_is_shown(x, trace->x[i]) || !rw_figure_is_shown(y, trace->y[i]))
            continue;
        double px = rw_figure_pixel(x, trace->x[i]), py = rw_figure_pixel(y, trace->y[i]);
        (void)fputs("<g", out);
        rw_figure_print_class(out, "i", trace);
        (void)fputc('>', out);
        if (isfinite(trace->low[i]) && isfinite(trace->high[i])) {
            if (sideways)
                (void)fprintf(out, "<path class='w' d='M%.1f %.1fH%.1f' stroke-width='1.8'/>",
                              rw_figure_pixel(x, trace->low[i]), py, rw_figure_pixel(x, trace->high[i]));
            else
                (void)fprintf(out, "<path class='w' d='M%.1f %.1fV%.1f' stroke-width='1.8'/>", px,
                              rw_figure_pixel(y, trace->low[i]), rw_figure_pixel(y, trace->high[i]));
        }
        (void)fprintf(out, "<circle cx='%.1f' cy='%.1f' r='3.4'/><title>", px, py);
        rw_print_escaped(out, trace->label);
        (void)fprintf(out, ": %.4g [%.4g, %.4g]</title></g>", sideways ? trace->x[i] : trace->y[i], trace->low[i],
                      trace->high[i]);
    }
}

void rw_figure_print_trace(FILE *out, const rw_figure *figure, const rw_trace *trace, const rw_figure_scale *x,
                           const rw_figure_scale *y) {
    if (trace->kind == RW_MARK_DOTS)
        print_dots(out, trace, x, y);
    else if (trace->kind == RW_MARK_INTERVAL)
        print_intervals(out, figure, trace, x, y);
    else
        print_line(out, trace, x, y);
}
