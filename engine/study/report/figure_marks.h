/* The marks of a figure: lines with bands, steps, dots, intervals. */
#ifndef RW_STUDY_REPORT_FIGURE_MARKS_H
#define RW_STUDY_REPORT_FIGURE_MARKS_H

#include "study/report/figure_axes.h"

/* The class attribute of a trace: its colour and the kind of shape. */
void rw_figure_print_class(FILE *out, const char *shape, const rw_trace *trace);

/* A trace of the figure on its scales. */
void rw_figure_print_trace(FILE *out, const rw_figure *figure, const rw_trace *trace, const rw_figure_scale *x,
                           const rw_figure_scale *y);

#endif
