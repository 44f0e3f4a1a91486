/* The parts that drawing a figure is shared out to. */
#ifndef RW_STUDY_REPORT_FIGURE_PARTS_H
#define RW_STUDY_REPORT_FIGURE_PARTS_H

#include "study/report/figure.h"

/* "rate (Hz)" */
void rw_figure_print_label(const rw_axis *axis, FILE *out);

/* The inside of a figure that is a matrix over time. */
void rw_figure_print_frames(const rw_figure *figure, FILE *out);

/* The height of such a figure. */
int rw_figure_frames_height(const rw_figure *figure);

/* The inside of a figure that is a map over two parameters. */
void rw_figure_print_map(const rw_figure *figure, FILE *out);

/* The height of such a figure. */
int rw_figure_map_height(const rw_figure *figure);

#endif
