/* Figures over two parameters: coloured cells. */
#ifndef RW_STUDY_REPORT_FIGURE_MAP_H
#define RW_STUDY_REPORT_FIGURE_MAP_H

#include "study/report/figure.h"
#include <stdio.h>

/* The inside of a figure that is a map over two parameters. */
void rw_figure_print_map(const rw_figure *figure, FILE *out);

/* The height of such a figure. */
int rw_figure_map_height(const rw_figure *figure);

#endif
