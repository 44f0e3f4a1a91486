/* Figures that are coloured cells: the connectivity over time, and maps over two parameters. */
#include <math.h>
#include <string.h>

#include "study/report/figure_parts.h"

/* ---- colours ---- */

typedef struct {
    unsigned char red, green, blue;
} rgb;

/* Between the colours of a list, u in 0 .. 1. */
static rgb blend(const rgb *list, size_t n, double u) {
    double place = fmin(fmax(u, 0.0), 1.0) * (double)(n - 1);
    size_t i = place >= (double)(n - 1) ? n - 2 : (size_t)place;
    double w = place - (double)i;
    return (rgb){(unsigned char)(list[i].red + w * (list[i + 1].red - list[i].red)),
                 (unsigned char)(list[i].green + w * (list[i + 1].green - list[i].green)),
                 (unsigned char)(list[i].blue + w * (list[i + 1].blue - list[i].blue))};
}

/* viridis (Smith & van der Walt), and blue-white-red for differences. */
static rgb colour_of(double u, bool diverging) {
    static const rgb viridis[] = {{68, 1, 84},    {71, 44, 122}, {59, 81, 139},  {44, 113, 142}, {33, 144, 141},
                                  {39, 173, 129}, {92, 200, 99}, {170, 220, 50}, {253, 231, 37}};
    static const rgb signs[] = {{33, 102, 172}, {146, 197, 222}, {247, 247, 247}, {244, 165, 130}, {178, 24, 43}};
    return diverging ? blend(signs, 5, 0.5 + 0.5 * u) : blend(viridis, 9, u);
}

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
            rgb c = colour_of(value / most, diverging);
            (void)fprintf(out, "<path fill='#%02x%02x%02x' d='M%.2f %.2fh%.2fv%.2fh-%.2fz'/>", c.red, c.green, c.blue,
                          x + cell * (double)column, y + cell * (double)row, cell * (double)(end - column) + 0.15,
                          cell + 0.15, cell * (double)(end - column) + 0.15);
        }
    (void)fputs("</g>", out);
}

/* Colours from one number to another. */
static void print_bar(FILE *out, double from, double to, bool diverging, double x, double y, double width) {
    for (int i = 0; i < 32; i++) {
        double u = (i + 0.5) / 32.0;
        rgb c = colour_of(diverging ? 2.0 * u - 1.0 : u, diverging);
        (void)fprintf(out, "<path fill='#%02x%02x%02x' d='M%.2f %.1fh%.2fv8h-%.2fz'/>", c.red, c.green, c.blue,
                      x + width * i / 32.0, y, width / 32.0 + 0.2, width / 32.0 + 0.2);
    }
    (void)fprintf(out, "<text x='%.1f' y='%.1f'>%.3g</text><text x='%.1f' y='%.1f' text-anchor='end'>%.3g</text>", x,
                  y + 20.0, from, x + width, y + 20.0, to);
}

/* ---- connectivity ---- */

/* Lines between populations. */
static void print_borders(FILE *out, const rw_frames *it, double x, double y, double side) {
    (void)fputs("<path stroke='#fff' stroke-width='.8' stroke-opacity='.75' fill='none' d='", out);
    for (size_t p = 0; p + 1 < it->n_populations; p++) {
        double at = side * (double)it->ends[p] / (double)it->n;
        (void)fprintf(out, "M%.1f %.1fv%.1fM%.1f %.1fh%.1f", x + at, y, side, x, y + at, side);
    }
    (void)fputs("'/>", out);
}

/* The populations along the left side, as far as there is room for their names. */
static void print_names(FILE *out, const rw_frames *it, double x, double y, double side) {
    for (size_t p = 0; p < it->n_populations; p++) {
        double from = p > 0 ? (double)it->ends[p - 1] : 0.0, to = (double)it->ends[p];
        if (side * (to - from) / (double)it->n < 8.0)
            continue;
        (void)fprintf(out, "<text style='font-size:9px' x='%.1f' y='%.1f' text-anchor='end'>", x - 3.0,
                      y + side * 0.5 * (from + to) / (double)it->n + 3.0);
        for (size_t c = 0; c < 8 && it->populations[p][c] != '\0'; c++) /* what has room */
            rw_print_escaped(out, (char[]){it->populations[p][c], '\0'});
        (void)fputs("</text>", out);
    }
}

