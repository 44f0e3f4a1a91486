/* Figures of the connectivity over time. */
#ifndef RW_STUDY_REPORT_FIGURE_FRAMES_H
#define RW_STUDY_REPORT_FIGURE_FRAMES_H

#include "study/report/figure.h"
#include <stdio.h>

/* The inside of a figure that is a matrix over time. */
void rw_figure_print_frames(const rw_figure *figure, FILE *out);

/* The height of such a figure. */
int rw_figure_frames_height(const rw_figure *figure);

#endif
