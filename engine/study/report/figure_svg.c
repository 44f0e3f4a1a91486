/* Figures as SVG: small, vector, without a script. In the page, classes take its colours; a file brings its own. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "study/report/figure_parts.h"

enum { WIDTH = RW_FIGURE_WIDTH, RIGHT = 456, LEFT = 66, LINE = 15 };

/* Width of a letter of an axis label, px. */
#define LETTER 6.4

/* Where the axes stand: names need room at the left, and a row each. */
typedef struct {
    int left, top, bottom, height;
} box;

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

static box box_of(const rw_figure *figure) {
    size_t longest = 0;
    for (size_t i = 0; figure->y.names != NULL && i < figure->y.n_names; i++)
        longest = strlen(figure->y.names[i]) > longest ? strlen(figure->y.names[i]) : longest;
    if (longest == 0) {
        int top = 12 + LINE * legend_lines(figure, LEFT);
        return (box){LEFT, top, top + 224, top + 268};
    }
    int left = 16 + (int)(LETTER * (double)longest);
    left = left < 300 ? left : 300;
    int top = 12 + LINE * legend_lines(figure, left),
        bottom = top + 8 + row_height(figure->y.n_names) * (int)figure->y.n_names;
    return (box){left, top, bottom, bottom + 44};
}

/* Okabe & Ito's palette without yellow, which vanishes on white. */
static const char style[] =
    "text{font:11px 'Helvetica Neue',Helvetica,Arial,sans-serif;fill:#222}.b{font-size:12px}.g{stroke:#e4e4e4}"
    ".a{stroke:#555}.l{fill:none;stroke-width:1.6;stroke-linejoin:round}.f{fill-opacity:.18;stroke:none}"
    ".c0{stroke:#0072b2;fill:#0072b2}.c1{stroke:#d55e00;fill:#d55e00}.c2{stroke:#009e73;fill:#009e73}"
    ".c3{stroke:#cc79a7;fill:#cc79a7}.c4{stroke:#56b4e9;fill:#56b4e9}.c5{stroke:#e69f00;fill:#e69f00}"
    ".c6{stroke:#555;fill:#555}"
    /* inferno (Smith & van der Walt), its middle part */
    ".s0{stroke:#f98e09;fill:#f98e09}.s1{stroke:#ed6925;fill:#ed6925}.s2{stroke:#d44842;fill:#d44842}"
    ".s3{stroke:#ae305c;fill:#ae305c}.s4{stroke:#7f1e6c;fill:#7f1e6c}.s5{stroke:#560f6d;fill:#560f6d}"
    ".s6{stroke:#210c4a;fill:#210c4a}.z{stroke:#777;stroke-dasharray:4 "
    "3;fill:none}.h{stroke:#777;stroke-width:.7;stroke-opacity:.5;fill:none}.d{stroke-dasharray:5 "
    "3}.l{fill:none}";

enum { N_COLOURS = 7 };

/* A span of numbers on a span of pixels. */
typedef struct {
    double min, max, from, to;
    bool logarithmic;
} scale;

static double at(const scale *it, double value) {
    double u = it->logarithmic ? (log(value) - log(it->min)) / (log(it->max) - log(it->min))
                               : (value - it->min) / (it->max - it->min);
    return it->from + u * (it->to - it->from);
}

static bool shown(const scale *it, double value) {
    return isfinite(value) && (!it->logarithmic || value > 0.0);
}

static void widen(const rw_axis *axis, const double *values, size_t n, scale *it) {
    for (size_t i = 0; values != NULL && i < n; i++)
        if (isfinite(values[i]) && (!axis->logarithmic || values[i] > 0.0)) {
            it->min = fmin(it->min, values[i]);
            it->max = fmax(it->max, values[i]);
        }
}

