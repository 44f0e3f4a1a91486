/* The scale of coloured cells. */
#ifndef RW_STUDY_REPORT_COLOUR_BAR_H
#define RW_STUDY_REPORT_COLOUR_BAR_H

#include "study/report/palette.h"
#include <stdbool.h>
#include <stdio.h>

/* The colour of u in 0 .. 1, or in -1 .. 1 of differences. */
rw_rgb rw_colour_of(double u, bool diverging);

/* A bar of the colours from one number to another, with both below it. */
void rw_colour_bar_print(FILE *out, double from, double to, bool diverging, double x, double y, double width);

#endif
