/* The data of figures as CSV. */
#ifndef RW_STUDY_REPORT_FIGURE_CSV_H
#define RW_STUDY_REPORT_FIGURE_CSV_H

#include "study/report/figure.h"
#include <stdio.h>

/* The figure's data: trace, x, y, low, high; or frame, row, column, value; or row, column, value. */
void rw_figure_print_csv(const rw_figure *figure, FILE *out);

#endif
