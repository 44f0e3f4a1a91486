#include "study/report/figure_map.h"

#include <math.h>
#include <string.h>

#include "study/report/colour_bar.h"
#include "study/report/figure_text.h"

/* Positions of the cells of a map. */
typedef struct {
    double left, top, width, height, row, column;
} map_layout;

static map_layout layout_of(const rw_map *map) {
    size_t longest = 0;
    for (size_t r = 0; r < map->rows; r++)
        longest = strlen(map->row_names[r]) > longest ? strlen(map->row_names[r]) : longest;
    map_layout layout = {.left = 34.0 + fmin(5.8 * (double)longest, 150.0), .top = 12.0};
    layout.width = RW_FIGURE_WIDTH - 24.0 - layout.left;
    layout.row = fmin(fmax(224.0 / (double)map->rows, 3.0), 44.0);
    layout.height = layout.row * (double)map->rows;
    layout.column = layout.width / (double)map->columns;
    return layout;
}

int rw_figure_map_height(const rw_figure *figure) {
    const map_layout layout = layout_of(&figure->map);
    return (int)(layout.top + layout.height) + 84;
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

/* A cell with its number, if it fits; all details appear when the mouse points at the cell. */
static void print_cell(FILE *out, const rw_figure *figure, const map_layout *at, size_t r, size_t c, double u) {
    const rw_map *map = &figure->map;
    const double value = map->values[r * map->columns + c];
    const double x = at->left + at->column * (double)c, y = at->top + at->row * (double)(map->rows - 1 - r);
    const rw_rgb fill = rw_colour_of(u, false);
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
static void print_map_axes(FILE *out, const rw_map *map, const map_layout *at) {
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
    const map_layout at = layout_of(map);
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
    rw_colour_bar_print(out, min, max, false, at.left, end + 46.0, at.width);
}
