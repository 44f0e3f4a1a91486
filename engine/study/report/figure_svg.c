#include "study/report/figure_svg.h"

#include <string.h>

#include "study/report/figure_axes.h"
#include "study/report/figure_frames.h"
#include "study/report/figure_map.h"
#include "study/report/figure_marks.h"
#include "study/report/figure_text.h"
#include "study/report/palette.h"

enum { WIDTH = RW_FIGURE_WIDTH, LEFT = 66, LINE = 15 };

/* Whether a trace has an entry of its own: not without a label, nor with that of the trace before it. */
static bool is_listed(const rw_figure *figure, size_t t) {
    const char *label = figure->traces[t].label;
    return label[0] != '\0' && (t == 0 || strcmp(label, figure->traces[t - 1].label) != 0);
}

static double entry_width(const rw_trace *trace) {
    return 28.0 + 6.0 * (double)strlen(trace->label);
}

/* Lines that the legend takes. */
static int legend_lines(const rw_figure *figure, int left) {
    double x = left;
    int lines = 0;
    for (size_t t = 0; t < figure->n_traces; t++) {
        if (!is_listed(figure, t))
            continue;
        if (lines == 0 || x + entry_width(&figure->traces[t]) > WIDTH) {
            x = left;
            lines++;
        }
        x += entry_width(&figure->traces[t]);
    }
    return lines;
}

/* Height of a row that has a name. */
static int row_height(size_t n_names) {
    return n_names <= 4 ? 44 : n_names <= 8 ? 30 : 20;
}

/* Room under the axes for rows of counts and their title. */
static int counts_height(const rw_figure *figure) {
    return figure->counts.rows > 0 ? LINE * ((int)figure->counts.rows + 1) + 4 : 0;
}

/* Space at the left for the longest name of a row. */
static int counts_left(const rw_figure *figure) {
    size_t longest = 0;
    for (size_t r = 0; r < figure->counts.rows; r++)
        longest = strlen(figure->counts.names[r]) > longest ? strlen(figure->counts.names[r]) : longest;
    const int left = 20 + (int)(RW_FIGURE_LETTER * (double)longest);
    return left < LEFT ? LEFT : left < 160 ? left : 160;
}

static rw_figure_box box_of(const rw_figure *figure) {
    size_t longest = 0;
    for (size_t i = 0; figure->y.names != NULL && i < figure->y.n_names; i++)
        longest = strlen(figure->y.names[i]) > longest ? strlen(figure->y.names[i]) : longest;
    if (longest == 0) {
        const int side = counts_left(figure), top = 12 + LINE * legend_lines(figure, side);
        return (rw_figure_box){side, top, top + 224, top + 268 + counts_height(figure)};
    }
    int left = 16 + (int)(RW_FIGURE_LETTER * (double)longest);
    left = left < 300 ? left : 300;
    int top = 12 + LINE * legend_lines(figure, left),
        bottom = top + 8 + row_height(figure->y.n_names) * (int)figure->y.n_names;
    return (rw_figure_box){left, top, bottom, bottom + 44};
}

/* Of an SVG file, beside the colours of its traces. */
static const char style[] =
    "text{font:11px 'Helvetica Neue',Helvetica,Arial,sans-serif;fill:#222}.b{font-size:12px}.g{stroke:#e4e4e4}"
    ".a{stroke:#555}.l{fill:none;stroke-width:1.6;stroke-linejoin:round}.f{fill-opacity:.18;stroke:none}"
    ".z{stroke:#777;stroke-dasharray:4 3;fill:none}.h{stroke:#777;stroke-width:.7;stroke-opacity:.5;fill:none}"
    ".d{stroke-dasharray:5 3}";

