#include "study/report/figure_frames.h"

#include <math.h>
#include <string.h>

#include "base/count.h"
#include "study/report/colour_bar.h"
#include "study/report/figure_text.h"

static double largest(const double *values, size_t n) {
    double most = 0.0;
    for (size_t i = 0; i < n; i++)
        most = isfinite(values[i]) ? fmax(most, fabs(values[i])) : most;
    return most > 0.0 ? most : 1.0;
}

/* One square of cells; equal neighbours are one rectangle. */
static void print_matrix(FILE *out, const double *values, size_t n, double most, bool diverging, double x, double y,
                         double side) {
    const double cell = side / (double)n;
    (void)fputs("<g shape-rendering='crispEdges'>", out);
    for (size_t row = 0; row < n; row++)
        for (size_t column = 0, end; column < n; column = end) {
            double value = values[row * n + column];
            for (end = column + 1; end < n && values[row * n + end] == value; end++)
                ;
            if (!isfinite(value))
                continue;
            rw_rgb c = rw_colour_of(value / most, diverging);
            (void)fprintf(out, "<path fill='#%02x%02x%02x' d='M%.2f %.2fh%.2fv%.2fh-%.2fz'/>", c.red, c.green, c.blue,
                          x + cell * (double)column, y + cell * (double)row, cell * (double)(end - column) + 0.15,
                          cell + 0.15, cell * (double)(end - column) + 0.15);
        }
    (void)fputs("</g>", out);
}

/* Lines between populations. */
static void print_borders(FILE *out, const rw_frames *frames, double x, double y, double side) {
    (void)fputs("<path stroke='#fff' stroke-width='.8' stroke-opacity='.75' fill='none' d='", out);
    for (size_t p = 0; p + 1 < frames->n_populations; p++) {
        double at = side * (double)frames->ends[p] / (double)frames->n;
        (void)fprintf(out, "M%.1f %.1fv%.1fM%.1f %.1fh%.1f", x + at, y, side, x, y + at, side);
    }
    (void)fputs("'/>", out);
}

/* The populations along the left side, as far as their names fit. */
static void print_names(FILE *out, const rw_frames *frames, double x, double y, double side) {
    for (size_t p = 0; p < frames->n_populations; p++) {
        double from = p > 0 ? (double)frames->ends[p - 1] : 0.0, to = (double)frames->ends[p];
        if (side * (to - from) / (double)frames->n < 8.0)
            continue;
        (void)fprintf(out, "<text style='font-size:9px' x='%.1f' y='%.1f' text-anchor='end'>", x - 3.0,
                      y + side * 0.5 * (from + to) / (double)frames->n + 3.0);
        for (size_t c = 0; c < 8 && frames->populations[p][c] != '\0'; c++) /* as many as fit */
            rw_print_escaped(out, (char[]){frames->populations[p][c], '\0'});
        (void)fputs("</text>", out);
    }
}

static void print_caption(FILE *out, double x, double y, const char *text) {
    (void)fprintf(out, "<text class='b' x='%.0f' y='%.0f'>", x, y);
    rw_print_escaped(out, text);
    (void)fputs("</text>", out);
}

static double side_of(const rw_frames *frames) {
    return frames->n_frames > 1 ? 134.0 : 200.0;
}

int rw_figure_frames_height(const rw_figure *figure) {
    return (int)side_of(&figure->frames) + 104;
}

/* The first and the last frame and their difference, side by side; a single frame alone. */
void rw_figure_print_frames(const rw_figure *figure, FILE *out) {
    const rw_frames *frames = &figure->frames;
    const size_t n = frames->n, cells = n * n;
    const double *first = frames->values, *last = frames->values + (frames->n_frames - 1) * cells;
    const double most = largest(frames->values, frames->n_frames * cells);
    const double left = 44.0, top = 40.0, side = side_of(frames), gap = 145.0;
    print_matrix(out, first, n, most, false, left, top, side);
    print_borders(out, frames, left, top, side);
    print_names(out, frames, left, top, side);
    print_caption(out, left, 30, frames->labels[0]);
    if (frames->n_frames > 1) {
        double difference[128 * 128];
        size_t fit = cells <= RW_COUNT(difference) ? cells : 0;
        for (size_t i = 0; i < fit; i++)
            difference[i] = last[i] - first[i];
        const double change = largest(difference, fit), right = left + 2.0 * gap;
        print_matrix(out, last, n, most, false, left + gap, top, side);
        print_borders(out, frames, left + gap, top, side);
        print_caption(out, left + gap, 30, frames->labels[frames->n_frames - 1]);
        print_caption(out, right, 30, "difference");
        if (fit > 0)
            print_matrix(out, difference, n, change, true, right, top, side);
        rw_colour_bar_print(out, -change, change, true, right, top + side + 10.0, side);
    }
    rw_colour_bar_print(out, 0.0, most, false, left, top + side + 10.0,
                        frames->n_frames > 1 ? side + gap - 11.0 : side);
    (void)fprintf(out, "<text x='%.0f' y='%.0f'>rows: ", left, top + side + 54.0);
    rw_print_escaped(out, figure->y.label);
    (void)fputs(", columns: ", out);
    rw_print_escaped(out, figure->x.label);
    (void)fputs("</text>", out);
}
