/* Text in figures and pages. */
#ifndef RW_STUDY_REPORT_FIGURE_TEXT_H
#define RW_STUDY_REPORT_FIGURE_TEXT_H

#include "study/report/figure.h"
#include <stdio.h>

/* Prints text with the signs that HTML and SVG keep for themselves replaced. */
void rw_print_escaped(FILE *out, const char *text);

/* The label of an axis with its unit: "rate (Hz)". */
void rw_figure_print_label(const rw_axis *axis, FILE *out);

#endif
