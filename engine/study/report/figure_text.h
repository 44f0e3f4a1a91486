/* Text in figures and pages. */
#ifndef RW_STUDY_REPORT_FIGURE_TEXT_H
#define RW_STUDY_REPORT_FIGURE_TEXT_H

#include "study/report/figure.h"
#include <stdio.h>

/* Prints text with the signs that HTML and SVG keep for themselves replaced. */
void rw_print_escaped(FILE *out, const char *text);

/* What stands at an axis, in figures and on the page: "rate (Hz)". */
rw_path rw_axis_text(const rw_axis *axis);

/* Prints that text, escaped. */
void rw_figure_print_label(const rw_axis *axis, FILE *out);

#endif