/* The span of an axis: as said, or what the data need with a little air. */
static scale make_scale(const rw_figure *figure, bool is_x, double from, double to) {
    const rw_axis *axis = is_x ? &figure->x : &figure->y;
    const bool sideways = figure->y.names != NULL; /* intervals lie along x */
    scale it = {.min = DBL_MAX, .max = -DBL_MAX, .from = from, .to = to, .logarithmic = axis->logarithmic};
    for (size_t t = 0; t < figure->n_traces; t++) {
        const rw_trace *trace = &figure->traces[t];
        widen(axis, is_x ? trace->x : trace->y, trace->n, &it);
        if (is_x == sideways) {
            widen(axis, trace->low, trace->n, &it);
            widen(axis, trace->high, trace->n, &it);
        }
    }
    if (axis->names != NULL) {
        it.min = -0.6;
        it.max = (double)axis->n_names - 0.4;
    } else if (axis->max > axis->min) {
        it.min = axis->min;
        it.max = axis->max;
    } else if (!(it.max >= it.min)) {
        it.min = axis->logarithmic ? 1.0 : 0.0;
        it.max = axis->logarithmic ? 10.0 : 1.0;
    } else if (axis->logarithmic) {
        it.min /= is_x ? 1.0 : 1.3;
        it.max *= it.max > it.min ? (is_x ? 1.0 : 1.3) : 10.0;
    } else {
        const bool wide = is_x && figure->n_traces > 0 && figure->traces[figure->n_traces - 1].kind != RW_MARK_INTERVAL;
        double air = it.max > it.min ? 0.06 * (it.max - it.min) : fmax(fabs(it.max) * 0.1, 0.5);
        bool from_zero = it.min >= 0.0 && it.min < 0.5 * it.max && !is_x;
        it.min = from_zero ? 0.0 : wide && it.max > it.min && !sideways ? it.min : it.min - air;
        it.max += wide && it.max > it.min && !sideways ? 0.0 : air;
    }
    return it;
}

/* ---- axes ---- */

/* 1, 2 or 5 times a power of ten that gives about `wanted` ticks. */
static double tick_step(double span, double wanted) {
    double raw = span / wanted, power = pow(10.0, floor(log10(raw))), times = raw / power;
    return power * (times < 1.5 ? 1.0 : times < 3.5 ? 2.0 : times < 7.5 ? 5.0 : 10.0);
}

static void print_tick(FILE *out, const box *b, const scale *it, bool is_x, double value, const char *label) {
    double p = at(it, value);
    if (is_x)
        (void)fprintf(out, "<path class='g' d='M%.1f %dV%d'/><text x='%.1f' y='%d' text-anchor='middle'>", p, b->top,
                      b->bottom, p, b->bottom + 15);
    else
        (void)fprintf(out, "<path class='g' d='M%d %.1fH%d'/><text x='%d' y='%.1f' text-anchor='end'", b->left, p,
                      (int)RIGHT, b->left - 6, p + 4.0);
    if (!is_x && LETTER * (double)strlen(label) > b->left - 8) /* narrower letters for what has no room */
        (void)fprintf(out, " textLength='%d' lengthAdjust='spacingAndGlyphs'", b->left - 10);
    if (!is_x)
        (void)fputc('>', out);
    rw_print_escaped(out, label);
    (void)fputs("</text>", out);
}

/* One tick of a logarithmic axis, if it lies on it. */
static void print_log_tick(FILE *out, const box *b, const scale *it, bool is_x, double value) {
    char label[32];
    if (value < it->min * 0.999 || value > it->max * 1.001)
        return;
    (void)snprintf(label, sizeof label, "%.6g", value);
    print_tick(out, b, it, is_x, value, label);
}

static void print_ticks(FILE *out, const box *b, const rw_axis *axis, const scale *it, bool is_x) {
    char label[32];
    if (axis->names != NULL) {
        for (size_t i = 0; i < axis->n_names; i++)
            print_tick(out, b, it, is_x, (double)i, axis->names[i]);
        return;
    }
    if (axis->logarithmic) {
        bool decades = log10(it->max / it->min) > 1.5;
        const int first = (int)floor(log10(it->min)), last = (int)floor(log10(it->max) + 1e-9);
        for (int exponent = first; exponent <= last; exponent++)
            for (int times = 1; times < 10; times += decades ? 9 : times == 1 ? 1 : 3) /* 1, 2, 5 */
                print_log_tick(out, b, it, is_x, times * pow(10.0, exponent));
        return;
    }
    /* labels along x must not run into each other */
    const double room = fabs(it->to - it->from) / (6.2 * snprintf(label, sizeof label, "%.6g", it->max) + 18.0);
    double wanted = is_x ? fmin(6.0, room) : 5.0, step = tick_step(it->max - it->min, wanted);
    while (is_x && (it->max - it->min) / step > room)
        step = tick_step(it->max - it->min, wanted *= 0.7);
    const int first = (int)ceil(it->min / step - 1e-9), last = (int)floor(it->max / step + 1e-9);
    for (int k = first; k <= last; k++) {
        (void)snprintf(label, sizeof label, "%.6g", k * step);
        print_tick(out, b, it, is_x, k * step, label);
    }
}

