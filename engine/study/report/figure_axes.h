/* The axes of a figure: scales, ticks, labels. */
#ifndef RW_STUDY_REPORT_FIGURE_AXES_H
#define RW_STUDY_REPORT_FIGURE_AXES_H

#include "study/report/figure.h"
#include <stdio.h>

/* Where the right end of every plot lies, and the width of a letter of an axis label, px. */
enum { RW_FIGURE_RIGHT = 456 };
#define RW_FIGURE_LETTER 6.4

/* Position of the axes: names take space at the left, and one row each. */
typedef struct {
    int left, top, bottom, height;
} rw_figure_box;

/* A range of numbers on a range of pixels. */
typedef struct {
    double min, max, from, to;
    bool logarithmic;
} rw_figure_scale;

/* The range of an axis: as given, or that of the data with a margin. */
rw_figure_scale rw_figure_scale_of(const rw_figure *figure, bool is_x, double from, double to);

/* The pixel of a value. */
double rw_figure_pixel(const rw_figure_scale *scale, double value);

/* Whether a value has one. */
bool rw_figure_is_shown(const rw_figure_scale *scale, double value);

/* Grid lines with their numbers or names. */
void rw_figure_print_ticks(FILE *out, const rw_figure_box *box, const rw_axis *axis, const rw_figure_scale *scale,
                           bool is_x);

/* A label too long for the height of the box is drawn narrower. */
void rw_figure_print_axis_label(FILE *out, const rw_figure_box *box, const rw_axis *axis, bool is_x);

#endif