static void print_caption(FILE *out, double x, double y, const char *text) {
    (void)fprintf(out, "<text class='b' x='%.0f' y='%.0f'>", x, y);
    rw_print_escaped(out, text);
    (void)fputs("</text>", out);
}

static double side_of(const rw_frames *it) {
    return it->n_frames > 1 ? 134.0 : 200.0;
}

int rw_figure_frames_height(const rw_figure *figure) {
    return (int)side_of(&figure->frames) + 104;
}

/* The first and the last frame and their difference, side by side; a single frame alone. */
void rw_figure_print_frames(const rw_figure *figure, FILE *out) {
    const rw_frames *it = &figure->frames;
    const size_t n = it->n, cells = n * n;
    const double *first = it->values, *last = it->values + (it->n_frames - 1) * cells;
    const double most = largest(it->values, it->n_frames * cells);
    const double left = 44.0, top = 40.0, side = side_of(it), gap = 145.0;
    print_matrix(out, first, n, most, false, left, top, side);
    print_borders(out, it, left, top, side);
    print_names(out, it, left, top, side);
    print_caption(out, left, 30, it->labels[0]);
    if (it->n_frames > 1) {
        double difference[128 * 128];
        size_t fit = cells <= sizeof difference / sizeof difference[0] ? cells : 0;
        for (size_t i = 0; i < fit; i++)
            difference[i] = last[i] - first[i];
        const double change = largest(difference, fit), right = left + 2.0 * gap;
        print_matrix(out, last, n, most, false, left + gap, top, side);
        print_borders(out, it, left + gap, top, side);
        print_caption(out, left + gap, 30, it->labels[it->n_frames - 1]);
        print_caption(out, right, 30, "difference");
        if (fit > 0)
            print_matrix(out, difference, n, change, true, right, top, side);
        print_bar(out, -change, change, true, right, top + side + 10.0, side);
    }
    print_bar(out, 0.0, most, false, left, top + side + 10.0, it->n_frames > 1 ? side + gap - 11.0 : side);
    (void)fprintf(out, "<text x='%.0f' y='%.0f'>rows: ", left, top + side + 54.0);
    rw_print_escaped(out, figure->y.label);
    (void)fputs(", columns: ", out);
    rw_print_escaped(out, figure->x.label);
    (void)fputs("</text>", out);
}

/* ---- maps over two parameters ---- */

/* Where the cells of a map stand. */
typedef struct {
    double left, top, width, height, row, column;
} place;

static place place_of(const rw_map *map) {
    size_t longest = 0;
    for (size_t r = 0; r < map->rows; r++)
        longest = strlen(map->row_names[r]) > longest ? strlen(map->row_names[r]) : longest;
    place it = {.left = 34.0 + fmin(5.8 * (double)longest, 150.0), .top = 12.0};
    it.width = RW_FIGURE_WIDTH - 24.0 - it.left;
    it.row = fmin(fmax(224.0 / (double)map->rows, 3.0), 44.0);
    it.height = it.row * (double)map->rows;
    it.column = it.width / (double)map->columns;
    return it;
}

int rw_figure_map_height(const rw_figure *figure) {
    const place it = place_of(&figure->map);
    return (int)(it.top + it.height) + 84;
}

/* The span of the values, for the colours. */
static void span_of(const rw_map *map, double *min, double *max) {
    *min = INFINITY;
    *max = -INFINITY;
    for (size_t i = 0; i < map->rows * map->columns; i++)
        if (isfinite(map->values[i])) {
            *min = fmin(*min, map->values[i]);
            *max = fmax(*max, map->values[i]);
        }
    if (!(*max >= *min))
        *min = *max = 0.0;
}