/* UDUNITS writes micro as u; people read \u00b5. */
static void print_unit(FILE *out, const char *unit) {
    bool micro = strcmp(unit, "um") == 0 || strncmp(unit, "umol", 4) == 0;
    rw_print_escaped(out, micro ? "\u00b5" : "");
    rw_print_escaped(out, micro ? unit + 1 : unit);
}

void rw_figure_print_label(const rw_axis *axis, FILE *out) {
    bool has_unit = axis->unit != NULL && axis->unit[0] != '\0' && strcmp(axis->unit, "1") != 0;
    rw_print_escaped(out, axis->label);
    if (has_unit) {
        (void)fputs(" (", out);
        print_unit(out, axis->unit);
        (void)fputc(')', out);
    }
}

/* A label too long for the height of the box is drawn narrower. */
static void print_axis_label(FILE *out, const box *b, const rw_axis *axis, bool is_x) {
    const int height = b->bottom - b->top, middle = (b->top + b->bottom) / 2;
    const double letters = (double)(strlen(axis->label) + (axis->unit != NULL ? strlen(axis->unit) : 0)) + 3.0;
    if (is_x)
        (void)fprintf(out, "<text class='b' x='%d' y='%d' text-anchor='middle'>", (b->left + RIGHT) / 2,
                      b->bottom + 34);
    else if (LETTER * letters <= height)
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

/* ---- marks ---- */

static void print_class(FILE *out, const char *shape, const rw_trace *trace) {
    if (trace->colour == RW_DASHED)
        (void)fputs(" class='z'", out);
    else if (trace->colour == RW_HAIR)
        (void)fputs(" class='h'", out);
    else if (trace->colour >= RW_ORDERED)
        (void)fprintf(out, " class='s%d %s%s'", trace->colour - RW_ORDERED, shape, trace->dashed ? " d" : "");
    else
        (void)fprintf(out, " class='c%d %s%s'", trace->colour % N_COLOURS, shape, trace->dashed ? " d" : "");
}

static void print_band(FILE *out, const rw_trace *trace, const scale *x, const scale *y) {
    char join = 'M';
    (void)fputs("<path", out);
    print_class(out, "f", trace);
    (void)fputs(" d='", out);
    for (size_t i = 0; i < 2 * trace->n; i++) {
        size_t k = i < trace->n ? i : 2 * trace->n - 1 - i;
        double value = i < trace->n ? trace->low[k] : trace->high[k];
        if (!shown(y, value) || !shown(x, trace->x[k]))
            continue;
        (void)fprintf(out, "%c%.1f %.1f", join, at(x, trace->x[k]), at(y, value));
        join = 'L';
    }
    (void)fputs("Z'/>", out);
}

static void print_line(FILE *out, const rw_trace *trace, const scale *x, const scale *y) {
    bool down = false;
    if (trace->low != NULL)
        print_band(out, trace, x, y);
    (void)fputs("<path", out);
    print_class(out, "l", trace);
    (void)fputs(" d='", out);
    for (size_t i = 0; i < trace->n; i++) {
        if (!shown(x, trace->x[i]) || !shown(y, trace->y[i])) {
            down = false;
            continue;
        }
        double px = at(x, trace->x[i]), py = at(y, trace->y[i]);
        if (down && trace->kind == RW_MARK_STEPS)
            (void)fprintf(out, "H%.1fV%.1f", px, py);
        else
            (void)fprintf(out, "%c%.1f %.1f", down ? 'L' : 'M', px, py);
        down = true;
    }
    (void)fputs("'/>", out);
}

static void print_dots(FILE *out, const rw_trace *trace, const scale *x, const scale *y) {
    const double size = trace->n > 2000 ? 0.6 : trace->n > 300 ? 1.0 : 2.4;
    (void)fputs("<path", out);
    print_class(out, "o", trace);
    (void)fprintf(out, " style='stroke-width:%.1f;stroke-linecap:round' d='", 2.0 * size);
    for (size_t i = 0; i < trace->n; i++)
        if (shown(x, trace->x[i]) && shown(y, trace->y[i]))
            (void)fprintf(out, "M%.1f %.1fh0", at(x, trace->x[i]), at(y, trace->y[i]));
    (void)fputs("'/>", out);
}

static void print_intervals(FILE *out, const rw_figure *figure, const rw_trace *trace, const scale *x, const scale *y) {
    const bool sideways = figure->y.names != NULL;
    for (size_t i = 0; i < trace->n; i++) {
        if (!shown(x, trace->x[i]) || !shown(y, trace->y[i]))
            continue;
        double px = at(x, trace->x[i]), py = at(y, trace->y[i]);
        (void)fputs("<g", out);
        print_class(out, "i", trace);
        (void)fputc('>', out);
        if (isfinite(trace->low[i]) && isfinite(trace->high[i])) {
            if (sideways)
                (void)fprintf(out, "<path class='w' d='M%.1f %.1fH%.1f' stroke-width='1.8'/>", at(x, trace->low[i]), py,
                              at(x, trace->high[i]));
            else
                (void)fprintf(out, "<path class='w' d='M%.1f %.1fV%.1f' stroke-width='1.8'/>", px, at(y, trace->low[i]),
                              at(y, trace->high[i]));
        }
        (void)fprintf(out, "<circle cx='%.1f' cy='%.1f' r='3.4'/><title>", px, py);
        rw_print_escaped(out, trace->label);
        (void)fprintf(out, ": %.4g [%.4g, %.4g]</title></g>", sideways ? trace->x[i] : trace->y[i], trace->low[i],
                      trace->high[i]);
    }
}

/* ---- legend ---- */

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
        print_class(out, "l", trace);
        (void)fprintf(out, " d='M%.0f %dh14'/><text x='%.0f' y='%d'>", x, y - 4, x + 18.0, y);
        rw_print_escaped(out, trace->label);
        (void)fputs("</text>", out);
        x += entry_width(trace);
    }
}