static void print_legend(FILE *out, const rw_figure *figure, int left) {
    double x = left;
    int y = LINE - 2;
    for (size_t t = 0; t < figure->n_traces; t++) {
        const rw_trace *trace = &figure->traces[t];
        if (!is_listed(figure, t))
            continue;
        if (x > left && x + entry_width(trace) > WIDTH) {
            x = left;
            y += LINE;
        }
        (void)fputs("<path", out);
        rw_figure_print_class(out, "l", trace);
        (void)fprintf(out, " d='M%.0f %dh14'/><text x='%.0f' y='%d'>", x, y - 4, x + 18.0, y);
        rw_print_escaped(out, trace->label);
        (void)fputs("</text>", out);
        x += entry_width(trace);
    }
}

static void print_counts(FILE *out, const rw_figure *figure, const rw_figure_box *b, const rw_figure_scale *x) {
    const rw_counts *counts = &figure->counts;
    int y = b->bottom + 34 + LINE + 2;
    if (counts->rows == 0)
        return;
    (void)fprintf(out, "<text x='%d' y='%d' text-anchor='end'>", b->left - 14, y);
    rw_print_escaped(out, counts->title);
    (void)fputs("</text>", out);
    for (size_t r = 0; r < counts->rows; r++) {
        y += LINE;
        (void)fprintf(out, "<text x='%d' y='%d' text-anchor='end'>", b->left - 14, y);
        rw_print_escaped(out, counts->names[r]);
        (void)fputs("</text>", out);
        for (size_t c = 0; c < counts->columns; c++)
            (void)fprintf(out, "<text x='%.1f' y='%d' text-anchor='middle'>%.0f</text>",
                          rw_figure_pixel(x, counts->x[c]), y, counts->values[r * counts->columns + c]);
    }
}

static void print_plot(FILE *out, const rw_figure *figure, const rw_figure_box *b) {
    const rw_figure_scale x = rw_figure_scale_of(figure, true, b->left, RW_FIGURE_RIGHT);
    const rw_figure_scale y = rw_figure_scale_of(figure, false, b->bottom, b->top);
    rw_figure_print_ticks(out, b, &figure->x, &x, true);
    rw_figure_print_ticks(out, b, &figure->y, &y, false);
    (void)fprintf(out, "<path class='a' fill='none' d='M%d %dV%dH%d'/>", b->left, b->top, b->bottom, RW_FIGURE_RIGHT);
    for (size_t t = 0; t < figure->n_traces; t++)
        rw_figure_print_trace(out, figure, &figure->traces[t], &x, &y);
    rw_figure_print_axis_label(out, b, &figure->x, true);
    if (figure->y.names == NULL)
        rw_figure_print_axis_label(out, b, &figure->y, false);
    print_counts(out, figure, b, &x);
    print_legend(out, figure, b->left);
}

int rw_figure_height(const rw_figure *figure) {
    return figure->frames.n > 0   ? rw_figure_frames_height(figure)
           : figure->map.rows > 0 ? rw_figure_map_height(figure)
                                  : box_of(figure).height;
}

void rw_figure_print_svg(const rw_figure *figure, bool standalone, FILE *out) {
    const rw_figure_box b = box_of(figure);
    const int height = rw_figure_height(figure);
    (void)fprintf(out, "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' role='img'", WIDTH, height);
    if (standalone)
        (void)fprintf(out, " width='%d' height='%d'", WIDTH, height);
    (void)fputs("><title>", out);
    rw_print_escaped(out, figure->title);
    (void)fputs("</title>", out);
    if (standalone) { /* .l after the colours: lines are not filled */
        (void)fputs("<style>", out);
        rw_palette_print_classes(out);
        (void)fprintf(out, "%s</style><rect width='%d' height='%d' fill='#fff'/>", style, WIDTH, height);
    }
    if (figure->frames.n > 0)
        rw_figure_print_frames(figure, out);
    else if (figure->map.rows > 0)
        rw_figure_print_map(figure, out);
    else
        print_plot(out, figure, &b);
    (void)fputs("</svg>\n", out);
}