/* A cell with its number, if there is room for it; the whole story when the mouse rests on it. */
static void print_cell(FILE *out, const rw_figure *figure, const place *at, size_t r, size_t c, double u) {
    const rw_map *map = &figure->map;
    const double value = map->values[r * map->columns + c];
    const double x = at->left + at->column * (double)c, y = at->top + at->row * (double)(map->rows - 1 - r);
    const rgb fill = colour_of(u, false);
    char text[24];
    if (!isfinite(value))
        return;
    (void)snprintf(text, sizeof text, "%.3g", value);
    (void)fprintf(out, "<g><path fill='#%02x%02x%02x' d='M%.2f %.2fh%.2fv%.2fh-%.2fz'/>", fill.red, fill.green,
                  fill.blue, x, y, at->column - 0.6, at->row - 0.6, at->column - 0.6);
    if (at->column > 6.4 * (double)strlen(text) + 4.0 && at->row > 14.0)
        (void)fprintf(out, "<text style='fill:%s' x='%.1f' y='%.1f' text-anchor='middle'>%s</text>",
                      u > 0.55 ? "#111" : "#fff", x + 0.5 * at->column, y + 0.5 * at->row + 4.0, text);
    (void)fputs("<title>", out);
    rw_print_escaped(out, figure->x.label);
    (void)fputs(" ", out);
    rw_print_escaped(out, map->column_names[c]);
    (void)fputs(", ", out);
    rw_print_escaped(out, figure->y.label);
    (void)fputs(" ", out);
    rw_print_escaped(out, map->row_names[r]);
    (void)fprintf(out, ": %.4g</title></g>", value);
}

/* Names that do not run into each other. */
static void print_map_axes(FILE *out, const rw_map *map, const place *at) {
    size_t longest = 1;
    for (size_t c = 0; c < map->columns; c++)
        longest = strlen(map->column_names[c]) > longest ? strlen(map->column_names[c]) : longest;
    const size_t every_column = (size_t)ceil((6.0 * (double)longest + 6.0) / at->column);
    const size_t every_row = (size_t)ceil(12.0 / at->row);
    for (size_t c = 0; c < map->columns; c += every_column) {
        (void)fprintf(out, "<text x='%.1f' y='%.1f' text-anchor='middle'>", at->left + at->column * ((double)c + 0.5),
                      at->top + at->height + 14.0);
        rw_print_escaped(out, map->column_names[c]);
        (void)fputs("</text>", out);
    }
    for (size_t r = 0; r < map->rows; r += every_row) {
        (void)fprintf(out, "<text x='%.1f' y='%.1f' text-anchor='end'>", at->left - 6.0,
                      at->top + at->row * ((double)(map->rows - 1 - r) + 0.5) + 4.0);
        rw_print_escaped(out, map->row_names[r]);
        (void)fputs("</text>", out);
    }
}

void rw_figure_print_map(const rw_figure *figure, FILE *out) {
    const rw_map *map = &figure->map;
    const place at = place_of(map);
    const double middle = at.top + 0.5 * at.height, end = at.top + at.height;
    double min = 0.0, max = 0.0;
    span_of(map, &min, &max);
    for (size_t r = 0; r < map->rows; r++)
        for (size_t c = 0; c < map->columns; c++) {
            double value = map->values[r * map->columns + c];
            print_cell(out, figure, &at, r, c, max > min ? (value - min) / (max - min) : 0.5);
        }
    print_map_axes(out, map, &at);
    (void)fprintf(out, "<text class='b' x='%.0f' y='%.0f' text-anchor='middle'>", at.left + 0.5 * at.width, end + 32.0);
    rw_figure_print_label(&figure->x, out);
    (void)fprintf(out, "</text><text class='b' x='12' y='%.0f' text-anchor='middle' transform='rotate(-90 12 %.0f)'>",
                  middle, middle);
    rw_figure_print_label(&figure->y, out);
    (void)fputs("</text>", out);
    print_bar(out, min, max, false, at.left, end + 46.0, at.width);
}