/* ---- all of it ---- */

static void print_plot(FILE *out, const rw_figure *figure, const box *b) {
    const scale x = make_scale(figure, true, b->left, RIGHT);
    const scale y = make_scale(figure, false, b->bottom, b->top);
    print_ticks(out, b, &figure->x, &x, true);
    print_ticks(out, b, &figure->y, &y, false);
    (void)fprintf(out, "<path class='a' fill='none' d='M%d %dV%dH%d'/>", b->left, b->top, b->bottom, RIGHT);
    for (size_t t = 0; t < figure->n_traces; t++) {
        const rw_trace *trace = &figure->traces[t];
        if (trace->kind == RW_MARK_DOTS)
            print_dots(out, trace, &x, &y);
        else if (trace->kind == RW_MARK_INTERVAL)
            print_intervals(out, figure, trace, &x, &y);
        else
            print_line(out, trace, &x, &y);
    }
    print_axis_label(out, b, &figure->x, true);
    if (figure->y.names == NULL)
        print_axis_label(out, b, &figure->y, false);
    print_legend(out, figure, b->left);
}

int rw_figure_height(const rw_figure *figure) {
    return figure->frames.n > 0   ? rw_figure_frames_height(figure)
           : figure->map.rows > 0 ? rw_figure_map_height(figure)
                                  : box_of(figure).height;
}

void rw_figure_print_svg(const rw_figure *figure, bool standalone, FILE *out) {
    const box b = box_of(figure);
    const int height = rw_figure_height(figure);
    (void)fprintf(out, "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' role='img'", WIDTH, height);
    if (standalone)
        (void)fprintf(out, " width='%d' height='%d'", WIDTH, height);
    (void)fputs("><title>", out);
    rw_print_escaped(out, figure->title);
    (void)fputs("</title>", out);
    if (standalone)
        (void)fprintf(out, "<style>%s</style><rect width='%d' height='%d' fill='#fff'/>", style, WIDTH, height);
    if (figure->frames.n > 0)
        rw_figure_print_frames(figure, out);
    else if (figure->map.rows > 0)
        rw_figure_print_map(figure, out);
    else
        print_plot(out, figure, &b);
    (void)fputs("</svg>\n", out);
}
