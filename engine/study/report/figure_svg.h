/* Figures as SVG: small, vector, without a script. In the page, classes use the page's colours; a file contains its
 * own. */
#ifndef RW_STUDY_REPORT_FIGURE_SVG_H
#define RW_STUDY_REPORT_FIGURE_SVG_H

#include "study/report/figure.h"
#include <stdio.h>

/* The height of a figure in these units. */
int rw_figure_height(const rw_figure *figure);

/* Draws a figure as SVG. standalone: with its own colours, as a file; otherwise with those of the page. Failures stay
 * in the stream's error flag. */
void rw_figure_print_svg(const rw_figure *figure, bool standalone, FILE *out);

#endif
